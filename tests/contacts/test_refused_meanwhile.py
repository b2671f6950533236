"""Who refuses while an order of look-ups waits is not paid for; a parked number is not used."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.channels.actions import claim_message, queue_message, record_suppression
from apps.channels.models import Message
from apps.contacts.actions.batching import start_trace_batch
from apps.contacts.actions.phones import unpark_phone, verify_phone
from apps.contacts.models import SkipTrace, TraceBatch, TraceBatchItem
from apps.contacts.queries import recipient_facts
from apps.contacts.queries.batches import batch_progress
from apps.contacts.tasks import trace_batches
from apps.events.models import Event

pytestmark = pytest.mark.django_db


def test_who_refuses_after_the_order_is_left_out_unpaid(
    workspace, make_contact, vendor, system, now, signed_in
):
    people = [make_contact(workspace, name=f"{name} Example") for name in ("Ann", "Bea", "Cy")]
    batch = start_trace_batch(
        workspace=workspace, actor=system, title="All", now=now,
        contact_ids=[contact.public_id for contact in people],
    )  # fmt: skip
    record_suppression(
        workspace=workspace, actor=system, kind="opt_out", contact_ref=people[0].public_id,
        address="", reason="STOP", now=now,
    )  # fmt: skip
    people[1].is_litigator = True
    people[1].save()
    trace_batches()
    assert [query.name for query in vendor.asked] == ["Cy Example"]
    items = TraceBatchItem.objects.filter(batch=batch).order_by("pk")
    assert list(items.values_list("state", "reason")) == [
        ("skipped", "asked to stop after the order"),
        ("skipped", "known litigator after the order"),
        ("matched", ""),
    ]
    assert SkipTrace.objects.in_workspace(workspace).count() == 1
    batch = TraceBatch.objects.in_workspace(workspace).get()
    assert batch.state == "done"
    assert batch_progress(batch, now=now).cost == SkipTrace.across_workspaces.get().cost_amount
    told = Event.objects.filter(name="contacts.trace_batch_items_left_out.v1")
    assert {fact.payload["reason"] for fact in told} == {
        "asked to stop after the order",
        "known litigator after the order",
    }
    page = signed_in(workspace).get(reverse("contacts:trace_detail", args=[batch.public_id]))
    assert "Asked to stop after the order" in page.content.decode()


def test_a_check_buys_nothing_about_somebody_who_refused(
    workspace, make_contact, vendor, system, now, run_checks
):
    contact = make_contact(workspace, check_due_at=now)
    record_suppression(
        workspace=workspace, actor=system, kind="opt_out", contact_ref=contact.public_id,
        address="", reason="STOP", now=now,
    )  # fmt: skip
    run_checks(now)
    contact.refresh_from_db()
    assert vendor.asked == []
    assert contact.check_due_at is None


def test_a_parked_number_takes_no_message(workspace, make_contact, system, now):
    ann = make_contact(workspace, phones=["+12035550101", "+12035550102"])
    first, second = ann.phones.order_by("rank")

    def send(key: str) -> Message:
        message = queue_message(
            workspace=workspace, actor=system, contact_ref=ann.public_id, deal_ref=None,
            channel="sms", to_address=second.e164, subject="", body="Hello", purpose="manual",
            idempotency_key=key, now=now,
        )  # fmt: skip
        claim_message(workspace=workspace, actor=system, message_pk=message.pk, now=now)
        message.refresh_from_db()
        return message

    verify_phone(workspace=workspace, actor=system, phone=first, now=now)
    because = "another number of this person was verified"
    facts = recipient_facts(workspace.pk, ann.public_id, second.e164)
    assert facts.parked_because == because
    blocked = send("one")
    assert (blocked.state, blocked.error_code) == ("blocked", "parked")
    assert because in blocked.error_text
    second.refresh_from_db()
    unpark_phone(workspace=workspace, actor=system, phone=second, now=now)
    assert recipient_facts(workspace.pk, ann.public_id, second.e164).parked_because == ""
    assert send("two").state == "sending"


def test_a_number_parked_for_another_reason_says_it(workspace, make_contact):
    ann = make_contact(workspace, phones=["+12035550101"])
    ann.phones.update(status="parked", status_note="A known litigator's number.")
    facts = recipient_facts(workspace.pk, ann.public_id, "+12035550101")
    assert facts.parked_because == "A known litigator's number"
    ann.phones.update(status_note="")
    facts = recipient_facts(workspace.pk, ann.public_id, "+12035550101")
    assert facts.parked_because == "a person set this number aside"
