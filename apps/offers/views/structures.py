"""Every way of buying a deal side by side, the letter that offers them, the seller's loan."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.common.csv_export import csv_response
from apps.common.htmx import is_htmx
from apps.deals.models import Deal
from apps.offers import actions
from apps.offers.comparing import NoSchedule, compare_deal, list_payments
from apps.offers.errors import OfferRefused
from apps.offers.permissions import may_make_offer
from apps.offers.queries import get_intent, list_intents
from apps.offers.views.deal import deal_or_404
from apps.offers.views.files import pdf_response
from apps.workspaces.access import actor_of, member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def structures_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    return _panel(request, deal_or_404(request, deal_id))


@require_POST
@member_required
def make_intent(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """A letter with the chosen ways to buy; the PDF follows by itself."""
    scoped = cast(WorkspaceRequest, request)
    deal = deal_or_404(request, deal_id)
    if not may_make_offer(scoped.membership.role):
        raise PermissionDenied("Your role may not make offers.")
    try:
        actions.write_intent(
            workspace=scoped.workspace,
            actor=actor_of(request),
            deal=deal,
            kinds=request.POST.getlist("kinds"),
            now=now(),
        )
    except OfferRefused as refusal:
        return _panel(request, deal, error=str(refusal), status=422)
    messages.success(request, "The letter of intent is written. Its PDF is on the way.")
    if is_htmx(request):
        return _panel(request, deal)
    return redirect(f"{reverse('deals:deal_detail', args=[deal_id])}?tab=numbers")


@require_safe
@member_required
def intent_document(request: HttpRequest, intent_id: UUID) -> HttpResponse:
    """The PDF. 404 while there is none."""
    try:
        intent = get_intent(cast(WorkspaceRequest, request).workspace, intent_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if intent.body is None:
        raise Http404("The letter is not printed yet.")
    name = f"Letter of intent {intent.deal.property.line}".strip()
    return pdf_response(bytes(intent.body), name, is_download="download" in request.GET)


@require_safe
@member_required
def seller_finance_schedule(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Payment by payment; the balloon stands in the last row."""
    workspace = cast(WorkspaceRequest, request).workspace
    try:
        payments = list_payments(workspace, deal_or_404(request, deal_id))
    except NoSchedule as error:
        raise Http404(str(error)) from error
    rows = ([p.number, p.amount, p.interest, p.principal, p.balance] for p in payments)
    header = ["Payment", "Amount", "Interest", "Principal", "Balance"]
    return csv_response("seller-finance-schedule.csv", header, rows)


def _panel(request: HttpRequest, deal: Deal, error: str = "", status: int = 200) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    intents = list_intents(scoped.workspace, deal)
    context = {
        "deal": deal,
        "comparison": compare_deal(scoped.workspace, deal),
        "intents": intents,
        "is_printing": any(intent.is_open for intent in intents),
        "may_write": may_make_offer(scoped.membership.role) and deal.seller is not None,
        "error": error,
    }
    return render(request, "offers/panels/structures.html", context, status=status)
