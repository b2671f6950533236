"""The funnel counts distinct deals of one workspace and one period from the facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from apps.analytics.queries import count_steps
from apps.events.catalog.channels import MessageAccepted
from apps.events.catalog.contacts import ContactResponded
from apps.events.catalog.deals import DealMoved, DealOpened
from apps.events.catalog.judging import DealScored
from apps.events.catalog.offers import OfferMade

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def opened(deal: UUID) -> DealOpened:
    return DealOpened(subject=deal, stage="new", status="open", address="1 Elm St", source="list")


def scored(deal: UUID, verdict: str, previous_verdict: str = "") -> DealScored:
    return DealScored(
        subject=deal,
        score=70,
        verdict=verdict,
        coverage=100,
        rule_set=uuid4(),
        rule_set_version=1,
        previous_verdict=previous_verdict,
        from_stage="",
        to_stage="",
    )


def offered(deal: UUID) -> OfferMade:
    return OfferMade(
        subject=uuid4(),
        deal=deal,
        seller=uuid4(),
        strategy="cash",
        strategy_version=1,
        formula="wholesale",
        amount=Decimal("90000"),
        inputs={},
        document=uuid4(),
        expires_at=datetime(2026, 12, 1),
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


def responded(deal: UUID | None, intent: str = "none") -> ContactResponded:
    return ContactResponded(
        subject=uuid4(), deal=deal, channel="sms", body="hi", intent=intent, message=uuid4()
    )


def moved(deal: UUID, to: str) -> DealMoved:
    return DealMoved(subject=deal, from_stage="offered", to_stage=to, status="open", reason="")


@pytest.fixture
def counts(workspace, now):
    return lambda: count_steps(workspace, since=now - WEEK, until=now + timedelta(seconds=1))


def test_each_step_counts_its_deals_once(workspace, tell, counts):
    a, b, c = uuid4(), uuid4(), uuid4()
    tell(workspace, opened(a), opened(b), opened(c))
    tell(workspace, scored(a, "qualified"), scored(a, "qualified"), scored(b, "rejected"))
    tell(workspace, offered(a), offered(a), accepted(a), accepted(a), responded(a))
    tell(workspace, moved(a, "under_contract"), moved(b, "dead"))
    assert counts() == {
        "imported": 3,
        "qualified": 1,
        "offered": 1,
        "contacted": 1,
        "replied": 1,
        "under_contract": 1,
    }


def test_a_new_score_of_a_qualified_deal_is_not_newly_qualified(workspace, tell, counts):
    tell(workspace, scored(uuid4(), "qualified", "qualified"))
    tell(workspace, scored(uuid4(), "qualified", "review"), scored(uuid4(), "qualified"))
    assert counts()["qualified"] == 2


def test_an_opt_out_is_no_reply_and_its_confirmation_no_contact(workspace, tell, counts):
    deal = uuid4()
    tell(workspace, responded(deal, "stop"), responded(deal, "wrong_number"), responded(None))
    tell(workspace, accepted(deal, "opt_out_confirmation"))
    assert counts()["replied"] == 0
    assert counts()["contacted"] == 0


def test_facts_outside_the_period_do_not_count(workspace, tell, counts, now):
    tell(workspace, opened(uuid4()), at=now - WEEK - timedelta(seconds=1))
    tell(workspace, opened(uuid4()), at=now - WEEK)
    tell(workspace, opened(uuid4()), at=now + timedelta(seconds=1))
    assert counts()["imported"] == 1


def test_another_workspaces_facts_do_not_count(other_workspace, tell, counts):
    tell(other_workspace, opened(uuid4()), scored(uuid4(), "qualified"))
    assert set(counts().values()) == {0}


def test_the_funnel_is_one_query(workspace, tell, counts, django_assert_num_queries):
    tell(workspace, opened(uuid4()))
    with django_assert_num_queries(1):
        counts()
