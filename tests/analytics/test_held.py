"""Messages the guard held, in its own words."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.analytics.queries import list_held
from apps.channels.models import Decision, Message
from apps.events.catalog.channels import MessageBlocked, MessageClaimed, MessageDeferred

pytestmark = pytest.mark.django_db


def decide(workspace, deal, now, verdict, live_verdict, sentence):
    message = Message.objects.create(
        workspace=workspace,
        idempotency_key=uuid4().hex,
        channel="sms",
        purpose="sequence",
        contact_ref=deal.seller.public_id,
        deal_ref=deal.public_id,
        to_address="+12035550111",
        body="Hi",
        due_at=now,
        queued_at=now,
    )
    reasons = [{"code": "x", "sentence": sentence, "rule": "T1"}]
    return Decision.objects.create(
        workspace=workspace,
        message=message,
        attempt=1,
        verdict=verdict,
        reasons=reasons,
        live_verdict=live_verdict,
        live_reasons=reasons,
        is_sandbox=True,
        rules_version="1",
        decided_at=now,
        live_until=now + timedelta(hours=9),
    )


def about(decision) -> dict:
    message = decision.message
    return {
        "subject": message.public_id,
        "contact": message.contact_ref,
        "deal": message.deal_ref,
        "channel": "sms",
        "purpose": "sequence",
        "idempotency_key": message.idempotency_key,
        "decision": {
            "id": str(decision.public_id),
            "live_verdict": decision.live_verdict,
            "live_until": decision.live_until.isoformat(),
        },
    }


@pytest.fixture
def held(workspace, now):
    return lambda: list_held(workspace, since=now - timedelta(days=7))


def test_a_blocked_message_says_why(workspace, make_deal, tell, held, now):
    deal = make_deal(workspace)
    decision = decide(workspace, deal, now, "block", "block", "The seller opted out.")
    tell(workspace, MessageBlocked(**about(decision)))
    (message,) = held()
    assert message.why == "The seller opted out."
    assert message.name == "Owner of 1 Elm St"
    assert message.deal_id == deal.public_id
    assert (message.until, message.is_advisory) == (None, False)


def test_a_message_put_off_twice_is_listed_once_with_its_last_time(
    workspace, make_deal, tell, held, now
):
    decision = decide(workspace, make_deal(workspace), now, "defer", "defer", "Too late today.")
    for hours in (1, 2):
        until = now + timedelta(hours=hours)
        tell(workspace, MessageDeferred(**about(decision), until=until))
    assert [message.until for message in held()] == [now + timedelta(hours=2)]


def test_what_only_the_sandbox_let_through_is_marked(workspace, make_deal, tell, held, now):
    late = decide(workspace, make_deal(workspace, "1 A Rd"), now, "allow", "defer", "Too late.")
    fine = decide(workspace, make_deal(workspace, "2 B Rd"), now, "allow", "allow", "")
    tell(workspace, MessageClaimed(**about(late), attempt=1))
    tell(workspace, MessageClaimed(**about(fine), attempt=1))
    (message,) = held()
    assert message.is_advisory
    assert message.until == late.live_until
    assert message.why == "Too late."


def test_old_and_foreign_messages_are_left_out(
    workspace, other_workspace, make_deal, tell, held, now
):
    old = decide(workspace, make_deal(workspace), now, "block", "block", "Old.")
    tell(workspace, MessageBlocked(**about(old)), at=now - timedelta(days=8))
    foreign = decide(other_workspace, make_deal(other_workspace), now, "block", "block", "Foreign.")
    tell(other_workspace, MessageBlocked(**about(foreign)))
    assert held() == []
