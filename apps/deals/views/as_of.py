"""How a deal stood judged on a day in the past."""

from __future__ import annotations

from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.common import clock
from apps.common.htmx import is_htmx
from apps.deals.queries.as_of import judgement_as_of
from apps.deals.rule_forms import AsOfForm
from apps.deals.views.detail import deal_or_404, page_context
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def as_of(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The panel alone for htmx; else the deal's page with it."""
    deal = deal_or_404(request, deal_id)
    workspace = cast(WorkspaceRequest, request).workspace
    today = clock.now().astimezone(ZoneInfo(workspace.time_zone)).date()
    form = AsOfForm(request.GET or None, today=today)
    context = {"deal": deal, "as_of_form": form, "is_asked": form.is_bound and form.is_valid()}
    status = 422 if form.is_bound and not form.is_valid() else 200
    if context["is_asked"]:
        context["then"] = judgement_as_of(workspace, deal, form.cleaned_data["day"])
        context["day"] = form.cleaned_data["day"]
    if is_htmx(request):
        # htmx drops the body of an answer that is no success.
        return render(request, "deals/panels/as_of.html", context)
    page = {**page_context(request, deal), **context}
    return render(request, "deals/as_of.html", page, status=status)
