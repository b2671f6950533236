"""Skip traces: bought once in thirty days, whatever is killed, asked twice or down."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.contacts.actions.checking import request_checks
from apps.contacts.actions.tracing import open_traces, record_trace
from apps.contacts.models import SkipTrace
from apps.events.catalog.contacts import ContactTraced, ContactTraceFailed
from apps.events.queries import list_facts
from apps.workspaces.models import Connection
from apps.workspaces.queries import find_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(system, run_checks):
    """ask(contact, at): a person asks for a check, then the task runs."""

    def run(contact, at) -> None:
        request_checks(
            workspace=contact.workspace,
            actor=system,
            contact_ids=[contact.public_id],
            reason="test",
            now=at,
            is_forced=True,
        )
        run_checks(at)

    return run


def test_a_contact_without_a_phone_is_looked_up(workspace, make_contact, vendor, ask, now) -> None:
    contact = make_contact(workspace, emails=["ann@example.com"])
    ask(contact, now)
    assert [(query.name, query.postal_code) for query in vendor.asked] == [("Ann Example", "06511")]
    assert list(contact.phones.order_by("rank").values_list("e164", "line_type", "is_dnc")) == [
        ("+12035550111", "mobile", False),
        ("+12035550112", "landline", True),
    ]
    assert contact.emails.count() == 1
    [fact] = list_facts(workspace.pk, names=[ContactTraced.name])
    assert (fact.payload["phones_added"], fact.payload["emails_added"]) == (2, 0)
    assert (fact.actor_kind, fact.actor_label) == ("provider", "sandbox")
    trace = SkipTrace.objects.in_workspace(workspace).get()
    assert (trace.state, trace.cost_amount) == ("answered", Decimal("0.12"))
    assert trace.expires_at == now + timedelta(days=30)
    contact.refresh_from_db()
    assert contact.check_due_at is None


def test_a_contact_with_a_phone_is_not_looked_up(workspace, make_contact, vendor, ask, now) -> None:
    ask(make_contact(workspace, phones=["+12035550100"]), now)
    assert vendor.asked == []


def test_the_same_look_up_is_paid_once_in_thirty_days(
    workspace, make_contact, vendor, ask, now
) -> None:
    contact = make_contact(workspace)
    ask(contact, now)
    contact.phones.update(status="wrong_number")
    ask(contact, now + timedelta(days=29, hours=23))
    assert len(vendor.asked) == 1
    contact.refresh_from_db()
    assert contact.check_due_at is None
    ask(contact, now + timedelta(days=30))
    assert len(vendor.asked) == 2


def test_a_worker_killed_between_call_and_record_does_not_pay_again(
    workspace, make_contact, vendor, ask, run_checks, now, monkeypatch
) -> None:
    class Killed(BaseException):
        """Nothing after it runs, as after kill -9."""

    def die(name: str) -> None:
        if name == "contacts.after_trace_call":
            raise Killed

    contact = make_contact(workspace)
    with monkeypatch.context() as patch:
        patch.setattr("apps.contacts.buying.failpoint", die)
        with pytest.raises(Killed):
            ask(contact, now)
    assert len(vendor.asked) == 1
    run_checks(now + timedelta(minutes=6))
    run_checks(now + timedelta(minutes=12))
    ask(contact, now + timedelta(days=29))
    assert len(vendor.asked) == 1
    contact.refresh_from_db()
    assert contact.check_due_at is None
    ask(contact, now + timedelta(days=31))
    assert len(vendor.asked) == 2
    states = SkipTrace.objects.in_workspace(workspace).order_by("id").values_list("state")
    assert [state for (state,) in states] == ["lost", "answered"]


def test_of_two_callers_one_gets_the_look_up(workspace, make_contact, system, now) -> None:
    contact = make_contact(workspace)
    arguments = {
        "workspace": workspace,
        "actor": system,
        "contacts": [contact],
        "connection": find_connection(workspace, "skip_trace"),
        "now": now,
    }
    assert len(open_traces(**arguments)) == 1
    assert open_traces(**arguments) == []


def test_a_vendor_that_is_down_is_asked_again_later_five_times_a_day(
    workspace, make_contact, vendor, ask, run_checks, now
) -> None:
    contact = make_contact(workspace)
    vendor.failures = 99
    ask(contact, now)
    for quarter in range(1, 12):
        run_checks(now + timedelta(minutes=15 * quarter))
    assert len(vendor.asked) == 5
    facts = list_facts(workspace.pk, names=[ContactTraceFailed.name])
    assert [fact.payload["reason"] for fact in facts] == ["the vendor is down"] * 5
    assert SkipTrace.objects.in_workspace(workspace).filter(cost_amount__gt=0).count() == 0


def test_a_failed_look_up_is_repeated_and_then_answers(
    workspace, make_contact, vendor, ask, run_checks, now
) -> None:
    contact = make_contact(workspace)
    vendor.failures = 1
    ask(contact, now)
    run_checks(now + timedelta(minutes=15))
    assert len(vendor.asked) == 2
    assert contact.phones.count() == 2


def test_recording_twice_changes_nothing(workspace, make_contact, vendor, system, now) -> None:
    contact = make_contact(workspace)
    [trace] = open_traces(
        workspace=workspace,
        actor=system,
        contacts=[contact],
        connection=find_connection(workspace, "skip_trace"),
        now=now,
    )
    for _ in range(2):
        record_trace(workspace=workspace, actor=system, trace=trace, result=vendor.result, now=now)
    assert contact.phones.count() == 2
    assert len(list_facts(workspace.pk, names=[ContactTraced.name])) == 1


def test_without_a_connection_nobody_is_looked_up(
    workspace, make_contact, vendor, ask, now
) -> None:
    Connection.objects.in_workspace(workspace).filter(capability="skip_trace").update(
        is_active=False
    )
    contact = make_contact(workspace)
    ask(contact, now)
    assert vendor.asked == []
    contact.refresh_from_db()
    assert (contact.checked_at, contact.check_due_at) == (now, None)


def test_one_failing_check_does_not_hold_back_the_others(
    workspace, make_contact, vendor, system, run_checks, now, monkeypatch
) -> None:
    from apps.contacts import tasks

    first, second = make_contact(workspace, name="First"), make_contact(workspace, name="Second")
    original = tasks.check_contact

    def check(**arguments):
        if arguments["contact"].pk == first.pk:
            raise RuntimeError("broken row")
        return original(**arguments)

    monkeypatch.setattr(tasks, "check_contact", check)
    request_checks(
        workspace=workspace,
        actor=system,
        contact_ids=[first.public_id, second.public_id],
        reason="test",
        now=now,
    )
    run_checks(now)
    second.refresh_from_db()
    assert second.checked_at == now
    assert second.phones.count() == 2
