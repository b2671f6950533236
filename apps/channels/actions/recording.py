"""What became of a claimed message. An outcome of an older claim changes nothing, save one:
that the provider took it, which is true whenever it is learned."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.channels.actions.transitions import again, close, is_current, locked
from apps.channels.facts import about, tell
from apps.channels.locks import lock_recipient
from apps.channels.models import Message, Suppression
from apps.channels.types import MessageState, SuppressionKind
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import (
    MessageAccepted,
    MessageFailed,
)
from apps.workspaces.models import Workspace

FIRST_PAUSE = timedelta(seconds=30)


@action
def record_accepted(
    *, workspace: Workspace, actor: Actor, message_pk: int, provider: str, sid: str, now: datetime
) -> Message:
    """The provider has the message under `sid`; holds whatever state the row is in."""
    message = locked(workspace, message_pk)
    if message.provider_sid:
        unchanged("the acceptance is recorded already")
        return message
    message.state = MessageState.ACCEPTED
    message.provider, message.provider_sid = provider, sid
    message.error_code = message.error_text = ""
    close(message, now)
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
    message = locked(workspace, message_pk)
    if not is_current(message, attempt):
        unchanged("a newer claim or an outcome stands")
        return message
    message.state = MessageState.FAILED
    message.error_code, message.error_text = code[:60], text[:300]
    close(message, now)
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
    message = locked(workspace, message_pk)
    if not is_current(message, attempt):
        unchanged("a newer claim or an outcome stands")
        return message
    again(message, actor, reason, now, after or FIRST_PAUSE * 2 ** (attempt - 1))
    return message
