"""What every template knows about where it is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.workspaces.permissions import may_configure, may_work_sellers
from apps.workspaces.queries import has_sandbox


def workspace(request: HttpRequest) -> dict[str, Any]:
    current = getattr(request, "workspace", None)
    if current is None:
        return {"workspace": None, "is_sandbox": False, "is_demo": settings.DEMO}
    membership = request.membership  # type: ignore[attr-defined]
    return {
        "workspace": current,
        "membership": membership,
        "memberships": request.memberships,  # type: ignore[attr-defined]
        "may_configure": may_configure(membership.role),
        "may_work_sellers": may_work_sellers(membership.role),
        "is_sandbox": SimpleLazyObject(lambda: has_sandbox(current)),
        "is_demo": settings.DEMO,
    }
