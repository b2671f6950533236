"""A conversation as people read it: what went out, what came in, what did not go and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.channels.aliases import all_refs
from apps.channels.models import Decision, InboundMessage, Message

THREAD_LENGTH = 200


@dataclass(frozen=True)
class ThreadEntry:
    """One bubble. `decision` is the guard's latest answer about an outbound message."""

    is_outbound: bool
    at: datetime
    channel: str
    channel_label: str
    subject: str
    body: str
    address: str
    state: str
    state_label: str
    public_id: UUID
    message: Message | None = None
    inbound: InboundMessage | None = None
    decision: Decision | None = None


def find_message(workspace: Any, idempotency_key: str) -> Message | None:
    rows = Message.objects.in_workspace(workspace)
    return rows.filter(idempotency_key=idempotency_key).first()


def get_message(workspace: Any, public_id: UUID) -> Message:
    """Raises Message.DoesNotExist."""
    message: Message = Message.objects.in_workspace(workspace).get(public_id=public_id)
    return message


def list_thread(workspace: Any, contact_ref: UUID, limit: int = THREAD_LENGTH) -> list[ThreadEntry]:
    """The newest `limit` messages of one person over all channels, oldest first."""
    refs = all_refs(workspace, contact_ref)
    sent = Message.objects.in_workspace(workspace).filter(contact_ref__in=refs)
    came = InboundMessage.objects.in_workspace(workspace).filter(contact_ref__in=refs)
    out = list(sent.order_by("-queued_at", "-pk")[:limit])
    back = list(came.order_by("-received_at", "-pk")[:limit])
    decisions = _latest_decisions(workspace, [message.pk for message in out])
    entries = [_outbound(message, decisions.get(message.pk)) for message in out]
    entries += [_inbound(message) for message in back]
    entries.sort(key=lambda entry: (entry.at, not entry.is_outbound))
    return entries[-limit:]


def count_blocked_since(workspace: Any, since: datetime) -> int:
    rows = Message.objects.in_workspace(workspace)
    return int(rows.filter(state="blocked", settled_at__gte=since).count())


def _latest_decisions(workspace: Any, message_ids: list[int]) -> dict[int, Decision]:
    rows = Decision.objects.in_workspace(workspace).filter(message_id__in=message_ids)
    return {row.message_id: row for row in rows.order_by("pk")}


def _outbound(message: Message, decision: Decision | None) -> ThreadEntry:
    return ThreadEntry(
        is_outbound=True,
        at=message.claimed_at or message.queued_at,
        channel=message.channel,
        channel_label=message.get_channel_display(),
        subject=message.subject,
        body=message.body,
        address=message.to_address,
        state=message.state,
        state_label=message.get_state_display(),
        public_id=message.public_id,
        message=message,
        decision=decision,
    )


def _inbound(message: InboundMessage) -> ThreadEntry:
    return ThreadEntry(
        is_outbound=False,
        at=message.received_at,
        channel=message.channel,
        channel_label=message.get_channel_display(),
        subject="",
        body=message.body,
        address=message.from_address,
        state="received",
        state_label="Received",
        public_id=message.public_id,
        inbound=message,
    )
