"""Turning the numbers of a deal to see what its rules would say."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.common.htmx import is_htmx
from apps.deals.forms import WhatIfForm
from apps.deals.queries.what_if import try_numbers
from apps.deals.views.detail import deal_or_404, page_context
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def what_if(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The answer alone for htmx while a slider moves; else the deal's page with it."""
    deal = deal_or_404(request, deal_id)
    workspace = cast(WorkspaceRequest, request).workspace
    changes = WhatIfForm(request.GET).changes()
    context = {"deal": deal, "trial": try_numbers(workspace, deal, changes)}
    if is_htmx(request):
        template = "what_if_answer" if request.GET else "what_if"
        return render(request, f"deals/panels/{template}.html", context)
    return render(request, "deals/what_if.html", {**page_context(request, deal), **context})
