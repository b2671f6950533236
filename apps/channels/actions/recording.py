"""What became of a claimed message. An outcome of an older claim changes nothing, save one:
that the provider took it, which is true whenever it is learned."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.channels.facts import about, tell
from apps.channels.locks import lock_recipient
from apps.channels.models import Message, Suppression
from apps.channels.types import MessageState, SuppressionKind
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import (
    MessageAccepted,
    MessageFailed,
    MessageParked,
    MessageRequeued,
    MessageUnknown,
)
from apps.workspaces.models import Workspace

MAX_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=30)
_OPEN = (MessageState.SENDING, MessageState.UNKNOWN)


@action
def record_accepted(
    *, workspace: Workspace, actor: Actor, message_pk: int, provider: str, sid: str, now: datetime
) -> Message:
    """The provider has the message under `sid`; holds whatever state the row is in."""
    message = _locked(workspace, message_pk)
    if message.provider_sid:
        unchanged("the acceptance is recorded already")
        return message
    message.state = MessageState.ACCEPTED
    message.provider, message.provider_sid = provider, sid
    message.error_code = message.error_text = ""
    _close(message, now)
    fact = MessageAccepted(
        **about(message), provider=provider, provider_sid=sid, attempt=message.attempt
    )
    tell(fact, message, actor, now)
    return message


@action
def record_failure(
    *,
    workspace: Workspace,
    actor: Actor,
    message_pk: int,
    attempt: int,
    code: str,
    text: str,
    now: datetime,
    suppresses: bool = False,
) -> Message:
    """The provider refused for good.

    `suppresses`: it reports an opt-out on the carrier's side, which binds us at once.
    """
    message = _locked(workspace, message_pk)
    if not _is_current(message, attempt):
        unchanged("a newer claim or an outcome stands")
        return message
    message.state = MessageState.FAILED
    message.error_code, message.error_text = code[:60], text[:300]
    _close(message, now)
    if suppresses:
        lock_recipient(workspace, message.contact_ref, message.to_address)
        Suppression.objects.create(
            workspace=workspace,
            kind=SuppressionKind.CARRIER,
            contact_ref=message.contact_ref,
            address=message.to_address,
            reason=f"Provider error {code}"[:200],
            suppressed_at=now,
        )
    fact = MessageFailed(
        **about(message), error_code=message.error_code, error_text=message.error_text
    )
    tell(fact, message, actor, now)
    return message


@action
def record_retry(
    *,
    workspace: Workspace,
    actor: Actor,
    message_pk: int,
    attempt: int,
    after: timedelta | None,
    reason: str,
    now: datetime,
) -> Message:
    """Certainly not taken: in line again after `after` or our own back-off; parked after five."""
    message = _locked(workspace, message_pk)
    if not _is_current(message, attempt):
        unchanged("a newer claim or an outcome stands")
        return message
    _again(message, actor, reason, now, after or FIRST_PAUSE * 2 ** (attempt - 1))
    return message


@action
def mark_unknown(
    *,
    workspace: Workspace,
    actor: Actor,
    message_pk: int,
    attempt: int,
    reason: str,
    now: datetime,
) -> Message:
    """Nobody knows whether the provider took it: it is looked up, and never sent again blindly."""
    message = _locked(workspace, message_pk)
    if message.state != MessageState.SENDING or message.attempt != attempt:
        unchanged("a newer claim or an outcome stands")
        return message
    message.state = MessageState.UNKNOWN
    message.due_at, message.lease_until = now, None
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
    message = _locked(workspace, message_pk)
    is_decided = message.state == MessageState.PARKED and actor.user_id is not None
    if message.attempt != attempt or not (message.state == MessageState.UNKNOWN or is_decided):
        unchanged("the message is no longer in doubt")
        return message
    if is_decided:
        message.attempt = 0
    _again(message, actor, reason, now, timedelta(0))
    return message


@action
def park_message(
    *, workspace: Workspace, actor: Actor, message_pk: int, reason: str, now: datetime
) -> Message:
    """Leave the decision to a person."""
    message = _locked(workspace, message_pk)
    if message.state not in (MessageState.UNKNOWN, MessageState.QUEUED):
        unchanged("the message is not waiting")
        return message
    _park(message, actor, reason, now)
    return message


def _locked(workspace: Workspace, message_pk: int) -> Message:
    rows = Message.objects.in_workspace(workspace).select_for_update(no_key=True)
    message: Message = rows.get(pk=message_pk)
    return message


def _is_current(message: Message, attempt: int) -> bool:
    return message.state in _OPEN and message.attempt == attempt


def _again(message: Message, actor: Actor, reason: str, now: datetime, after: timedelta) -> None:
    if message.attempt >= MAX_ATTEMPTS:
        _park(message, actor, f"{MAX_ATTEMPTS} attempts: {reason}", now)
        return
    message.state = MessageState.QUEUED
    message.due_at, message.lease_until = now + after, None
    message.settled_at = None
    message.error_text = reason[:300]
    message.save()
    fact = MessageRequeued(**about(message), due_at=message.due_at, reason=reason)
    tell(fact, message, actor, now)


def _park(message: Message, actor: Actor, reason: str, now: datetime) -> None:
    message.state = MessageState.PARKED
    message.error_code, message.error_text = "parked", reason[:300]
    _close(message, now)
    tell(MessageParked(**about(message), reason=reason[:300]), message, actor, now)


def _close(message: Message, now: datetime) -> None:
    message.lease_until = None
    message.settled_at = now
    message.save()
