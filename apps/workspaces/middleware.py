"""Which workspace a request works in: the one last chosen, else the user's first."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.workspaces.models import Membership, Workspace
from apps.workspaces.permissions import may_configure
from apps.workspaces.queries import list_memberships

SESSION_KEY = "workspace"


class WorkspaceRequest(HttpRequest):
    """A request after the middleware, inside `member_required`."""

    workspace: Workspace
    membership: Membership
    memberships: list[Membership]
    administered_ids: list[int]


class WorkspaceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scoped = cast(WorkspaceRequest, request)
        scoped.memberships = []
        scoped.administered_ids = []
        user = request.user
        if user.is_authenticated:
            scoped.memberships = list_memberships(user)
            scoped.administered_ids = [
                member.workspace.pk for member in scoped.memberships if may_configure(member.role)
            ]
            wanted = request.session.get(SESSION_KEY)
            chosen = next((m for m in scoped.memberships if m.workspace.pk == wanted), None)
            chosen = chosen or next(iter(scoped.memberships), None)
            if chosen is not None:
                scoped.membership = chosen
                scoped.workspace = chosen.workspace
        zone = scoped.workspace.time_zone if hasattr(request, "workspace") else "UTC"
        with timezone.override(zone):
            response = self.get_response(request)
        if user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
