"""Replies: stored raw and once, a refusal in force at once, the sequence's texts taken back."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from apps.channels.actions import (
    StatusReport,
    apply_status_callback,
    receive_message,
    record_suppression,
)
from apps.channels.models import (
    Consent,
    InboundMessage,
    Message,
    RawCall,
    SandboxDelivery,
    Suppression,
)
from apps.channels.queries import has_reply_since, is_suppressed, list_thread
from apps.channels.types import MessageState
from apps.events.catalog.sequences import StepReached
from apps.events.models import Event
from tests.channels.conftest import PHONE, SELLER, call

pytestmark = pytest.mark.django_db
OTHER_PHONE = "+12035550177"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def receive(workspace, system, now):
    def take(body, external_id="in-1", at=None, **changes):
        return receive_message(
            workspace=workspace,
            actor=system,
            call=call(body, external_id, **changes),
            now=at or now,
        )

    return take


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.error_code


def test_a_reply_is_stored_once_with_its_contact_and_deal(queue, send, receive, workspace, now):
    deal = SELLER.__class__(int=7)
    queue(deal_ref=deal)
    send()
    first = receive("What's your price?")
    again = receive("What's your price?")
    assert again.pk == first.pk
    assert (first.contact_ref, first.deal_ref, first.intent) == (SELLER, deal, "none")
    assert RawCall.across_workspaces.count() == 1
    fact = Event.objects.get(name="channels.message_received.v1")
    assert fact.payload["contact"] == str(SELLER)
    assert has_reply_since(workspace, SELLER, now)
    assert not has_reply_since(workspace, SELLER, now + MINUTE)
    assert [entry.is_outbound for entry in list_thread(workspace, SELLER)] == [True, False]


def test_a_stranger_is_received_without_a_contact(receive):
    message = receive("hello", from_address="+12035550188")
    assert message.contact_ref is None


def test_stop_suppresses_person_and_number_in_the_same_commit(queue, send, receive, workspace):
    waiting, elsewhere = queue(), queue("k2", to_address=OTHER_PHONE, purpose="manual")
    email = queue("k3", channel="email", to_address="Ann@Example.com", subject="Hi")
    send_one = queue("k0", to_address="+12035550166", contact_ref=SELLER.__class__(int=9))
    receive("STOP", from_address=PHONE)  # no text went out yet, nobody is known at the number
    assert state_of(waiting) == ("queued", "")
    send()
    assert state_of(waiting) == ("blocked", "suppressed_opt_out")
    assert state_of(elsewhere)[0] == "accepted"
    assert state_of(send_one)[0] == "accepted"
    later = queue("k4", to_address=OTHER_PHONE)
    receive("stop texting me", "in-2", from_address=OTHER_PHONE)
    assert is_suppressed(workspace, SELLER)
    assert is_suppressed(workspace, SELLER, "ann@example.com", "email")
    send()
    assert state_of(later) == ("blocked", "suppressed_opt_out")
    assert state_of(email)[0] == "accepted"  # went before the second STOP


def test_stop_between_queue_and_claim_of_a_known_seller(queue, send, receive):
    queue("first")
    send()
    second = queue("second", stop_if_replied_since=None)
    receive("Please stop")
    send()
    assert state_of(second) == ("blocked", "suppressed_opt_out")
    assert SandboxDelivery.across_workspaces.count() == 1


def test_a_reply_takes_back_what_waits_for_it(queue, send, receive, deliver, now):
    queue("first")
    send()
    step = queue("step", stop_if_replied_since=now)
    manual = queue("manual", purpose="manual")
    receive("What's your price?", at=now + MINUTE)
    deliver(at=now + MINUTE)
    assert state_of(step) == ("canceled", "replied")
    send(2 * MINUTE)
    assert state_of(manual)[0] == "accepted"


def test_a_reply_is_seen_at_the_claim_even_before_its_fact_is_delivered(queue, send, receive, now):
    queue("first")
    send()
    step = queue("step", stop_if_replied_since=now)
    receive("ok", at=now + MINUTE)
    send(2 * MINUTE)
    assert state_of(step) == ("canceled", "replied")


def test_one_confirmation_follows_a_new_opt_out(queue, send, receive, deliver, now):
    queue("first")
    send()
    receive("STOP", "in-1", at=now + MINUTE)
    deliver(at=now + MINUTE)
    receive("STOP", "in-2", at=now + 2 * MINUTE)
    deliver(at=now + 2 * MINUTE)
    send(2 * MINUTE)
    bodies = list(SandboxDelivery.across_workspaces.order_by("pk").values_list("body", flat=True))
    assert len(bodies) == 2
    assert "opted out" in bodies[1]
    assert Message.across_workspaces.filter(purpose="opt_out_confirmation").count() == 1


def test_a_late_confirmation_does_not_go(queue, send, receive, deliver, now):
    queue("first")
    send()
    receive("STOP", at=now + MINUTE)
    deliver(at=now + MINUTE)
    send(7 * MINUTE)
    message = Message.across_workspaces.get(purpose="opt_out_confirmation")
    assert state_of(message) == ("blocked", "confirmation_late")


def test_start_reopens_only_its_own_number_and_a_later_stop_closes_all(queue, send, receive, now):
    queue("a")
    queue("b", to_address=OTHER_PHONE)
    send()
    receive("STOP", "in-1", at=now + MINUTE)
    receive("START", "in-2", at=now + 2 * MINUTE)
    same = queue("c", body="Blue Gate Homes")
    other = queue("d", to_address=OTHER_PHONE)
    send(3 * MINUTE)
    assert state_of(same)[0] == "accepted"
    assert state_of(other) == ("blocked", "suppressed_opt_out")
    receive("stop", "in-3", at=now + 4 * MINUTE, from_address=OTHER_PHONE)
    again = queue("e")
    send(5 * MINUTE)
    assert state_of(again) == ("blocked", "suppressed_opt_out")
    assert Consent.across_workspaces.get().basis == "start_word"
    assert Suppression.history.filter(history_type="~").count() == 1


def test_yes_after_stop_reopens_nothing(queue, send, receive, now):
    queue("a")
    send()
    receive("STOP", "in-1")
    receive("yes", "in-2")
    receive("START", "in-3", from_address="+12035550144")
    message = queue("b")
    send(MINUTE)
    assert state_of(message) == ("blocked", "suppressed_opt_out")


def test_wrong_number_closes_the_number_and_not_the_person(queue, send, receive):
    queue("a")
    send()
    receive("Wrong number")
    closed, open_ = queue("b"), queue("c", to_address=OTHER_PHONE)
    send()
    assert state_of(closed) == ("blocked", "suppressed_wrong_number")
    assert state_of(open_)[0] == "accepted"


def test_unclear_words_do_not_suppress(queue, send, receive, workspace):
    queue("a")
    send()
    assert receive("Can you stop by Friday?").intent == "unclear"
    assert not is_suppressed(workspace, SELLER, PHONE)


def test_a_refusal_recorded_by_hand(queue, send, workspace, system, now):
    arguments = {
        "workspace": workspace,
        "actor": system,
        "kind": "manual",
        "contact_ref": SELLER,
        "address": "",
        "reason": "asked on the phone",
        "now": now,
    }
    first = record_suppression(**arguments)
    assert record_suppression(**arguments).pk == first.pk
    assert Event.objects.filter(name="channels.suppression_added.v1").count() == 1
    message = queue()
    send()
    assert state_of(message) == ("blocked", "suppressed_manual")


def test_an_opt_out_taken_down_by_hand_outweighs_an_earlier_start(
    queue, send, receive, workspace, system, now
):
    queue("a")
    send()
    receive("STOP", "in-1", at=now + MINUTE)
    receive("START", "in-2", at=now + 2 * MINUTE)
    arguments = {
        "workspace": workspace,
        "actor": system,
        "kind": "opt_out",
        "contact_ref": SELLER,
        "address": "",
        "reason": "asked on the phone",
        "now": now + 3 * MINUTE,
    }
    first = record_suppression(**arguments)
    assert record_suppression(**arguments).pk == first.pk
    message = queue("b")
    send(4 * MINUTE)
    assert state_of(message) == ("blocked", "suppressed_opt_out")


def test_refusals_of_one_workspace_do_not_bind_another(
    queue, send, receive, workspace, other_workspace
):
    queue("a")
    send()
    receive("STOP")
    theirs = queue("b", workspace=other_workspace)
    assert not is_suppressed(other_workspace, SELLER, PHONE)
    send()
    assert state_of(theirs)[0] == "accepted"


REPORTS = [
    ("failed", "30003", "c1"),
    ("delivered", "", "c2"),
    ("accepted", "", "c3"),
    ("delivered", "", "c2"),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3])
def test_reports_in_any_order_end_the_same(queue, send, workspace, system, now, order):
    message = queue()
    send()
    message.refresh_from_db()
    for index in order:
        state, code, external_id = REPORTS[index]
        apply_status_callback(
            workspace=workspace,
            actor=system,
            report=StatusReport(
                "sandbox", message.provider_sid, external_id, MessageState(state), code
            ),
            now=now,
        )
    message.refresh_from_db()
    assert message.state == "delivered"
    assert RawCall.across_workspaces.count() == 3
    assert Event.objects.filter(name="channels.message_delivered.v1").count() == 1


def test_a_report_about_nobody_is_kept_and_changes_nothing(workspace, system, now):
    report = StatusReport("sandbox", "SB-none", "c9", MessageState.DELIVERED)
    assert apply_status_callback(workspace=workspace, actor=system, report=report, now=now) is None
    assert RawCall.across_workspaces.get().external_id == "c9"


def test_a_step_reached_becomes_one_message(workspace, deliver, now, system):
    from apps.events.actions import action
    from apps.events.publish import publish

    @action
    def reach(*, actor, now):
        publish(
            StepReached(
                subject=SELLER,
                sequence="s",
                position=1,
                contact=SELLER,
                channel="sms",
                to_address=PHONE,
                subject_line="",
                body="Hi",
                idempotency_key="enrollment:1",
                stop_if_replied_since=now,
            ),
            workspace_id=workspace.pk,
            actor=actor,
            now=now,
        )

    reach(actor=system, now=now)
    deliver()
    message = Message.across_workspaces.get(idempotency_key="enrollment:1")
    assert message.stop_if_replied_since == now
    queued = Event.objects.get(name="channels.message_queued.v1")
    assert queued.cause == Event.objects.get(name="sequences.step_reached.v1").public_id
    assert InboundMessage.across_workspaces.count() == 0
