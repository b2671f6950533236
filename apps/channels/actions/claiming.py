"""Taking a message up: the guard's last word and the claim, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.channels.aliases import current_ref
from apps.channels.deciding import stored
from apps.channels.facts import about, summary, tell
from apps.channels.gathering import attempt_for
from apps.channels.handing import outbound_of
from apps.channels.locks import lock_recipient
from apps.channels.models import Decision, Message
from apps.channels.queries.people import has_reply_since
from apps.channels.rules.guard import judge
from apps.channels.types import (
    Attempt,
    Judgment,
    MessageState,
    OutboundMessage,
    Verdict,
)
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import (
    MessageBlocked,
    MessageCanceled,
    MessageClaimed,
    MessageDeferred,
)
from apps.workspaces.models import Connection, Workspace
from apps.workspaces.queries import find_connection

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Claim:
    """The right to send one message once, until `lease_until`."""

    message_pk: int
    attempt: int
    lease_until: datetime
    connection: Connection
    outbound: OutboundMessage


@action
def claim_message(
    *, workspace: Workspace, actor: Actor, message_pk: int, now: datetime
) -> Claim | None:
    """Judge a due message under its recipient's lock and take it if it may go now.

    Returns None when another worker has it, or when it was put off, refused or taken back.
    The claim is committed before anybody talks to the provider, so a process that dies later
    leaves a row that says so.
    """
    message = _take(workspace, message_pk, now)
    if message is None:
        unchanged("the message is not due or another worker has it")
        return None
    person = current_ref(workspace, message.contact_ref)
    lock_recipient(workspace, person, message.to_address)
    if current_ref(workspace, person) != person:
        unchanged("the person was just made one with another; the next sweep takes it up")
        return None
    if message.contact_ref != person:
        message.contact_ref = person
        message.save(update_fields=["contact_ref"])
    if _was_answered(workspace, message):
        _settle(message, MessageState.CANCELED, now, "replied", "The seller wrote back.")
        tell(MessageCanceled(**about(message), reason="replied"), message, actor, now)
        return None
    connection = find_connection(workspace, message.channel)
    attempt = attempt_for(message, workspace, connection, now)
    judgment = judge(attempt)
    decision = stored(message, attempt, judgment)
    if judgment.verdict == Verdict.BLOCK or connection is None:
        _refuse(message, judgment, decision, actor, now)
        return None
    if judgment.until is not None:
        _put_off(message, judgment.until, decision, actor, now)
        return None
    claim = _claim(message, attempt, connection, now)
    claimed = MessageClaimed(**about(message), attempt=claim.attempt, decision=summary(decision))
    tell(claimed, message, actor, now)
    return claim


def _refuse(
    message: Message, judgment: Judgment, decision: Decision, actor: Actor, now: datetime
) -> None:
    first = judgment.reasons[0]
    _settle(message, MessageState.BLOCKED, now, first.code, first.sentence)
    fact = MessageBlocked(**about(message), decision=summary(decision))
    tell(fact, message, actor, now)


def _put_off(
    message: Message, until: datetime, decision: Decision, actor: Actor, now: datetime
) -> None:
    message.due_at = until
    message.save(update_fields=["due_at"])
    fact = MessageDeferred(**about(message), until=until, decision=summary(decision))
    tell(fact, message, actor, now)


def _take(workspace: Workspace, message_pk: int, now: datetime) -> Message | None:
    rows = Message.objects.in_workspace(workspace).select_for_update(skip_locked=True, no_key=True)
    message: Message | None = rows.filter(
        pk=message_pk, state=MessageState.QUEUED, due_at__lte=now
    ).first()
    return message


def _was_answered(workspace: Workspace, message: Message) -> bool:
    since = message.stop_if_replied_since
    return since is not None and has_reply_since(workspace, message.contact_ref, since)


def _settle(message: Message, state: MessageState, now: datetime, code: str, text: str) -> None:
    message.state = state
    message.settled_at = now
    message.error_code, message.error_text = code, text
    message.save(update_fields=["state", "settled_at", "error_code", "error_text"])


def _claim(message: Message, attempt: Attempt, connection: Connection, now: datetime) -> Claim:
    lease_until = now + LEASE
    message.state = MessageState.SENDING
    message.attempt += 1
    message.claimed_at = now
    message.lease_until = lease_until
    message.connection = connection
    message.provider = connection.provider
    message.from_address = connection.from_address
    message.body = attempt.body
    message.save()
    return Claim(message.pk, message.attempt, lease_until, connection, outbound_of(message))
