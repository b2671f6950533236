"""Reading strategies, offers and documents."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from apps.contacts.models import Contact
from apps.deals.models import Deal
from apps.offers.models import LetterOfIntent, Offer, OfferDocument, Strategy, StructureTerms
from apps.offers.sealing import open_sealed
from apps.offers.types import DocumentState
from apps.workspaces.models import Workspace


def list_strategies(workspace: Workspace) -> list[Strategy]:
    """Those an offer can be made by, by name."""
    rows = Strategy.objects.in_workspace(workspace).filter(is_active=True)
    return list(rows.order_by("name", "id"))


def get_strategy(workspace: Workspace, key: str) -> Strategy:
    """By its key. Raises Strategy.DoesNotExist."""
    return Strategy.objects.in_workspace(workspace).get(key=key)


def list_structures(workspace: Workspace) -> list[StructureTerms]:
    """The creative ways of buying that are switched on, in the order they were laid."""
    rows = StructureTerms.objects.in_workspace(workspace).filter(is_active=True)
    return list(rows.order_by("id"))


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


def list_intents(workspace: Workspace, deal: Deal, limit: int = 5) -> list[LetterOfIntent]:
    """The deal's newest letters of intent, without the bytes."""
    rows = LetterOfIntent.objects.in_workspace(workspace).filter(deal=deal).defer("body")
    return list(rows.order_by("-id")[:limit])


def get_intent(workspace: Workspace, public_id: UUID) -> LetterOfIntent:
    """With its bytes. Raises LetterOfIntent.DoesNotExist."""
    rows = LetterOfIntent.objects.in_workspace(workspace).select_related("deal__property")
    return rows.get(public_id=public_id)


def pdf_bytes(document: OfferDocument) -> bytes | None:
    """The file; None while there is none. Raises sealing.KeyMissing."""
    if document.state != DocumentState.DONE or document.body is None:
        return None
    stored = bytes(document.body)
    return open_sealed(stored) if document.is_sealed else stored
