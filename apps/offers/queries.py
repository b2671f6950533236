"""Reading strategies, offers and documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.common.ids import digest
from apps.contacts.models import Contact
from apps.deals.models import Deal
from apps.offers.models import Offer, OfferDocument, Strategy
from apps.offers.rules import Figure, figure
from apps.offers.sealing import open_sealed
from apps.offers.strategies.cash import Quote, quote
from apps.offers.types import DocumentState, OfferState
from apps.workspaces.models import Workspace


def list_strategies(workspace: Workspace) -> list[Strategy]:
    """Those an offer can be made by, by name."""
    rows = Strategy.objects.in_workspace(workspace).filter(is_active=True)
    return list(rows.order_by("name", "id"))


def get_strategy(workspace: Workspace, key: str) -> Strategy:
    """By its key. Raises Strategy.DoesNotExist."""
    return Strategy.objects.in_workspace(workspace).get(key=key)


def offers_of(workspace: Workspace) -> QuerySet[Offer]:
    """All offers of a workspace with what a page shows; newest first."""
    rows = Offer.objects.in_workspace(workspace)
    return rows.select_related("deal__property", "seller", "strategy").order_by("-made_at", "-id")


def get_offer(workspace: Workspace, public_id: UUID) -> Offer:
    """Raises Offer.DoesNotExist, also for another workspace's offer."""
    return offers_of(workspace).get(public_id=public_id)


def list_deal_offers(workspace: Workspace, deal: Deal) -> list[Offer]:
    return list(offers_of(workspace).filter(deal=deal))


def find_offer(
    workspace: Workspace, deal: Deal, seller: Contact, strategy: Strategy, *, for_update: bool
) -> Offer | None:
    """The one offer of a deal to a seller by a strategy."""
    rows = offers_of(workspace).filter(deal=deal, seller=seller, strategy=strategy)
    return (rows.select_for_update(of=("self",)) if for_update else rows).first()


def find_public_offer(token: str, *, now: datetime) -> Offer | None:
    """The offer behind a seller's link: open, or accepted. None for anything else, alike.

    The one look-up without a workspace: the token itself is the key to a single offer.
    """
    rows = Offer.across_workspaces.select_related(
        "workspace", "deal__property", "seller", "strategy"
    )
    offer = rows.filter(token_hash=digest(token)).first()
    if offer is None:
        return None
    is_open = offer.state == OfferState.READY and offer.expires_at > now
    return offer if is_open or offer.state == OfferState.ACCEPTED else None


def list_due_to_expire(*, now: datetime, limit: int = 200) -> list[Offer]:
    """Open offers of all workspaces whose time is over."""
    rows = Offer.across_workspaces.filter(state=OfferState.READY, expires_at__lte=now)
    return list(rows.select_related("workspace").order_by("expires_at", "id")[:limit])


def current_document(offer: Offer) -> OfferDocument:
    """The document of the offer's present revision, with its bytes."""
    rows = OfferDocument.objects.in_workspace(offer.workspace_id)
    return rows.get(offer=offer, revision=offer.revision)


def list_current_documents(workspace: Workspace, offers: list[Offer]) -> dict[int, OfferDocument]:
    """By offer, without the bytes."""
    revisions = {offer.pk: offer.revision for offer in offers}
    rows = OfferDocument.objects.in_workspace(workspace).filter(offer__in=revisions)
    return {
        row.offer_id: row for row in rows.defer("body") if row.revision == revisions[row.offer_id]
    }


def get_job(workspace: Workspace, public_id: UUID) -> OfferDocument:
    """A printing job without the bytes. Raises OfferDocument.DoesNotExist."""
    rows = OfferDocument.objects.in_workspace(workspace).defer("body").select_related("offer")
    return rows.get(public_id=public_id)


def pdf_bytes(document: OfferDocument) -> bytes | None:
    """The file; None while there is none. Raises sealing.KeyMissing."""
    if document.state != DocumentState.DONE or document.body is None:
        return None
    stored = bytes(document.body)
    return open_sealed(stored) if document.is_sealed else stored


def arv_of(deal: Deal) -> Figure:
    metrics = getattr(deal, "metrics", None)
    return figure(
        deal.arv_amount,
        deal.arv_source,
        metrics and metrics.arv,
        metrics and metrics.is_arv_estimate,
    )


def repairs_of(deal: Deal) -> Figure:
    metrics = getattr(deal, "metrics", None)
    return figure(
        deal.repairs_amount,
        deal.repairs_source,
        metrics and metrics.repairs,
        metrics and metrics.is_repairs_estimate,
    )


def price_deal(deal: Deal, strategy: Strategy) -> Quote:
    """What the strategy would pay for the deal now, or why nothing."""
    arv, repairs = arv_of(deal), repairs_of(deal)
    return quote(strategy.terms(), arv_amount=arv.amount, repairs_amount=repairs.amount)


def numbers_of(deal: Deal, strategy: Strategy) -> dict[str, Any]:
    """Every input of a price as it stands now, JSON-safe, with sources."""
    inputs: dict[str, Any] = {"terms": strategy.values()}
    for name, given in (("arv", arv_of(deal)), ("repairs", repairs_of(deal))):
        inputs[name] = {
            "amount": str(given.amount),
            "source": given.source,
            "is_estimate": given.is_estimate,
        }
    return inputs
