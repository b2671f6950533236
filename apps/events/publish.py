"""Writing facts into the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.common.bulk import insert_rows, reserve_ids
from apps.common.ids import new_uuids
from apps.events.actions import Actor, current_cause, current_scope
from apps.events.catalog.base import Fact
from apps.events.errors import NotOneFact
from apps.events.models import Delivery, Event
from apps.events.registry import subscribers_of
from apps.events.wake import wake_dispatcher

# Written past the ORM: an import publishes thousands of facts at once, and building model
# instances would cost more than storing them.
COLUMNS = (
    "id",
    "public_id",
    "workspace_id",
    "name",
    "subject_kind",
    "subject",
    "deal",
    "actor_kind",
    "actor_id",
    "actor_label",
    "cause",
    "payload",
    "occurred_at",
)
DELIVERY_COLUMNS = ("event_id", "subscriber", "state", "attempts", "available_at", "error")
READY = str(Delivery.State.READY)


def publish(fact: Fact, *, workspace_id: int, actor: Actor, now: datetime) -> UUID:
    """Store one fact and its deliveries; returns its public id. Raises NotOneFact."""
    _count_one_publish()
    return _store([fact], workspace_id, actor, now)[0]


def publish_many(
    facts: Iterable[Fact], *, workspace_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Store the facts of one set-based action, in order. An empty batch is refused (NotOneFact)."""
    _count_one_publish()
    stored = _store(list(facts), workspace_id, actor, now)
    if not stored:
        raise NotOneFact("publish_many was called without facts; call unchanged() instead")
    return stored


def _count_one_publish() -> None:
    scope = current_scope()
    if scope is None:
        raise NotOneFact("facts are published inside an action only")
    scope.published += 1


def _store(facts: list[Fact], workspace_id: int, actor: Actor, now: datetime) -> list[UUID]:
    ids = reserve_ids(Event, len(facts))
    public_ids = new_uuids(len(facts))
    cause = current_cause()
    insert_rows(
        Event,
        COLUMNS,
        (
            (
                row_id,
                public_id,
                workspace_id,
                fact.name,
                fact.subject_kind,
                fact.subject,
                fact.deal_id(),
                actor.kind,
                actor.id,
                actor.label,
                cause,
                json.dumps(fact.to_payload()),
                now,
            )
            for row_id, public_id, fact in zip(ids, public_ids, facts, strict=True)
        ),
    )
    deliveries = [
        (row_id, subscriber.name, READY, 0, now, "")
        for row_id, fact in zip(ids, facts, strict=True)
        for subscriber in subscribers_of(fact.name)
    ]
    if deliveries:
        insert_rows(Delivery, DELIVERY_COLUMNS, deliveries)
        transaction.on_commit(wake_dispatcher)
    return public_ids
