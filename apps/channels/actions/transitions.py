"""Steps in a message's life that several actions share; the caller holds the row."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.channels.facts import about, tell
from apps.channels.models import Message
from apps.channels.types import MessageState
from apps.events.actions import Actor
from apps.events.catalog.channels import MessageParked, MessageRequeued
from apps.workspaces.models import Workspace

MAX_ATTEMPTS = 5
_OPEN = (MessageState.SENDING, MessageState.UNKNOWN)


def locked(workspace: Workspace, message_pk: int) -> Message:
    rows = Message.objects.in_workspace(workspace).select_for_update(no_key=True)
    message: Message = rows.get(pk=message_pk)
    return message


def is_current(message: Message, attempt: int) -> bool:
    return message.state in _OPEN and message.attempt == attempt


def again(message: Message, actor: Actor, reason: str, now: datetime, after: timedelta) -> None:
    if message.attempt >= MAX_ATTEMPTS:
        park(message, actor, f"{MAX_ATTEMPTS} attempts: {reason}", now)
        return
    message.state = MessageState.QUEUED
    message.due_at, message.lease_until = now + after, None
    message.settled_at = None
    message.error_text = reason[:300]
    message.save()
    fact = MessageRequeued(**about(message), due_at=message.due_at, reason=reason)
    tell(fact, message, actor, now)


def park(message: Message, actor: Actor, reason: str, now: datetime) -> None:
    message.state = MessageState.PARKED
    message.error_code, message.error_text = "parked", reason[:300]
    close(message, now)
    tell(MessageParked(**about(message), reason=reason[:300]), message, actor, now)


def close(message: Message, now: datetime) -> None:
    message.lease_until = None
    message.settled_at = now
    message.save()
