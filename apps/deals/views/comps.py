"""Comparable sales of a deal: look, pick, keep, use."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.deals.actions import ValueRefused
from apps.deals.comps.actions import estimate_arv, source_of_estimate, use_arv
from apps.deals.comps.queries import appraise, list_arv_estimates
from apps.deals.comps.shown import confidence_words, spread_bar
from apps.deals.models import ArvEstimate, Deal
from apps.deals.permissions import may_value_deal
from apps.deals.rules import business_day
from apps.deals.sales.queries import count_sales
from apps.deals.views.detail import deal_or_404, page_context, tab_context
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def comps_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """What the sales say now; `sale` in the query are the picked ones. Nothing is stored."""
    return _show(request, deal_or_404(request, deal_id))


@require_POST
@seller_side_required
def keep_estimate(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Keep the estimate; with `use` it becomes the deal's ARV as well."""
    deal = deal_or_404(request, deal_id)
    scoped = cast(WorkspaceRequest, request)
    given: dict[str, Any] = {"workspace": scoped.workspace, "actor": actor_of(request)}
    estimate = estimate_arv(**given, deal=deal, picked=_picked(request), now=now())
    if "use" not in request.POST:
        messages.success(request, "Estimate kept.")
        return _done(request, deal)
    return _use(request, deal, estimate)


@require_POST
@seller_side_required
def use_estimate(request: HttpRequest, deal_id: UUID, estimate_id: UUID) -> HttpResponse:
    """An estimate of the history becomes the deal's ARV."""
    deal = deal_or_404(request, deal_id)
    workspace = cast(WorkspaceRequest, request).workspace
    rows = ArvEstimate.objects.in_workspace(workspace).filter(deal=deal, public_id=estimate_id)
    estimate = rows.first()
    if estimate is None:
        raise Http404
    return _use(request, deal, estimate)


def _use(request: HttpRequest, deal: Deal, estimate: ArvEstimate) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    try:
        use_arv(
            workspace=workspace, actor=actor_of(request), deal=deal, estimate=estimate, now=now()
        )
    except ValueRefused as refusal:
        messages.error(request, str(refusal))
        return _done(request, deal, status=422)
    messages.success(request, "ARV kept. The score follows in a moment.")
    if not is_htmx(request):
        return _done(request, deal)
    # The figures above the panel change too, so the whole tab comes anew.
    fresh = deal_or_404(request, deal.public_id)
    response = render(request, "deals/panels/tab.html", tab_context(request, fresh, "numbers"))
    response["HX-Retarget"] = "#deal-tab"
    response["HX-Trigger"] = "deal-changed"
    return response


def _done(request: HttpRequest, deal: Deal, status: int = 200) -> HttpResponse:
    if not is_htmx(request):
        if status == 200:
            return redirect(f"{reverse('deals:deal_detail', args=[deal.public_id])}?tab=numbers")
        return _show(request, deal, status)
    return _show(request, deal_or_404(request, deal.public_id), status)


def _picked(request: HttpRequest) -> list[UUID] | None:
    """The ticked sales, or None while nobody touched the boxes. Unreadable ids are ignored."""
    given = request.POST if request.method == "POST" else request.GET
    if not given.get("picked"):
        return None
    picked = []
    for text in given.getlist("sale"):
        try:
            picked.append(UUID(text))
        except ValueError:
            continue
    return picked


def _show(request: HttpRequest, deal: Deal, status: int = 200) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    today = business_day(now())
    picked = _picked(request)
    made = appraise(scoped.workspace, deal.property, today, picked)
    estimates = list_arv_estimates(scoped.workspace, deal)
    context = {
        "deal": deal,
        "made": made,
        "value": made.value,
        "bar": spread_bar(made.value),
        "confidence": confidence_words(made.value.confidence),
        "has_sales": bool(made.value.comps) or count_sales(scoped.workspace).count > 0,
        "history": [(one, source_of_estimate(one)) for one in estimates],
        "may_value": may_value_deal(scoped.membership.role),
    }
    if is_htmx(request):
        return render(request, "deals/panels/comps.html", context, status=status)
    return render(
        request, "deals/deal_comps.html", {**page_context(request, deal), **context}, status=status
    )
