"""Settling messages whose fate nobody knows: ask the provider, never send again blindly."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

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


def reconcile(*, clock: Callable[[], datetime], limit: int = PAGE) -> int:
    """Look at claims whose lease ran out and at messages in doubt; returns how many.

    Safe at any time and in any number of processes: each step checks the row again under lock.
    """
    now = clock()
    expired = Message.across_workspaces.filter(
        state=MessageState.SENDING, lease_until__lte=now
    ).select_related("workspace")
    for message in expired.order_by("lease_until")[:limit]:
        mark_unknown(
            workspace=message.workspace,
            actor=ACTOR,
            message_pk=message.pk,
            attempt=message.attempt,
            reason="The worker did not come back.",
            now=now,
        )
    doubtful = list(
        Message.across_workspaces.filter(state=MessageState.UNKNOWN, due_at__lte=now)
        .select_related("workspace", "connection")
        .order_by("due_at", "pk")[:limit]
    )
    for message in doubtful:
        _look_up(message, clock)
    return len(doubtful)


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
    elif now < since + provider.settle:
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
