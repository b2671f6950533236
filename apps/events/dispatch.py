"""Delivering facts to their subscribers: claimed by state, never by position in the log."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby, takewhile

from django.db import transaction
from django.db.models import F

from apps.common.failpoints import failpoint
from apps.events.actions import Actor, caused_by
from apps.events.catalog.base import FACTS, Fact
from apps.events.errors import UnknownFact
from apps.events.models import Delivery, Event
from apps.events.registry import Received, Subscriber, find_subscriber

CLAIM_SIZE = 200
LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 8
FIRST_RETRY_SECONDS = 2.0
# Claimed this often without an end, a delivery may be the one that kills its process.
SUSPECT_ATTEMPTS = 3


def received(event: Event) -> Received[Fact]:
    """The stored row as the dataclass it was published as. Raises UnknownFact."""
    kind = FACTS.get(event.name)
    if kind is None:
        raise UnknownFact(f"no catalog class is named {event.name}")
    return Received(
        public_id=event.public_id,
        workspace_id=event.workspace_id,
        fact=kind.from_payload(event.subject, event.payload),
        actor=Actor(event.actor_kind, event.actor_id, event.actor_label),
        occurred_at=event.occurred_at,
    )


def deliver_ready(*, clock: Callable[[], datetime], limit: int = CLAIM_SIZE) -> int:
    """Claim and deliver up to `limit` due deliveries; returns how many were tried.

    Safe to run any number of times at once. A process that dies in between leaves rows whose
    lease runs out and which are then tried again.
    """
    claimed = _claim(clock(), limit)
    ordered = sorted(claimed, key=lambda row: (*_group(row), row.pk))
    for (name, _), rows in groupby(ordered, key=_group):
        _deliver_group(name, list(rows), clock)
    return len(claimed)


def _group(row: Delivery) -> tuple[str, int]:
    """What may share a batch: no handler sees, and no cause names, two workspaces at once."""
    return row.subscriber, row.event.workspace_id


def _claim(now: datetime, limit: int) -> list[Delivery]:
    with transaction.atomic():
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=Delivery.State.READY, available_at__lte=now)
            .select_related("event")
            .only("subscriber", "attempts", "event__workspace_id")
            .order_by("available_at", "id")[:limit]
        )
        rows = _unsuspected(rows) or rows[:1]
        # The attempt counts from here, so that a handler which kills its process is bounded too.
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            attempts=F("attempts") + 1, available_at=now + LEASE
        )
    for row in rows:
        row.attempts += 1
    return rows


def _unsuspected(rows: list[Delivery]) -> list[Delivery]:
    """The rows before the first suspect. A suspect is claimed alone, so that one which kills its
    process takes nobody else's attempts with it."""
    return list(takewhile(lambda row: row.attempts < SUSPECT_ATTEMPTS, rows))


def _deliver_group(name: str, rows: list[Delivery], clock: Callable[[], datetime]) -> None:
    subscriber = find_subscriber(name)
    if subscriber is None:
        _fail(rows, f"no subscriber is named {name}", clock(), is_final=True)
        return
    lost = [row for row in rows if row.attempts > MAX_ATTEMPTS]
    _fail(lost, f"its process did not come back, {MAX_ATTEMPTS} times", clock(), is_final=True)
    rows = [row for row in rows if row.attempts <= MAX_ATTEMPTS]
    size = subscriber.batch or 1
    for start in range(0, len(rows), size):
        batch = rows[start : start + size]
        try:
            _handle(subscriber, batch, clock())
        except Exception:
            if len(batch) > 1:
                _one_by_one(subscriber, batch, clock)
            else:
                _fail(batch, traceback.format_exc(), clock())


def _one_by_one(
    subscriber: Subscriber, rows: list[Delivery], clock: Callable[[], datetime]
) -> None:
    """One bad fact must not hold back the others of its batch."""
    for row in rows:
        try:
            _handle(subscriber, [row], clock())
        except Exception:
            _fail([row], traceback.format_exc(), clock())


def _handle(subscriber: Subscriber, rows: list[Delivery], now: datetime) -> None:
    with transaction.atomic():
        locked = list(
            # Whoever holds a row is at work on it: a claim that outlived its lease need not wait.
            Delivery.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk__in=[row.pk for row in rows], state=Delivery.State.READY)
            .select_related("event")
            .order_by("pk")
        )
        if not locked:
            return
        facts = [received(row.event) for row in locked]
        with caused_by(facts[-1].public_id):
            subscriber.handler(facts if subscriber.batch else facts[0])
        failpoint("dispatch.before_receipt")
        Delivery.objects.filter(pk__in=[row.pk for row in locked]).update(
            state=Delivery.State.DONE, done_at=now, error=""
        )


def _fail(rows: list[Delivery], error: str, now: datetime, *, is_final: bool = False) -> None:
    for row in rows:
        is_dead = is_final or row.attempts >= MAX_ATTEMPTS
        pause = FIRST_RETRY_SECONDS * 2 ** (row.attempts - 1) * random.uniform(0.8, 1.2)
        Delivery.objects.filter(pk=row.pk, state=Delivery.State.READY).update(
            state=Delivery.State.DEAD if is_dead else Delivery.State.READY,
            available_at=now + timedelta(seconds=pause),
            error=error[-8000:],
        )
