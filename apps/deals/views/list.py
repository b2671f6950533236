"""The table of deals."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.common.htmx import is_htmx
from apps.deals.forms import DealFilterForm
from apps.deals.queries import count_deals, has_unscored, list_deals
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def deal_list(request: HttpRequest) -> HttpResponse:
    """Filters and cursor stand in the URL; htmx gets the table alone."""
    workspace = cast(WorkspaceRequest, request).workspace
    form = DealFilterForm(request.GET, workspace=workspace)
    filters = form.filters()
    cursor = request.GET.get("cursor", "")
    page = list_deals(workspace, filters, cursor=cursor)
    chosen = {key: value for key, value in request.GET.items() if value and key != "cursor"}
    is_narrowed = bool(set(chosen) - {"sort"})
    context = {
        "form": form,
        "page": page,
        "filters": filters,
        "is_narrowed": is_narrowed,
        "is_first": not cursor,
        "count": None if cursor else count_deals(workspace, filters),
        "waits_for_scores": filters.sort == "score" and not cursor and has_unscored(workspace),
        "next_query": urlencode({**chosen, "cursor": page.next_cursor}) if page.next_cursor else "",
        "newest_query": urlencode({**chosen, "sort": "newest"}),
    }
    template = "deals/panels/table.html" if is_htmx(request) else "deals/deal_list.html"
    return render(request, template, context)
