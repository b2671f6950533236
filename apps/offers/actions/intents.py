"""Letters of intent: written once, printed once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from apps.deals.actions import lock_deal
from apps.deals.models import Deal
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.offers import IntentRendered, IntentRenderFailed, IntentWritten
from apps.events.publish import publish
from apps.offers.comparing import compare_deal
from apps.offers.errors import OfferNotPriceable, SellerUnknown
from apps.offers.intents import MOST_OPTIONS, write_intent_letter
from apps.offers.models import LetterOfIntent
from apps.offers.pdf.intent import intent_key, snapshot_intent
from apps.offers.types import DocumentState
from apps.workspaces.models import Workspace


@action
def write_intent(
    *, workspace: Workspace, actor: Actor, deal: Deal, kinds: Sequence[str], now: datetime
) -> LetterOfIntent:
    """A letter to the deal's seller with one to three feasible ways to buy; queued for printing.

    The same letter on the same day is the same row. Raises SellerUnknown or OfferNotPriceable.
    """
    held = lock_deal(workspace, deal.public_id)
    if held.seller is None:
        raise SellerUnknown("This deal has no seller yet; add a contact first.")
    quotes = [quote for quote in compare_deal(workspace, held).quotes if quote.kind in set(kinds)]
    if not 1 <= len(quotes) <= MOST_OPTIONS:
        raise OfferNotPriceable("Choose one to three ways to buy.")
    for quote in quotes:
        if not quote.is_feasible:
            raise OfferNotPriceable(f"{quote.label}: {quote.reasons[0]}")
    letter = write_intent_letter(held, held.seller, quotes, workspace, now)
    key = intent_key(letter)
    rows = LetterOfIntent.objects.in_workspace(workspace)
    if standing := rows.filter(content_key=key).first():
        unchanged("this letter stands already")
        return standing
    row = LetterOfIntent.objects.create(
        workspace=workspace,
        deal=held,
        seller=held.seller,
        kinds=[quote.kind.value for quote in quotes],
        content_key=key,
        letter=snapshot_intent(letter),
        made_at=now,
        available_at=now,
    )
    fact = IntentWritten(
        subject=row.public_id, deal=held.public_id, seller=held.seller.public_id, kinds=row.kinds
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def record_intent(
    *, workspace: Workspace, actor: Actor, intent: LetterOfIntent, pdf: bytes, now: datetime
) -> LetterOfIntent:
    """Store the bytes of a claimed letter. A worker that lost its lease changes nothing."""
    row = _lock(workspace, intent)
    if not row.is_held_as(intent):
        unchanged("another worker has this letter")
        return row
    row.state, row.lease_until, row.error = DocumentState.DONE, None, ""
    row.body, row.sha256, row.byte_count = pdf, sha256(pdf).hexdigest(), len(pdf)
    row.rendered_at = now
    row.save()
    fact = IntentRendered(subject=row.public_id, deal=row.deal.public_id, sha256=row.sha256)
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def record_intent_failure(
    *,
    workspace: Workspace,
    actor: Actor,
    intent: LetterOfIntent,
    error: str,
    is_final: bool,
    now: datetime,
) -> LetterOfIntent:
    """Queue a failed letter again, later each time; give up when told to or after the fifth."""
    row = _lock(workspace, intent)
    if not row.is_held_as(intent):
        unchanged("another worker has this letter")
        return row
    is_final = row.put_back(error, is_final=is_final, now=now)
    fact = IntentRenderFailed(
        subject=row.public_id, deal=row.deal.public_id, error=error, is_final=is_final
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


def _lock(workspace: Workspace, intent: LetterOfIntent) -> LetterOfIntent:
    rows = LetterOfIntent.objects.in_workspace(workspace).select_for_update(of=("self",))
    locked: LetterOfIntent = rows.select_related("deal").get(pk=intent.pk)
    return locked
