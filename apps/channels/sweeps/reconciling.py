"""Settling messages whose fate nobody knows: ask the provider, never send again blindly."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apps.channels.actions import (
    mark_unknown,
    park_message,
    record_accepted,
    requeue_message,
)
from apps.channels.handing import outbound_of
from apps.channels.models import Message
from apps.channels.providers.base import Absent, Found
from apps.channels.providers.registry import open_provider
from apps.channels.types import MessageState
from apps.events.actions import Actor

log = logging.getLogger(__name__)
ACTOR = Actor.system("channels.reconciling")
PAGE = 200
LOOK_AGAIN = timedelta(seconds=60)


def reconcile(*, clock: Callable[[], datetime], limit: int = PAGE) -> int:
    """Look at claims whose lease ran out and at messages in doubt; returns how many.

    Safe at any time and in any number of processes: each step checks the row again under lock.
    """
    now = clock()
    expired = Message.across_workspaces.filter(
        state=MessageState.SENDING, lease_until__lte=now
    ).select_related("workspace")
    for message in expired.order_by("lease_until")[:limit]:
        _guarded(message, clock, _doubt)
    doubtful = list(
        Message.across_workspaces.filter(state=MessageState.UNKNOWN, due_at__lte=now)
        .select_related("workspace", "connection")
        .order_by("due_at", "pk")[:limit]
    )
    for message in doubtful:
        _guarded(message, clock, _look_up)
    return len(doubtful)


def _guarded(
    message: Message,
    clock: Callable[[], datetime],
    settle: Callable[[Message, Callable[[], datetime]], None],
) -> None:
    """One message that cannot be settled may not keep the others, of any workspace, in doubt."""
    try:
        settle(message, clock)
    except Exception:
        log.exception("message %s cannot be settled", message.pk)
        _look_again(message, clock())


def _look_again(message: Message, now: datetime) -> None:
    """Go to the end of the line: whoever is at its head is asked about first."""
    rows = Message.across_workspaces.filter(pk=message.pk, attempt=message.attempt)
    rows.filter(state=MessageState.UNKNOWN).update(due_at=now + LOOK_AGAIN)


def _doubt(message: Message, clock: Callable[[], datetime]) -> None:
    mark_unknown(
        workspace=message.workspace,
        actor=ACTOR,
        message_pk=message.pk,
        attempt=message.attempt,
        reason="The worker did not come back.",
        called_until=message.lease_until,
        now=clock(),
    )


def _look_up(message: Message, clock: Callable[[], datetime]) -> None:
    """Found: accepted. Absent once an acceptance must have shown: in line again. Else a person."""
    since = message.claimed_at or message.queued_at
    if message.connection is None:
        _park(message, "The connection it was sent by is gone.", clock())
        return
    provider = open_provider(message.connection)
    try:
        trace = provider.find(outbound_of(message), since)
    except Exception:  # the provider cannot be reached: the next sweep asks again
        log.warning("message %s cannot be looked up", message.pk, exc_info=True)
        _look_again(message, clock())
        return
    now = clock()
    if isinstance(trace, Found):
        record_accepted(
            workspace=message.workspace,
            actor=ACTOR,
            message_pk=message.pk,
            provider=message.connection.provider,
            sid=trace.sid,
            now=now,
        )
    elif now < message.due_at + provider.settle:
        return
    elif isinstance(trace, Absent):
        requeue_message(
            workspace=message.workspace,
            actor=ACTOR,
            message_pk=message.pk,
            attempt=message.attempt,
            reason="The provider never got it.",
            now=now,
        )
    else:
        _park(message, trace.why or "The provider cannot tell.", now)


def _park(message: Message, reason: str, now: datetime) -> None:
    park_message(
        workspace=message.workspace, actor=ACTOR, message_pk=message.pk, reason=reason, now=now
    )
