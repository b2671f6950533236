"""Writing facts into the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.events.actions import Actor, current_cause, current_scope
from apps.events.catalog.base import Fact
from apps.events.errors import NotOneFact
from apps.events.models import Delivery, Event
from apps.events.registry import subscribers_of
from apps.events.wake import wake_dispatcher

BATCH = 1000


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
    cause = current_cause()
    stored = Event.objects.bulk_create(
        [
            Event(
                workspace_id=workspace_id,
                name=fact.name,
                subject_kind=fact.subject_kind,
                subject=fact.subject,
                deal=fact.deal_id(),
                actor_kind=actor.kind,
                actor_id=actor.id,
                actor_label=actor.label,
                cause=cause,
                payload=fact.to_payload(),
                occurred_at=now,
            )
            for fact in facts
        ],
        batch_size=BATCH,
    )
    deliveries = [
        Delivery(event=event, subscriber=subscriber.name, available_at=now)
        for event in stored
        for subscriber in subscribers_of(event.name)
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries, batch_size=BATCH)
        transaction.on_commit(wake_dispatcher)
    return [event.public_id for event in stored]
