"""Messages whose fate is in doubt."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.channels.actions.transitions import again, locked, park
from apps.channels.facts import about, tell
from apps.channels.models import Message
from apps.channels.types import MessageState
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import MessageUnknown
from apps.workspaces.models import Workspace


@action
def mark_unknown(
    *,
    workspace: Workspace,
    actor: Actor,
    message_pk: int,
    attempt: int,
    reason: str,
    now: datetime,
    called_until: datetime | None = None,
) -> Message:
    """Nobody knows whether the provider took it: it is looked up, and never sent again blindly.

    The call was over by `called_until` (default: now), from when on an absence may become proof.
    """
    message = locked(workspace, message_pk)
    if message.state != MessageState.SENDING or message.attempt != attempt:
        unchanged("a newer claim or an outcome stands")
        return message
    message.state = MessageState.UNKNOWN
    message.due_at, message.lease_until = called_until or now, None
    message.error_text = reason[:300]
    message.save()
    tell(MessageUnknown(**about(message), attempt=attempt), message, actor, now)
    return message


@action
def requeue_message(
    *,
    workspace: Workspace,
    actor: Actor,
    message_pk: int,
    attempt: int,
    reason: str,
    now: datetime,
) -> Message:
    """Proven not taken, or a person decided so: in line again; parked after five attempts."""
    message = locked(workspace, message_pk)
    is_decided = message.state == MessageState.PARKED and actor.user_id is not None
    if message.attempt != attempt or not (message.state == MessageState.UNKNOWN or is_decided):
        unchanged("the message is no longer in doubt")
        return message
    if is_decided:
        message.attempt = 0
    again(message, actor, reason, now, timedelta(0))
    return message


@action
def park_message(
    *, workspace: Workspace, actor: Actor, message_pk: int, reason: str, now: datetime
) -> Message:
    """Leave the decision to a person."""
    message = locked(workspace, message_pk)
    if message.state not in (MessageState.UNKNOWN, MessageState.QUEUED):
        unchanged("the message is not waiting")
        return message
    park(message, actor, reason, now)
    return message
