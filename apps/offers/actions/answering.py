"""What becomes of an offer: seen, accepted, withdrawn, expired. Exactly one of the last three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.common.locking import lock_rows
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.offers import (
    OfferAccepted as OfferAcceptedFact,
)
from apps.events.catalog.offers import (
    OfferExpired as OfferExpiredFact,
)
from apps.events.catalog.offers import (
    OfferViewed as OfferViewedFact,
)
from apps.events.catalog.offers import (
    OfferWithdrawn as OfferWithdrawnFact,
)
from apps.events.publish import publish
from apps.offers.errors import (
    DocumentNotReady,
    OfferAlreadyAccepted,
    OfferExpired,
    OfferWithdrawn,
)
from apps.offers.models import Offer
from apps.offers.queries import current_document
from apps.offers.sealing import open_sealed
from apps.offers.types import DocumentState, OfferState
from apps.workspaces.models import Workspace


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What the signer typed and was shown, and from where."""

    typed_name: str
    consent_version: str
    consent_text: str
    document_sha256: str
    ip: str
    user_agent: str


@action
def record_view(*, workspace: Workspace, actor: Actor, offer: Offer, now: datetime) -> Offer:
    """Note that the seller opened the offer; only the first time counts."""
    row = _lock(workspace, offer)
    if row.viewed_at is not None or row.state != OfferState.READY:
        unchanged("it was seen before, or is over")
        return row
    row.viewed_at = now
    row.save(update_fields=["viewed_at"])
    fact = OfferViewedFact(
        subject=row.public_id, deal=row.deal.public_id, seller=row.seller.public_id
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def accept_offer(
    *, workspace: Workspace, actor: Actor, offer: Offer, signature: Signature, now: datetime
) -> Offer:
    """Take the seller's signature. Of any number of people at once, one succeeds.

    The file that was signed is kept as evidence. Raises OfferAlreadyAccepted, OfferWithdrawn,
    OfferExpired, or DocumentNotReady when the signer saw another file than the one on record.
    """
    row = _lock(workspace, offer)
    _require_open(row, now)
    document = current_document(row)
    if document.state != DocumentState.DONE:
        raise DocumentNotReady("The document is still being prepared; try again in a minute.")
    if document.sha256 != signature.document_sha256:
        raise DocumentNotReady("The offer was changed since you opened it; read it again.")
    if document.is_sealed:
        # Its link accepts nothing any more. As evidence it must outlive a change of keys.
        document.body, document.is_sealed = open_sealed(bytes(document.body or b"")), False
        document.save(update_fields=["body", "is_sealed"])
    row.state, row.accepted_at = OfferState.ACCEPTED, now
    row.viewed_at = row.viewed_at or now
    row.evidence = {
        **vars(signature),
        "document": str(document.public_id),
        "content_key": document.content_key,
        "accepted_at": now.isoformat(),
    }
    row.save()
    fact = OfferAcceptedFact(
        subject=row.public_id,
        deal=row.deal.public_id,
        seller=row.seller.public_id,
        amount=row.amount,
        evidence=row.evidence,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def withdraw_offer(
    *, workspace: Workspace, actor: Actor, offer: Offer, reason: str, now: datetime
) -> Offer:
    """Take an open offer back; its link dies at once. Raises OfferAlreadyAccepted, OfferExpired."""
    row = _lock(workspace, offer)
    if row.state == OfferState.WITHDRAWN:
        unchanged("it was withdrawn before")
        return row
    _require_open(row, now)
    row.state, row.withdrawn_at = OfferState.WITHDRAWN, now
    row.save(update_fields=["state", "withdrawn_at"])
    fact = OfferWithdrawnFact(
        subject=row.public_id,
        deal=row.deal.public_id,
        seller=row.seller.public_id,
        reason=reason,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def expire_offer(*, workspace: Workspace, actor: Actor, offer: Offer, now: datetime) -> Offer:
    """Close an open offer whose time is over. Repeatable."""
    row = _lock(workspace, offer)
    if row.state != OfferState.READY or row.expires_at > now:
        unchanged("it is not open, or not due")
        return row
    row.state = OfferState.EXPIRED
    row.save(update_fields=["state"])
    fact = OfferExpiredFact(
        subject=row.public_id, deal=row.deal.public_id, seller=row.seller.public_id
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


def _lock(workspace: Workspace, offer: Offer) -> Offer:
    rows = Offer.objects.in_workspace(workspace).filter(pk=offer.pk)
    lock_rows(rows)
    return rows.select_related("deal", "seller", "strategy").get()


def _require_open(offer: Offer, now: datetime) -> None:
    if offer.state == OfferState.ACCEPTED:
        raise OfferAlreadyAccepted("This offer was accepted already.")
    if offer.state == OfferState.WITHDRAWN:
        raise OfferWithdrawn("This offer was withdrawn.")
    if offer.state == OfferState.EXPIRED or offer.expires_at <= now:
        raise OfferExpired("This offer has expired.")
