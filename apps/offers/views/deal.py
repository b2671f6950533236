"""The offers panel of a deal, and its two buttons."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.common.htmx import is_htmx, with_event
from apps.deals.models import Deal
from apps.deals.queries import get_deal
from apps.offers import actions
from apps.offers.errors import OfferRefused
from apps.offers.forms import MakeOfferForm
from apps.offers.permissions import may_make_offer, may_withdraw_offer
from apps.offers.pricing import price_deal
from apps.offers.queries import (
    get_offer,
    list_current_documents,
    list_deal_offers,
    list_strategies,
)
from apps.offers.views.cards import card_of
from apps.workspaces.access import actor_of, member_required
from apps.workspaces.middleware import WorkspaceRequest

# The deal's header hears it and asks for its stage and next action again.
OFFERS_CHANGED = "offers-changed"


@require_safe
@member_required
def deal_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    return panel(request, deal_or_404(request, deal_id))


@require_POST
@member_required
def make(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Make an offer, or show the one that stands; the document follows by itself."""
    scoped = cast(WorkspaceRequest, request)
    deal = deal_or_404(request, deal_id)
    if not may_make_offer(scoped.membership.role):
        raise PermissionDenied("Your role may not make offers.")
    form = MakeOfferForm(request.POST, deal=deal, strategies=list_strategies(scoped.workspace))
    if not form.is_valid():
        return panel(request, deal, form=form, status=422)
    try:
        offer = actions.make_offer(
            workspace=scoped.workspace,
            actor=actor_of(request),
            deal=deal,
            seller=form.sellers[form.cleaned_data["seller"]],
            strategy=form.strategies[form.cleaned_data["strategy"]],
            now=now(),
        )
    except OfferRefused as refusal:
        form.add_error(None, str(refusal))
        return panel(request, deal, form=form, status=422)
    messages.success(request, f"Offer of ${offer.amount:,.0f} stands. Its document is on the way.")
    if is_htmx(request):
        return with_event(panel(request, deal), OFFERS_CHANGED)
    return redirect("deals:deal_detail", deal_id)


@require_POST
@member_required
def withdraw(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Take an open offer back."""
    scoped = cast(WorkspaceRequest, request)
    try:
        offer = get_offer(scoped.workspace, offer_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not may_withdraw_offer(scoped.membership.role):
        raise PermissionDenied("Your role may not withdraw offers.")
    try:
        actions.withdraw_offer(
            workspace=scoped.workspace,
            actor=actor_of(request),
            offer=offer,
            reason="withdrawn by hand",
            now=now(),
        )
        messages.success(request, f"Offer {offer.reference} is withdrawn; its link is dead.")
    except OfferRefused as refusal:
        messages.error(request, str(refusal))
    if is_htmx(request) and request.POST.get("from") == "panel":
        return with_event(panel(request, offer.deal), OFFERS_CHANGED)
    return redirect("offers:offer_detail", offer_id)


def deal_or_404(request: HttpRequest, deal_id: UUID) -> Deal:
    try:
        return get_deal(cast(WorkspaceRequest, request).workspace, deal_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def panel(
    request: HttpRequest, deal: Deal, *, form: MakeOfferForm | None = None, status: int = 200
) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    offers = list_deal_offers(scoped.workspace, deal)
    documents = list_current_documents(scoped.workspace, offers)
    strategies = list_strategies(scoped.workspace)
    cards = [card_of(offer, documents[offer.pk], scoped.workspace) for offer in offers]
    context: dict[str, Any] = {
        "deal": deal,
        "cards": cards,
        # One that is open or accepted: another one is then the exception.
        "has_standing": any(card.link for card in cards),
        "form": form or MakeOfferForm(deal=deal, strategies=strategies),
        "quotes": [(strategy, price_deal(deal, strategy)) for strategy in strategies],
        "may_make": may_make_offer(scoped.membership.role),
        "may_withdraw": may_withdraw_offer(scoped.membership.role),
    }
    return render(request, "offers/panels/deal.html", context, status=status)
