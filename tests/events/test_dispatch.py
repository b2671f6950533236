"""Delivery: at least once for the handler, once for its effects in the database."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from apps.events import registry
from apps.events.actions import Actor, action
from apps.events.catalog.workspaces import WorkspaceCreated
from apps.events.dispatch import LEASE, MAX_ATTEMPTS, deliver_ready
from apps.events.models import Delivery, Event
from apps.events.publish import publish_many
from apps.events.replay import replay_deliveries
from apps.workspaces.models import User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


@pytest.fixture
def heard(monkeypatch):
    """Subscribers of this test only: `heard` collects what they were given."""
    monkeypatch.setattr(registry, "_by_fact", {})
    monkeypatch.setattr(registry, "_by_name", {})
    calls: list = []

    @registry.subscribe(WorkspaceCreated, name="tests.single")
    def single(event):
        User.objects.create(email=f"{event.fact.slug}@example.com")
        if event.fact.slug == "bad":
            raise RuntimeError("poison")
        calls.append(event.fact.slug)

    @registry.subscribe(WorkspaceCreated, name="tests.batch", batch=10)
    def batch(events):
        calls.append([event.fact.slug for event in events])

    return calls


@action
def announce(*, actor: Actor, slugs, now) -> None:
    from uuid import uuid4

    publish_many(
        [WorkspaceCreated(subject=uuid4(), slug=slug, workspace_name=slug) for slug in slugs],
        workspace_id=1,
        actor=actor,
        now=now,
    )


def test_single_and_batch_subscribers_hear_every_fact_once(heard, now):
    announce(actor=SYSTEM, slugs=["a", "b"], now=now)
    assert deliver_ready(clock=lambda: now) == 4
    assert deliver_ready(clock=lambda: now) == 0
    assert sorted(map(str, heard)) == ["['a', 'b']", "a", "b"]
    assert User.objects.count() == 2


def test_a_failing_fact_is_rolled_back_retried_and_parked_alone(heard, now):
    announce(actor=SYSTEM, slugs=["bad", "good"], now=now)
    at = now
    for _ in range(MAX_ATTEMPTS + 3):
        deliver_ready(clock=lambda: at)  # noqa: B023
        at += timedelta(hours=2)
    states = dict(
        Delivery.objects.filter(subscriber="tests.single").values_list(
            "event__payload__slug", "state"
        )
    )
    assert states == {"bad": "dead", "good": "done"}
    assert list(User.objects.values_list("email", flat=True)) == ["good@example.com"]
    dead = Delivery.objects.get(state="dead")
    assert dead.attempts == MAX_ATTEMPTS
    assert "poison" in dead.error


def test_a_parked_delivery_is_replayed_by_a_person(heard, now, monkeypatch):
    announce(actor=SYSTEM, slugs=["bad"], now=now)
    Delivery.objects.filter(subscriber="tests.single").update(state="dead", attempts=8)
    ids = list(Delivery.objects.values_list("pk", flat=True))
    assert replay_deliveries(actor=SYSTEM, ids=ids, now=now) == 1
    assert Delivery.objects.get(subscriber="tests.single").state == "ready"
    assert Event.objects.filter(name="events.deliveries_replayed.v1").count() == 1
    assert replay_deliveries(actor=SYSTEM, ids=[], now=now) == 0


def test_a_claim_whose_process_died_is_tried_again_after_its_lease(heard, now):
    from apps.events.dispatch import _claim

    announce(actor=SYSTEM, slugs=["a"], now=now)
    _claim(now, 10)
    assert deliver_ready(clock=lambda: now) == 0
    assert deliver_ready(clock=lambda: now + LEASE) == 2
    assert "a" in heard


def test_the_cause_of_a_fact_is_the_fact_that_was_handled(monkeypatch, now):
    monkeypatch.setattr(registry, "_by_fact", {})
    monkeypatch.setattr(registry, "_by_name", {})

    @registry.subscribe(WorkspaceCreated, name="tests.echo")
    def echo(event):
        if event.fact.slug == "first":
            announce(actor=SYSTEM, slugs=["second"], now=event.occurred_at)

    announce(actor=SYSTEM, slugs=["first"], now=now)
    deliver_ready(clock=lambda: now)
    first, second = Event.objects.order_by("id")
    assert first.cause is None
    assert second.cause == first.public_id


def test_a_fact_that_kills_its_process_is_parked_and_takes_nobody_along(monkeypatch, now):
    """Killed: neither done nor failed is recorded, only the lease runs out."""
    monkeypatch.setattr(registry, "_by_fact", {})
    monkeypatch.setattr(registry, "_by_name", {})
    tries = []

    @registry.subscribe(WorkspaceCreated, name="tests.killer")
    def killer(event):
        if event.fact.slug == "deadly":
            tries.append(1)
            raise KeyboardInterrupt  # ends the process: no handler of exceptions sees it

    announce(actor=SYSTEM, slugs=["before", "deadly", "after", "last"], now=now)
    at = now
    for _ in range(40):
        try:
            deliver_ready(clock=lambda: at)  # noqa: B023
        except KeyboardInterrupt:
            at += LEASE
    rows = Delivery.objects.values_list("event__payload__slug", "state")
    assert dict(rows) == {"before": "done", "deadly": "dead", "after": "done", "last": "done"}
    assert len(tries) == MAX_ATTEMPTS
    assert "did not come back" in Delivery.objects.get(state="dead").error


def test_a_batch_holds_facts_of_one_workspace(monkeypatch, now):
    monkeypatch.setattr(registry, "_by_fact", {})
    monkeypatch.setattr(registry, "_by_name", {})
    seen = []

    @registry.subscribe(WorkspaceCreated, name="tests.batch", batch=10)
    def batch(events):
        seen.append({event.workspace_id for event in events})
        if seen[-1] == {1}:
            announce_in(events[0].workspace_id, "echo", events[0].occurred_at)

    @action
    def announce_one(*, actor, workspace_id, slug, now):
        from uuid import uuid4

        fact = WorkspaceCreated(subject=uuid4(), slug=slug, workspace_name=slug)
        publish_many([fact], workspace_id=workspace_id, actor=actor, now=now)

    def announce_in(workspace_id, slug, now):
        announce_one(actor=SYSTEM, workspace_id=workspace_id, slug=slug, now=now)

    announce_in(1, "one", now)
    announce_in(2, "two", now)
    deliver_ready(clock=lambda: now)
    assert seen == [{1}, {2}]
    echo = Event.objects.get(payload__slug="echo")
    assert echo.cause == Event.objects.get(payload__slug="one").public_id


@pytest.mark.django_db(transaction=True)
def test_a_delivery_at_work_elsewhere_is_left_alone(monkeypatch, now):
    """The lease ran out while the handler was still running: it is neither run twice nor failed."""
    monkeypatch.setattr(registry, "_by_fact", {})
    monkeypatch.setattr(registry, "_by_name", {})
    working, done, calls = threading.Event(), threading.Event(), []

    @registry.subscribe(WorkspaceCreated, name="tests.slow")
    def slow(event):
        calls.append(event.fact.slug)
        working.set()
        done.wait(10)

    def deliver(at):
        deliver_ready(clock=lambda: at)
        connection.close()

    announce(actor=SYSTEM, slugs=["slow"], now=now)
    first = threading.Thread(target=deliver, args=[now])
    second = threading.Thread(target=deliver, args=[now + 2 * LEASE])
    first.start()
    working.wait(10)
    second.start()
    second.join(2)
    # PostgreSQL passes the locked row by; SQLite has one writer, and the second finds it done.
    assert second.is_alive() == (connection.vendor == "sqlite")
    done.set()
    for thread in (first, second):
        thread.join(10)
    row = Delivery.objects.get()
    assert (calls, row.state, row.error) == (["slow"], "done", "")
