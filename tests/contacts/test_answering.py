"""Replies and marks: what they change about a person, and the facts they leave."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.contacts.actions.answering import mark_phone, record_response
from apps.contacts.models import Phone
from apps.contacts.subscribers import note_response
from apps.events.actions import Actor, action
from apps.events.catalog.channels import MessageReceived
from apps.events.catalog.contacts import ContactCheckRequested, ContactResponded, PhoneMarked
from apps.events.catalog.judging import DealScored
from apps.events.publish import publish
from apps.events.queries import list_facts
from apps.events.registry import Received

pytestmark = pytest.mark.django_db


@action
def say(*, workspace, actor, fact, now) -> None:
    """Publish a fact as the room that owns it would."""
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)


def respond(contact, now, intent="none", channel="sms", address="(203) 555-0100"):
    return record_response(
        workspace=contact.workspace,
        actor=Actor.contact(contact.public_id, contact.name),
        contact=contact,
        message_id=uuid4(),
        deal_id=None,
        channel=channel,
        from_address=address,
        body="What is your price?",
        intent=intent,
        now=now,
    )


def received(**fields) -> MessageReceived:
    values = {
        "subject": uuid4(),
        "channel": "sms",
        "from_address": "+12035550100",
        "body": "What is your price?",
        "intent": "none",
    }
    return MessageReceived(**{**values, **fields})


def responses(workspace):
    return list_facts(workspace.pk, names=[ContactResponded.name])


def test_a_reply_proves_the_number(workspace, make_contact, now) -> None:
    contact = make_contact(workspace, phones=["+12035550100", "+12035550101"])
    respond(contact, now)
    contact.refresh_from_db()
    assert contact.last_responded_at == now
    assert list(contact.phones.order_by("rank").values_list("status", flat=True)) == [
        "verified",
        "unverified",
    ]


@pytest.mark.parametrize("status", ["unverified", "verified", "parked", "invalid"])
def test_a_wrong_number_is_given_up_at_once(workspace, make_contact, now, status) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    contact.phones.update(status=status)
    respond(contact, now, intent="wrong_number")
    assert contact.phones.get().status == "wrong_number"


@pytest.mark.parametrize("status", ["wrong_number", "parked", "invalid"])
def test_a_reply_never_lifts_a_mark(workspace, make_contact, now, status) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    contact.phones.update(status=status)
    respond(contact, now)
    assert contact.phones.get().status == status


def test_an_older_reply_that_arrives_late_does_not_turn_the_clock_back(
    workspace, make_contact, now
) -> None:
    contact = make_contact(workspace)
    respond(contact, now)
    respond(contact, now - timedelta(hours=1))
    contact.refresh_from_db()
    assert contact.last_responded_at == now


def test_a_received_message_becomes_a_response_of_the_named_contact(
    workspace, make_contact, now
) -> None:
    contact, deal = make_contact(workspace, phones=["+12035550100"]), uuid4()
    fact = received(contact=contact.public_id, deal=deal)
    note_response(Received(uuid4(), workspace.pk, fact, Actor.provider("sandbox"), now))
    [response] = responses(workspace)
    assert response.subject == contact.public_id
    assert response.deal == deal
    assert response.payload["message"] == str(fact.subject)
    assert response.payload["intent"] == "none"
    assert (response.actor_kind, response.actor_label) == ("contact", "Ann Example")


def test_a_message_without_a_contact_is_matched_by_its_address(
    workspace, make_contact, system, deliver, now
) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    say(workspace=workspace, actor=system, fact=received(), now=now)
    deliver()
    assert [response.subject for response in responses(workspace)] == [contact.public_id]


def test_a_strangers_message_and_another_workspaces_contact_give_no_response(
    workspace, other_workspace, make_contact, system, deliver, now
) -> None:
    foreign = make_contact(other_workspace, phones=["+12035550100"])
    say(workspace=workspace, actor=system, fact=received(), now=now)
    say(workspace=workspace, actor=system, fact=received(contact=foreign.public_id), now=now)
    deliver()
    assert responses(workspace) == []
    assert responses(other_workspace) == []


def test_marking_is_one_fact_and_a_repeat_none(workspace, make_contact, system, now) -> None:
    phone = make_contact(workspace, phones=["+12035550100"]).phones.get()
    for _ in range(2):
        mark_phone(
            workspace=workspace,
            actor=system,
            phone=phone,
            status="wrong_number",
            reason="said so",
            now=now,
        )
    [fact] = list_facts(workspace.pk, names=[PhoneMarked.name])
    assert fact.payload == {
        "e164": "+12035550100",
        "status": "wrong_number",
        "reason": "said so",
        "parked": [],
    }
    with pytest.raises(ValueError, match="nonsense"):
        mark_phone(
            workspace=workspace, actor=system, phone=phone, status="nonsense", reason="", now=now
        )


def test_a_foreign_number_cannot_be_marked(
    workspace, other_workspace, make_contact, system, now
) -> None:
    phone = make_contact(other_workspace, phones=["+12035550100"]).phones.get()
    with pytest.raises(Phone.DoesNotExist):
        mark_phone(
            workspace=workspace, actor=system, phone=phone, status="parked", reason="", now=now
        )


def scored(seller, verdict="qualified") -> DealScored:
    return DealScored(
        subject=uuid4(),
        score=80,
        verdict=verdict,
        coverage=90,
        rule_set=uuid4(),
        rule_set_version=1,
        previous_verdict="",
        from_stage="new",
        to_stage="qualified",
        seller=seller,
    )


def test_sellers_of_qualified_deals_are_checked_in_their_own_workspace(
    workspace, other_workspace, make_contact, system, deliver, now
) -> None:
    ours, theirs = (
        make_contact(workspace, name="Ours"),
        make_contact(other_workspace, name="Theirs"),
    )
    unqualified = make_contact(workspace, name="Not qualified")
    for home, fact in (
        (workspace, scored(ours.public_id)),
        (workspace, scored(ours.public_id)),
        (other_workspace, scored(theirs.public_id)),
        (workspace, scored(theirs.public_id)),
        (workspace, scored(unqualified.public_id, "rejected")),
        (workspace, scored(None)),
    ):
        say(workspace=home, actor=system, fact=fact, now=now)
    deliver()
    asked = {
        fact.subject
        for home in (workspace, other_workspace)
        for fact in list_facts(home.pk, names=[ContactCheckRequested.name])
    }
    assert asked == {ours.public_id, theirs.public_id}
    ours.refresh_from_db()
    assert ours.check_due_at == now
