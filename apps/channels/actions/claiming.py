"""Taking a message up: the guard's last word and the claim, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.channels.facts import about, summary, tell
from apps.channels.gathering import attempt_for, seen
from apps.channels.locks import lock_recipient
from apps.channels.models import Decision, Message
from apps.channels.queries.people import has_reply_since
from apps.channels.rules.guard import judge
from apps.channels.types import (
    Attempt,
    Channel,
    Judgment,
    MessageState,
    OutboundMessage,
    Reason,
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
    lock_recipient(workspace, message.contact_ref, message.to_address)
    if _was_answered(workspace, message):
        _settle(message, MessageState.CANCELED, now, "replied", "The seller wrote back.")
        tell(MessageCanceled(**about(message), reason="replied"), message, actor, now)
        return None
    connection = find_connection(workspace, message.channel)
    attempt = attempt_for(message, workspace, connection, now)
    judgment = judge(attempt)
    decision = _store(message, attempt, judgment)
    if judgment.verdict == Verdict.BLOCK or connection is None:
        first = judgment.reasons[0]
        _settle(message, MessageState.BLOCKED, now, first.code, first.sentence)
        fact = MessageBlocked(**about(message), decision=summary(decision))
        tell(fact, message, actor, now)
        return None
    if judgment.until is not None:
        message.due_at = judgment.until
        message.save(update_fields=["due_at"])
        deferred = MessageDeferred(
            **about(message), until=judgment.until, decision=summary(decision)
        )
        tell(deferred, message, actor, now)
        return None
    _claim(message, attempt, connection, now)
    claimed = MessageClaimed(**about(message), attempt=message.attempt, decision=summary(decision))
    tell(claimed, message, actor, now)
    return _handed_out(message, connection)


def _take(workspace: Workspace, message_pk: int, now: datetime) -> Message | None:
    rows = Message.objects.in_workspace(workspace).select_for_update(skip_locked=True, no_key=True)
    message: Message | None = rows.filter(
        pk=message_pk, state=MessageState.QUEUED, due_at__lte=now
    ).first()
    return message


def _was_answered(workspace: Workspace, message: Message) -> bool:
    since = message.stop_if_replied_since
    return since is not None and has_reply_since(workspace, message.contact_ref, since)


def _store(message: Message, attempt: Attempt, judgment: Judgment) -> Decision:
    return Decision.objects.create(
        workspace_id=message.workspace_id,
        message=message,
        attempt=message.attempt + 1,
        verdict=judgment.verdict,
        until=judgment.until,
        reasons=[_plain(reason) for reason in judgment.reasons],
        live_verdict=judgment.live.verdict,
        live_until=judgment.live.until,
        live_reasons=[_plain(reason) for reason in judgment.live.reasons],
        is_sandbox=attempt.connection.is_sandbox,
        rules_version=judgment.version,
        seen=seen(attempt),
        decided_at=attempt.now,
    )


def _plain(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "sentence": reason.sentence, "rule": reason.rule}


def _settle(message: Message, state: MessageState, now: datetime, code: str, text: str) -> None:
    message.state = state
    message.settled_at = now
    message.error_code, message.error_text = code, text
    message.save(update_fields=["state", "settled_at", "error_code", "error_text"])


def _claim(message: Message, attempt: Attempt, connection: Connection, now: datetime) -> None:
    message.state = MessageState.SENDING
    message.attempt += 1
    message.claimed_at = now
    message.lease_until = now + LEASE
    message.connection = connection
    message.provider = connection.provider
    message.from_address = connection.from_address
    message.body = attempt.body
    message.save()


def _handed_out(message: Message, connection: Connection) -> Claim:
    assert message.lease_until is not None  # noqa: S101 - set by _claim
    return Claim(message.pk, message.attempt, message.lease_until, connection, outbound_of(message))


def outbound_of(message: Message) -> OutboundMessage:
    """The message as its provider gets it; the same at every attempt."""
    return OutboundMessage(
        client_ref=message.public_id,
        workspace_id=message.workspace_id,
        channel=Channel(message.channel),
        to_address=message.to_address,
        from_address=message.from_address,
        subject=message.subject,
        body=message.body,
    )
