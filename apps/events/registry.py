"""Which subscriber wants which fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from apps.events.actions import Actor
from apps.events.catalog.base import Fact

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Received(Generic[F]):
    """A fact as a subscriber sees it."""

    public_id: UUID
    workspace_id: int
    fact: F
    actor: Actor
    occurred_at: datetime


@dataclass(frozen=True)
class Subscriber:
    """`batch` 0: the handler takes one fact; otherwise a list of up to `batch`."""

    name: str
    handler: Callable[[Any], None]
    batch: int


_by_fact: dict[str, list[Subscriber]] = {}
_by_name: dict[str, Subscriber] = {}


def subscribe(
    *facts: type[Fact], name: str, batch: int = 0
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Register a handler for facts. It runs at least once per fact; its database effects once.

    `name` is stored with every delivery and must stay the same for good.
    """

    def register(handler: Callable[[Any], None]) -> Callable[[Any], None]:
        if name in _by_name:
            raise ValueError(f"two subscribers are named {name}")
        subscriber = Subscriber(name, handler, batch)
        _by_name[name] = subscriber
        for fact in facts:
            _by_fact.setdefault(fact.name, []).append(subscriber)
        return handler

    return register


def subscribers_of(fact_name: str) -> list[Subscriber]:
    return _by_fact.get(fact_name, [])


def find_subscriber(name: str) -> Subscriber | None:
    return _by_name.get(name)
