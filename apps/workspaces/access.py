"""Guards of views: signed in, member of a workspace, of a sufficient role."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from apps.events.actions import Actor
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.permissions import may_configure, may_work_sellers

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    return Actor.user(request.user)


def member_required(view: View) -> View:
    """Anonymous people go to the sign-in page; users without a workspace get 403."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not hasattr(request, "workspace"):
            raise PermissionDenied("You belong to no workspace yet; ask its owner to add you.")
        return view(request, *args, **kwargs)

    protected = cast(View, login_required(guarded))
    protected.access = "member"  # type: ignore[attr-defined]
    return protected


def role_required(*roles: str) -> Callable[[View], View]:
    """Like member_required, and the member's role must be one of `roles` (403 otherwise)."""
    return _guard(lambda role: role in roles)


def _guard(is_enough: Callable[[str], bool]) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_enough(cast(WorkspaceRequest, request).membership.role):
                raise PermissionDenied("Your role does not allow this.")
            return view(request, *args, **kwargs)

        return member_required(guarded)

    return wrap


seller_side_required = _guard(may_work_sellers)
configurer_required = _guard(may_configure)
