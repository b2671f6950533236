"""Today: what happened, and what to do next."""

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.analytics import queries, rules
from apps.common import clock
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest

HELD_FOR = timedelta(days=7)


@require_GET
@member_required
def today(request: HttpRequest) -> HttpResponse:
    """The first page of the day. `?days=` chooses the period of the figures."""
    workspace = cast(WorkspaceRequest, request).workspace
    now = clock.now()
    days = rules.period_days(request.GET.get("days", ""))
    since, before = rules.window(now, days)
    counts = queries.count_steps(workspace, since=since, until=now)
    earlier = queries.count_steps(workspace, since=before, until=since)
    context = {
        "now": now,
        "time_zone": workspace.time_zone,
        "days": days,
        "periods": rules.PERIODS,
        "tiles": rules.tiles(counts, earlier),
        "steps": rules.funnel_steps(counts),
        "best": queries.list_best(workspace),
        "qualified_count": queries.count_qualified(workspace),
        "has_deals": queries.has_deals(workspace),
        "offers": queries.list_open_offers(workspace, now=now),
        "held": queries.list_held(workspace, since=now - HELD_FOR),
    }
    return render(request, "analytics/today.html", context | _live(request))


@require_GET
@member_required
def live_panel(request: HttpRequest) -> HttpResponse:
    """What moves while one looks: replies waiting and imports running."""
    return render(request, "analytics/panels/live.html", _live(request))


def _live(request: HttpRequest) -> dict[str, Any]:
    workspace = cast(WorkspaceRequest, request).workspace
    return {
        "waiting": queries.list_waiting(workspace, now=clock.now()),
        "imports": queries.list_running_imports(workspace),
    }
