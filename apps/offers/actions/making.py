"""Making an offer: priced once, printed once, however often it is asked for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from apps.common.ids import digest
from apps.contacts.models import Contact
from apps.deals.actions import lock_deal
from apps.deals.models import Deal
from apps.deals.queries import find_score
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.offers import OfferMade
from apps.events.publish import publish
from apps.offers.errors import (
    DealNotQualified,
    OfferNotPriceable,
    SellerUnknown,
    StrategyInactive,
)
from apps.offers.letters import snapshot, write_letter
from apps.offers.models import Offer, OfferDocument, Strategy
from apps.offers.pdf.document import content_key, template_version
from apps.offers.pricing import numbers_of, price_deal
from apps.offers.queries import find_offer
from apps.offers.rules import expiry
from apps.offers.strategies.cash import Quote
from apps.offers.tokens import new_token
from apps.offers.types import OfferState
from apps.workspaces.models import Workspace


@action
def make_offer(
    *,
    workspace: Workspace,
    actor: Actor,
    deal: Deal,
    seller: Contact | None,
    strategy: Strategy,
    now: datetime,
) -> Offer:
    """Offer `strategy`'s price for the deal to `seller` (None: the deal's own seller).

    One offer per deal, seller and strategy: asking again, also from many places at once, gives the
    same offer and document (`unchanged`). A withdrawn or expired one is priced anew. The document
    is queued, not rendered. Raises OfferRefused with a sentence, and Deal.DoesNotExist for another
    workspace's deal.
    """
    # As it stands now, and nobody moves or values it before the price is written down.
    deal = lock_deal(workspace, deal.public_id)
    seller = seller or deal.seller
    if seller is None:
        raise SellerUnknown("This deal has no seller yet; add a contact first.")
    standing = find_offer(workspace, deal, seller, strategy, for_update=True)
    if standing is not None and _stands(standing, now):
        unchanged("the offer stands already")
        return standing
    price, amount = _price(deal, strategy)
    try:
        # A savepoint, so that losing the race leaves a transaction that can still read the winner.
        with transaction.atomic():
            offer = standing or Offer(
                workspace=workspace, deal=deal, seller=seller, strategy=strategy, revision=0
            )
            document = _write(offer, workspace, price, amount, now)
    except IntegrityError:
        winner = find_offer(workspace, deal, seller, strategy, for_update=False)
        if winner is None:
            raise
        unchanged("another request made the offer first")
        return winner
    publish(_fact(offer, document), workspace_id=workspace.pk, actor=actor, now=now)
    return offer


def _stands(offer: Offer, now: datetime) -> bool:
    if offer.state == OfferState.ACCEPTED:
        return True
    return offer.state == OfferState.READY and offer.expires_at > now


def _price(deal: Deal, strategy: Strategy) -> tuple[Quote, Decimal]:
    if not strategy.is_active:
        raise StrategyInactive(f"The strategy “{strategy.name}” is switched off.")
    if deal.status != Deal.Status.OPEN:
        raise DealNotQualified(
            f"This deal is {deal.get_status_display().lower()}; reopen it first."
        )
    score = find_score(deal)
    if score is None:
        raise DealNotQualified("This deal has not been scored yet; try again in a moment.")
    if score.verdict != "qualified":
        raise DealNotQualified(
            f"This deal is not qualified (verdict: {score.verdict}, score {score.score}). "
            "Look at why, mend its numbers or the rules, then make the offer."
        )
    price = price_deal(deal, strategy)
    if price.amount is None:
        raise OfferNotPriceable(price.reason)
    return price, price.amount


def _write(
    offer: Offer, workspace: Workspace, price: Quote, amount: Decimal, now: datetime
) -> OfferDocument:
    strategy = offer.strategy
    offer.revision += 1
    offer.state = OfferState.READY
    offer.amount = amount
    offer.formula, offer.formula_version = price.formula.value, price.version
    offer.strategy_version = strategy.version
    offer.inputs = numbers_of(offer.deal, strategy)
    offer.derivation = [
        {"label": line.label, "expression": line.expression, "amount": str(line.amount)}
        for line in price.lines
    ]
    # Earnest money is part of the price: never more than it, however small the house.
    offer.emd_amount = min(strategy.emd_amount, amount)
    offer.inspection_days = strategy.inspection_days
    offer.closing_days = strategy.closing_days
    offer.token_hash = digest(new_token(offer.public_id, offer.revision))
    offer.made_at = now
    offer.expires_at = expiry(now, valid_days=strategy.valid_days, zone=workspace.time_zone)
    offer.viewed_at = offer.withdrawn_at = None
    offer.save()
    letter = write_letter(offer, workspace)
    return OfferDocument.objects.create(
        workspace=workspace,
        offer=offer,
        revision=offer.revision,
        content_key=content_key(letter),
        template_version=template_version(),
        letter=snapshot(letter),
        available_at=now,
    )


def _fact(offer: Offer, document: OfferDocument) -> OfferMade:
    return OfferMade(
        subject=offer.public_id,
        deal=offer.deal.public_id,
        seller=offer.seller.public_id,
        strategy=offer.strategy.key,
        strategy_version=offer.strategy_version,
        formula=f"{offer.formula}.v{offer.formula_version}",
        amount=offer.amount,
        inputs=offer.inputs,
        expires_at=offer.expires_at,
        document=document.public_id,
    )
