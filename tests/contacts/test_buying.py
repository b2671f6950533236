"""Several vendors in order, budgets, orders and numbers: what is bought, and never twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection as database
from django.db import connections

from apps.contacts.actions.batching import (
    NothingToTrace,
    cancel_trace_batch,
    resume_trace_batch,
    start_trace_batch,
)
from apps.contacts.actions.merging import merge_contacts
from apps.contacts.actions.tracing import fail_trace, lose_trace, open_traces, record_trace
from apps.contacts.buying import buy_traces, look_up_numbers
from apps.contacts.models import NumberLookup, Phone, SkipTrace, TraceBatchItem, VendorTrouble
from apps.contacts.queries import best_phone, recipient_facts
from apps.contacts.queries.batches import batch_progress, plan_traces
from apps.contacts.queries.vendors import list_ledger, list_vendor_states
from apps.events.models import Event
from apps.workspaces.queries import find_connection
from apps.workspaces.types import Capability
from tests.contacts.test_vendors_wire import answer_v1, lookup_answer, person_v1, reapi_answer
from tests.contacts.wire import Reply, Vendor, serving

pytestmark = pytest.mark.django_db


def states(workspace) -> list[tuple[str, str]]:
    rows = SkipTrace.objects.in_workspace(workspace).order_by("id")
    return list(rows.values_list("provider", "state"))


def echo_v1(call, name="Ann Example"):
    """Finds everybody who is asked about."""
    return Reply(200, answer_v1(*(
        person_v1(name, ref=row["requestId"]) for row in call.body["requests"]
    )))  # fmt: skip


@pytest.fixture
def buy(system, now):
    def run(workspace, *contacts, at=now, batch=None):
        buy_traces(workspace, contacts, actor=system, clock=lambda: at, batch=batch)

    return run


@pytest.fixture
def two(workspace, web, connect):
    """BatchData first, RealEstateAPI second, both on this machine."""
    connect(workspace, "batchdata_v1", web.url, position=1)
    connect(workspace, "realestateapi", web.url, position=2)
    return web


def routed(first, second):
    return lambda call: first if call.path.startswith("/api/v1") else second


@pytest.mark.parametrize(
    ("first", "state", "cost"),
    [
        (Reply(200, answer_v1()), "answered", 0),
        (Reply(500, {}), "failed", 0),
        (Reply(401, {}), "failed", 0),
        (Reply(200, b"junk"), "lost", "0.10"),
        (Reply(200, answer_v1(person_v1("Bob Tenant"))), "answered", "0.10"),
    ],
)
def test_no_match_or_failure_goes_on_to_the_next_vendor(
    workspace, make_contact, two, buy, first, state, cost
) -> None:
    two.answer = routed(first, Reply(200, reapi_answer()))
    contact = make_contact(workspace, first_name="Ann", last_name="Example")
    buy(workspace, contact)
    assert states(workspace) == [("batchdata_v1", state), ("realestateapi", "answered")]
    assert SkipTrace.objects.in_workspace(workspace).first().cost_amount == Decimal(cost)
    assert [phone.e164 for phone in contact.phones.all()] == ["+12035550131"]


def test_a_found_owner_is_asked_of_nobody_else(workspace, make_contact, two, buy) -> None:
    two.answer = echo_v1
    buy(workspace, make_contact(workspace))
    assert states(workspace) == [("batchdata_v1", "answered")]
    assert len(two.calls) == 1


def test_order_is_the_admins(workspace, make_contact, two, buy) -> None:
    connection = find_connection(workspace, "skip_trace")
    connection.position = 9
    connection.save()
    two.answer = lambda call: Reply(200, reapi_answer())
    buy(workspace, make_contact(workspace))
    assert states(workspace) == [("realestateapi", "answered")]


def test_the_same_company_is_paid_once_whatever_its_version(
    workspace, make_contact, web, connect, buy, now
) -> None:
    connect(workspace, "batchdata_v1", web.url, position=1)
    connect(workspace, "batchdata_v3", web.url, position=2)
    web.answer = lambda call: Reply(200, answer_v1())
    contact = make_contact(workspace)
    buy(workspace, contact)
    buy(workspace, contact, at=now + timedelta(days=29))
    assert [call.path for call in web.calls] == ["/api/v1/property/skip-trace"]


def test_a_refused_key_rests_the_vendor_with_a_sentence_until_it_is_changed(
    workspace, make_contact, two, buy, system, now, deliver
) -> None:
    two.answer = routed(Reply(401, {"message": "bad key"}), Reply(200, reapi_answer()))
    buy(workspace, make_contact(workspace))
    buy(workspace, make_contact(workspace, name="Bea Example"))
    assert sum(call.path.startswith("/api/v1") for call in two.calls) == 1
    trouble = VendorTrouble.objects.in_workspace(workspace).get()
    assert "refuses the key" in trouble.problem
    [first, _] = list_vendor_states(workspace, "skip_trace", now=now)
    assert first.why_not(now) == trouble.problem
    from apps.workspaces.actions import save_connection

    save_connection(workspace=workspace, actor=system, connection=trouble.connection, now=now)
    deliver()
    [first, _] = list_vendor_states(workspace, "skip_trace", now=now)
    assert first.why_not(now) == ""


def test_secrets_are_in_no_fact_and_no_row_of_ours(workspace, make_contact, two, buy) -> None:
    two.answer = lambda call: Reply(401, {"message": "bad key"})
    buy(workspace, make_contact(workspace))
    assert not Event.objects.filter(payload__icontains="a key").exists()


def test_a_budget_stops_buying_to_the_cent(
    workspace, make_contact, web, connect, system, now
) -> None:
    connect(workspace, "batchdata_v1", web.url, monthly_budget="0.25")
    web.answer = echo_v1
    people = [make_contact(workspace, name=f"Ann Example{i}") for i in range(5)]
    connection = find_connection(workspace, "skip_trace")
    arguments = {"workspace": workspace, "actor": system, "connection": connection}
    traces = open_traces(contacts=people, now=now, **arguments)
    assert len(traces) == 2
    assert open_traces(contacts=people, now=now, **arguments) == []
    # What failed is given back, what was lost is not.
    fail_trace(workspace=workspace, actor=system, trace=traces[0], reason="x", now=now)
    lose_trace(workspace=workspace, actor=system, trace=traces[1], reason="x", now=now)
    assert len(open_traces(contacts=people, now=now, **arguments)) == 1
    [state] = list_vendor_states(workspace, "skip_trace", now=now)
    assert "budget of $0.25" in state.why_not(now)
    december = now + timedelta(days=15)
    [state] = list_vendor_states(workspace, "skip_trace", now=december)
    assert state.why_not(december) == ""


def test_a_late_answer_is_recorded_though_it_was_given_up(
    workspace, make_contact, vendor, system, now
) -> None:
    contact = make_contact(workspace)
    connection = find_connection(workspace, "skip_trace")
    [trace] = open_traces(
        workspace=workspace, actor=system, contacts=[contact], connection=connection, now=now
    )
    lose_trace(workspace=workspace, actor=system, trace=trace, reason="cut off", now=now)
    record_trace(workspace=workspace, actor=system, trace=trace, result=vendor.result, now=now)
    trace.refresh_from_db()
    assert (trace.state, trace.cost_amount) == ("answered", Decimal("0.12"))
    assert contact.phones.count() == 2


def test_a_litigators_number_is_kept_and_parked(workspace, make_contact, two, buy) -> None:
    person = person_v1("Ann Example")
    person["phoneNumbers"][1]["tcpa"] = True
    two.answer = lambda call: Reply(200, answer_v1(person))
    contact = make_contact(workspace)
    buy(workspace, contact)
    phone = contact.phones.get(e164="+12035550112")
    assert (phone.is_litigator, phone.status) == (True, "parked")
    assert best_phone(workspace, contact).e164 == "+12035550111"


def test_candidates_stand_in_the_result_and_nowhere_else(
    workspace, make_contact, two, buy, signed_in
) -> None:
    two.answer = routed(
        Reply(200, answer_v1(person_v1("Bob Tenant"))), Reply(200, {"match": False})
    )
    contact = make_contact(workspace)
    buy(workspace, contact)
    assert contact.phones.count() == 0
    assert Phone.objects.in_workspace(workspace).count() == 0
    trace = SkipTrace.objects.in_workspace(workspace).order_by("id").first()
    assert trace.result["candidates"][0]["name"] == "Bob Tenant"
    page = signed_in(workspace).get(f"/contacts/{contact.public_id}/look-ups/").content.decode()
    assert "1 other person at the address" in page
    assert "(203) 555-0112" in page


@pytest.fixture
def order(system, now):
    def run(workspace, contacts, at=now):
        return start_trace_batch(
            workspace=workspace, actor=system, contact_ids=[one.public_id for one in contacts],
            title="Test", now=at,
        )  # fmt: skip

    return run


@pytest.fixture
def work(monkeypatch, now):
    from apps.contacts import tasks

    def run(at=now):
        monkeypatch.setattr(tasks, "now", lambda: at)
        tasks.trace_batches()

    return run


def test_an_order_asks_about_a_hundred_in_one_call(
    workspace, make_contact, web, connect, order, work, now
) -> None:
    connect(workspace, "batchdata_v3", web.url)
    from tests.contacts.test_vendors_wire import entry_v3, person_v3

    def answer(call):
        rows = call.body["requests"]
        return Reply(200, {"result": {"data": [
            entry_v3(row["requestId"], [person_v3("Ann Example", "2035550100")] if at % 3 else [])
            for at, row in enumerate(rows)
        ]}})  # fmt: skip

    web.answer = answer
    people = [make_contact(workspace) for _ in range(130)]
    batch = order(workspace, people)
    assert batch.most_cost_amount == Decimal("13.00")
    work()
    batch.refresh_from_db()
    assert [len(call.body["requests"]) for call in web.calls] == [100, 30]
    progress = batch_progress(batch, now=now)
    assert batch.state == "done"
    assert (progress.counts["matched"], progress.counts["no_match"]) == (86, 44)
    assert progress.cost == Decimal("8.60")
    [line] = list_ledger(workspace, since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert (line.asked, line.matched, line.match_percent) == (130, 86, 66)
    assert (line.cost_per_match, line.phones_per_match) == (Decimal("0.1"), 1)


def test_who_is_left_out_stands_there_with_the_reason(
    workspace, make_contact, vendor, order, work, system, now, buy
) -> None:
    from apps.channels.models import Suppression

    traced = make_contact(workspace, name="Traced")
    buy(workspace, traced)
    stopped = make_contact(workspace, name="Stopped")
    Suppression.objects.create(
        workspace=workspace, kind="opt_out", contact_ref=stopped.public_id, suppressed_at=now
    )
    people = [
        traced,
        stopped,
        make_contact(workspace, name="Sue", is_litigator=True),
        make_contact(workspace, name="Late", is_deceased=True),
        make_contact(workspace, name="Fresh"),
    ]
    plan = plan_traces(workspace, [one.public_id for one in people], now=now)
    assert [contact.name for contact in plan.chosen] == ["Fresh"]
    assert plan.most_cost_amount == Decimal("0.10")
    batch = order(workspace, people)
    work()
    rows = dict(TraceBatchItem.objects.filter(batch=batch).values_list("contact__name", "reason"))
    assert rows == {
        "Traced": "looked up within 30 days",
        "Stopped": "asked to stop",
        "Sue": "known litigator",
        "Late": "deceased",
        "Fresh": "",
    }
    assert len(vendor.asked) == 2
    with pytest.raises(NothingToTrace):
        order(workspace, people)


def test_a_refused_key_stops_an_order_and_it_goes_on_later(
    workspace, make_contact, web, connect, order, work, system, now
) -> None:
    connect(workspace, "batchdata_v1", web.url)
    web.answer = lambda call: Reply(401, {"message": "bad key"})
    people = [make_contact(workspace) for _ in range(3)]
    batch = order(workspace, people)
    work()
    batch.refresh_from_db()
    assert batch.state == "stopped"
    assert "refuses the key" in batch.note
    assert batch_progress(batch, now=now).waiting == 3
    web.answer = echo_v1
    later = now + timedelta(hours=2)
    resume_trace_batch(workspace=workspace, actor=system, batch=batch, now=later)
    work(later)
    batch.refresh_from_db()
    assert batch.state == "done"
    assert batch_progress(batch, now=later).counts["matched"] == 3


def test_a_short_pause_is_waited_for(
    workspace, make_contact, web, connect, order, work, now
) -> None:
    connect(workspace, "batchdata_v1", web.url)
    web.answer = lambda call: Reply(429, {}, {"Retry-After": "120"})
    batch = order(workspace, [make_contact(workspace)])
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.due_at) == ("running", now + timedelta(seconds=120))
    web.answer = echo_v1
    work(now + timedelta(seconds=121))
    batch.refresh_from_db()
    assert batch.state == "done"


def test_a_budget_that_runs_out_stops_an_order(
    workspace, make_contact, web, connect, order, work, now
) -> None:
    connect(workspace, "batchdata_v1", web.url, monthly_budget="0.20")
    web.answer = echo_v1
    batch = order(workspace, [make_contact(workspace) for _ in range(3)])
    work()
    batch.refresh_from_db()
    assert (batch.state, "budget of $0.20" in batch.note) == ("stopped", True)
    assert batch_progress(batch, now=now).cost == Decimal("0.20")


def test_a_slow_vendor_is_asked_a_minutes_worth_at_a_time(
    workspace, make_contact, web, connect, order, work, now, monkeypatch
) -> None:
    monkeypatch.setattr("apps.contacts.working._limit", lambda vendors, at: 2)
    connect(workspace, "realestateapi", web.url)
    web.answer = lambda call: Reply(200, reapi_answer())
    batch = order(workspace, [make_contact(workspace) for _ in range(3)])
    work()
    work(now + timedelta(seconds=30))
    assert len(web.calls) == 2
    work(now + timedelta(seconds=61))
    work(now + timedelta(seconds=130))
    batch.refresh_from_db()
    assert (len(web.calls), batch.state) == (3, "done")


def test_canceling_buys_nothing_more(
    workspace, make_contact, vendor, order, work, system, now
) -> None:
    batch = order(workspace, [make_contact(workspace) for _ in range(3)])
    cancel_trace_batch(workspace=workspace, actor=system, batch=batch, now=now)
    work()
    assert vendor.asked == []
    batch.refresh_from_db()
    assert batch.state == "canceled"


class Killed(BaseException):
    """Nothing after it runs, as after kill -9."""


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize(
    "place",
    ["contacts.after_trace_open", "contacts.after_trace_call", "contacts.after_batch_group"],
)
def test_an_order_that_is_killed_anywhere_asks_about_nobody_twice(
    workspace, make_contact, vendor, order, work, now, monkeypatch, place, count
) -> None:
    people = [make_contact(workspace, name=f"Owner {i:03d}") for i in range(4)]
    batch = order(workspace, people)
    passed = Counter()

    def die(name):
        passed[name] += 1
        if name == place and passed[name] == count:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("apps.contacts.buying.failpoint", die)
        patch.setattr("apps.contacts.working.failpoint", die)
        if place != "contacts.after_batch_group" or count == 1:
            with pytest.raises(Killed):
                work()
    for minutes in (6, 12, 18):
        work(now + timedelta(minutes=minutes))
    batch.refresh_from_db()
    assert batch.state == "done"
    asked = Counter(query.name for query in vendor.asked)
    assert set(asked.values()) <= {1}
    counts = batch_progress(batch, now=now).counts
    assert counts["waiting"] == 0
    # Every purchase has its row; one whose answer was lost is told as lost, not as nothing.
    rows = Counter(states(workspace))
    assert sum(rows.values()) == 4
    assert rows[("sandbox", "answered")] >= 3
    assert rows[("sandbox", "requested")] == 0


@pytest.fixture
def lookups(workspace, web, connect):
    connect(
        workspace, "twilio", web.url, kind="phone_lookup",
        secrets={"account_sid": "AC1", "key": "t"},
    )  # fmt: skip
    web.answer = lambda call: Reply(200, lookup_answer())
    return web


def look_up(contact, system, at, *numbers):
    wanted = list(numbers) or [phone.e164 for phone in contact.phones.all()]
    return look_up_numbers(contact.workspace, contact, wanted, actor=system, clock=lambda: at)


def test_one_purchase_answers_for_everybody_with_the_number(
    workspace, make_contact, lookups, system, now, run_checks
) -> None:
    ann = make_contact(workspace, phones=["+12035550111"])
    bea = make_contact(workspace, name="Bea", phones=["+12035550111"])
    assert look_up(ann, system, now) == 1
    assert look_up(bea, system, now + timedelta(days=89)) == 0
    for contact in (ann, bea):
        phone = contact.phones.get()
        assert (phone.line_type, phone.carrier) == ("voip", "Example Tel")
    cy = make_contact(workspace, name="Cy", phones=["(203) 555-0111"], check_due_at=now)
    run_checks(now + timedelta(days=1))
    assert cy.phones.get().line_type == "voip"
    assert len(lookups.calls) == 1
    assert look_up(ann, system, now + timedelta(days=90)) == 1


def test_a_number_that_does_not_work_leads_to_a_skip_trace(
    workspace, make_contact, lookups, now, run_checks, vendor
) -> None:
    lookups.answer = lambda call: Reply(404, {"code": 20404})
    contact = make_contact(workspace, phones=["+12035550111"], check_due_at=now)
    run_checks(now)
    phone = contact.phones.get(e164="+12035550111", status="invalid")
    assert phone.status_note == "Twilio does not know this number."
    facts = recipient_facts(workspace.pk, contact.public_id, "+12035550111")
    assert facts.is_invalid_number


def test_what_a_person_proved_is_not_overruled(
    workspace, make_contact, lookups, system, now
) -> None:
    lookups.answer = lambda call: Reply(200, lookup_answer(valid=False))
    contact = make_contact(workspace, phones=["+12035550111"])
    contact.phones.update(status="verified")
    look_up(contact, system, now)
    assert contact.phones.get().status == "verified"


def test_an_answer_that_is_lost_is_booked_and_not_repeated(
    workspace, make_contact, lookups, system, now
) -> None:
    lookups.answer = lambda call: Reply(200, b"junk")
    contact = make_contact(workspace, phones=["+12035550111"])
    look_up(contact, system, now)
    look_up(contact, system, now + timedelta(days=80))
    assert len(lookups.calls) == 1
    row = NumberLookup.objects.in_workspace(workspace).get()
    assert (row.state, row.cost_amount) == ("lost", Decimal("0.008"))


def test_after_a_refused_key_the_other_numbers_are_given_back_unasked(
    workspace, make_contact, lookups, system, now
) -> None:
    lookups.answer = lambda call: Reply(401, {"code": 20003, "message": "Authenticate"})
    contact = make_contact(workspace, phones=["+12035550111", "+12035550112"])
    look_up(contact, system, now)
    assert len(lookups.calls) == 1
    rows = NumberLookup.objects.in_workspace(workspace)
    assert set(rows.values_list("state", "cost_amount")) == {("failed", Decimal(0))}
    assert look_up(contact, system, now + timedelta(minutes=1)) == 0


def together(count, job) -> list[BaseException]:
    """Run `job(number)` in threads that start at one moment."""
    barrier, errors = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait(timeout=30)
            job(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_of_many_buyers_at_once_one_buys(
    workspace, make_contact, settings, connect, system, now
) -> None:
    with serving(Vendor()) as web:
        settings.OUTBOUND_HOSTS = [web.host]
        connect(workspace, "batchdata_v1", web.url)
        connect(
            workspace, "twilio", web.url, kind="phone_lookup",
            secrets={"account_sid": "AC1", "key": "t"},
        )  # fmt: skip
        web.answer = lambda call: echo_v1(call) if call.body else Reply(200, lookup_answer())
        contact = make_contact(workspace)
        sharers = [make_contact(workspace, name=f"P{i}", phones=["+12035550177"]) for i in range(6)]
        count = 6 if database.vendor == "postgresql" else 3

        def job(number):
            buy_traces(workspace, [contact], actor=system, clock=lambda: now)
            look_up(sharers[number], system, now)

        assert together(count, job) == []
        kinds = Counter(call.method for call in web.calls)
    assert kinds == {"POST": 1, "GET": 1}
    assert SkipTrace.objects.in_workspace(workspace).count() == 1
    assert NumberLookup.objects.in_workspace(workspace).count() == 1


def test_merging_two_that_are_being_looked_up_pays_neither_twice(
    workspace, make_contact, two, buy, system, now
) -> None:
    """The one open row per contact keeps the other's row from moving; it counts all the same."""
    ann, bob = make_contact(workspace), make_contact(workspace, name="Ann B. Example")
    first, second = (find for find in list_vendor_states(workspace, Capability.SKIP_TRACE, now=now))
    frame = {"workspace": workspace, "actor": system, "now": now}
    open_traces(contacts=[ann], connection=first.connection, **frame)
    [other] = open_traces(contacts=[bob], connection=second.connection, **frame)
    merge_contacts(survivor=ann, other=bob, choices={}, **frame)
    other.refresh_from_db()
    assert other.contact_id == bob.pk
    later = now + timedelta(minutes=10)
    lose_trace(trace=other, reason="cut off", **{**frame, "now": later})
    buy(workspace, ann, at=later)
    assert two.calls == []


def test_two_of_one_order_that_were_merged_meanwhile_are_paid_once(
    workspace, make_contact, vendor, order, work, system, now
) -> None:
    ann, bob = make_contact(workspace), make_contact(workspace, name="Ann B. Example")
    batch = order(workspace, [ann, bob])
    merge_contacts(workspace=workspace, actor=system, survivor=ann, other=bob, choices={}, now=now)
    work()
    batch.refresh_from_db()
    assert batch.state == "done"
    assert [query.name for query in vendor.asked] == [ann.name]
