"""The repair estimator of a deal: reckon as you type, keep when it fits."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.deals import actions
from apps.deals.models import Deal
from apps.deals.permissions import may_value_deal
from apps.deals.queries.repairs import list_repair_estimates, list_repair_items
from apps.deals.repair_forms import RepairsForm
from apps.deals.repairs.estimating import Estimate, EstimateRefused, Pick
from apps.deals.views.detail import deal_or_404
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest

USUAL_CONTINGENCY = 10


@require_safe
@member_required
def repairs(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    deal = deal_or_404(request, deal_id)
    form = _form(request, deal)
    return _page(request, deal, form)


@require_POST
@seller_side_required
def estimate(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """`keep` stores the estimate; anything else only reckons it."""
    deal = deal_or_404(request, deal_id)
    workspace = cast(WorkspaceRequest, request).workspace
    form = _form(request, deal, request.POST)
    if not form.is_valid():
        return _answer(request, deal, form, status=422)
    try:
        if "keep" not in request.POST:
            reckoned = actions.reckon_repairs(workspace, form.quantities(), form.contingency_pct())
            return _answer(request, deal, form, reckoned=reckoned)
        kept = actions.estimate_repairs(
            workspace=workspace,
            actor=actor_of(request),
            deal=deal,
            quantities=form.quantities(),
            contingency_pct=form.contingency_pct(),
            pick=Pick(form.cleaned_data["pick"]),
            now=now(),
        )
    except EstimateRefused as refusal:
        form.add_error(None, str(refusal))
        return _answer(request, deal, form, status=422)
    messages.success(request, f"Repairs of ${kept.picked_amount:,.0f} kept. The score follows.")
    return redirect(f"{reverse('deals:deal_detail', args=[deal_id])}?tab=numbers")


def _form(request: HttpRequest, deal: Deal, data: Any = None) -> RepairsForm:
    workspace = cast(WorkspaceRequest, request).workspace
    initial = {"contingency": USUAL_CONTINGENCY, "pick": Pick.MIDDLE.value}
    return RepairsForm(data, groups=list_repair_items(workspace, deal), initial=initial)


def _answer(
    request: HttpRequest,
    deal: Deal,
    form: RepairsForm,
    reckoned: Estimate | None = None,
    status: int = 200,
) -> HttpResponse:
    """The totals alone for htmx, which reckons while a person types; else the page again."""
    if is_htmx(request):
        context = {"form": form, "reckoned": reckoned}
        return render(request, "deals/panels/repairs_total.html", context, status=status)
    return _page(request, deal, form, reckoned, status)


def _page(
    request: HttpRequest,
    deal: Deal,
    form: RepairsForm,
    reckoned: Estimate | None = None,
    status: int = 200,
) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    context = {
        "deal": deal,
        "form": form,
        "reckoned": reckoned,
        "estimates": list_repair_estimates(scoped.workspace, deal),
        "may_value": may_value_deal(scoped.membership.role),
    }
    return render(request, "deals/repairs.html", context, status=status)
