"""Facts of a deal's way, as short as tests can say them."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

from apps.events.catalog.channels import MessageAccepted
from apps.events.catalog.contacts import ContactResponded
from apps.events.catalog.deals import DealMoved, DealRemoved
from apps.events.catalog.judging import DealScored
from apps.events.catalog.offers import OfferAccepted

RULES = UUID("11111111-1111-4111-8111-111111111111")


def scored(
    deal: UUID, score: int = 70, *, version: int = 1, coverage: int = 100, rules: UUID = RULES
) -> DealScored:
    return DealScored(
        subject=deal,
        score=score,
        verdict="qualified" if score >= 60 else "review",
        coverage=coverage,
        rule_set=rules,
        rule_set_version=version,
        previous_verdict="",
        from_stage="",
        to_stage="",
    )


def accepted(deal: UUID, purpose: str = "sequence") -> MessageAccepted:
    return MessageAccepted(
        subject=uuid4(),
        contact=uuid4(),
        deal=deal,
        channel="sms",
        purpose=purpose,
        idempotency_key=uuid4().hex,
        provider="sandbox",
        provider_sid="s",
        attempt=1,
    )


def responded(deal: UUID, intent: str = "none") -> ContactResponded:
    return ContactResponded(
        subject=uuid4(), deal=deal, channel="sms", body="hi", intent=intent, message=uuid4()
    )


def moved(deal: UUID, to: str) -> DealMoved:
    return DealMoved(subject=deal, from_stage="offered", to_stage=to, status="open", reason="")


def offer_accepted(deal: UUID) -> OfferAccepted:
    return OfferAccepted(
        subject=uuid4(), deal=deal, seller=uuid4(), amount=Decimal("90000"), evidence={}
    )


def removed(deal: UUID) -> DealRemoved:
    return DealRemoved(subject=deal, address="1 Elm St", reason="undone")
