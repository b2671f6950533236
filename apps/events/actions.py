"""The frame of every business action: one transaction, one fact, one known actor."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction

from apps.events.errors import ActionInsideAction, NetworkInsideAction, NotOneFact

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Actor:
    """Who acts. `kind`: user, system, api_key, contact or provider; `label` is for people."""

    kind: str
    id: str
    label: str

    @classmethod
    def user(cls, user: Any) -> Actor:
        return cls("user", str(user.pk), str(user)[:120])

    @classmethod
    def system(cls, name: str) -> Actor:
        return cls("system", "", name)

    @classmethod
    def api_key(cls, key: Any) -> Actor:
        return cls("api_key", str(key.pk), str(key)[:120])

    @classmethod
    def contact(cls, public_id: UUID, label: str) -> Actor:
        return cls("contact", str(public_id), label[:120])

    @classmethod
    def provider(cls, name: str) -> Actor:
        return cls("provider", "", name)

    @property
    def user_id(self) -> int | None:
        return int(self.id) if self.kind == "user" else None


@dataclass
class Scope:
    """The action now running in this context."""

    name: str
    actor: Actor
    published: int = 0
    unchanged: str = ""


_scope: ContextVar[Scope | None] = ContextVar("action_scope", default=None)
_cause: ContextVar[UUID | None] = ContextVar("event_cause", default=None)


def current_scope() -> Scope | None:
    return _scope.get()


def current_cause() -> UUID | None:
    """Public id of the fact that is being handled, if any."""
    return _cause.get()


@contextmanager
def caused_by(event: UUID) -> Iterator[None]:
    """Facts published in this block name `event` as their cause."""
    token = _cause.set(event)
    try:
        yield
    finally:
        _cause.reset(token)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` as one action.

    Opens a transaction, names actor and action for record history, and requires exactly one call
    of `publish` or `publish_many`; an action that found its work already done calls `unchanged`
    instead. Raises NotOneFact or ActionInsideAction, and rolls back on any exception.
    """
    name = f"{function.__module__.removeprefix('apps.')}.{function.__name__}"

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = _scope.get()
        if outer is not None:
            raise ActionInsideAction(f"{name} was called inside {outer.name}")
        actor = kwargs["actor"]
        if not isinstance(actor, Actor):
            raise TypeError(f"{name} needs actor=Actor(…)")
        scope = Scope(name, actor)
        token = _scope.set(scope)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                _require_one_fact(scope)
                return result
        finally:
            _scope.reset(token)

    run.is_action = True  # type: ignore[attr-defined]
    return run


def _require_one_fact(scope: Scope) -> None:
    if scope.unchanged and not scope.published:
        return
    if scope.unchanged or scope.published != 1:
        raise NotOneFact(f"{scope.name} published {scope.published} facts; one action, one fact")


def unchanged(why: str) -> None:
    """Declare that the running action found its work already done and changed nothing."""
    scope = _scope.get()
    if scope is None:
        raise NotOneFact("unchanged() was called outside an action")
    scope.unchanged = why


def assert_no_action() -> None:
    """Providers call this first: no network call may run while a transaction is open."""
    scope = _scope.get()
    if scope is not None:
        raise NetworkInsideAction(f"a provider was called inside {scope.name}")
