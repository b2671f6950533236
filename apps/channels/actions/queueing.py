"""Putting a message in line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.channels.addresses import normalize_address
from apps.channels.aliases import current_ref
from apps.channels.facts import about, tell
from apps.channels.models import Message
from apps.channels.types import Channel, Purpose
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import MessageQueued
from apps.workspaces.models import Workspace


@action
def queue_message(
    *,
    workspace: Workspace,
    actor: Actor,
    contact_ref: UUID,
    deal_ref: UUID | None,
    channel: str,
    to_address: str,
    subject: str,
    body: str,
    purpose: str,
    idempotency_key: str,
    now: datetime,
    stop_if_replied_since: datetime | None = None,
) -> Message:
    """Put one message in line; the same key returns the message that has it, whatever else differs.

    Nothing is judged here: the guard decides when the message is claimed, on the facts of then.
    With `stop_if_replied_since`, a reply of the person from that instant on takes it back.
    """
    fresh = Message(
        workspace=workspace,
        idempotency_key=idempotency_key,
        channel=Channel(channel),
        purpose=Purpose(purpose),
        contact_ref=current_ref(workspace, contact_ref),
        deal_ref=deal_ref,
        to_address=normalize_address(channel, to_address),
        subject=" ".join(subject.split())[:200],
        body=body,
        due_at=now,
        queued_at=now,
        stop_if_replied_since=stop_if_replied_since,
    )
    Message.objects.bulk_create([fresh], ignore_conflicts=True)
    rows = Message.objects.in_workspace(workspace)
    message: Message = rows.get(idempotency_key=idempotency_key)
    if message.public_id != fresh.public_id:
        unchanged("a message with this key is in line already")
        return message
    fact = MessageQueued(**about(message), to_address=message.to_address, due_at=message.due_at)
    tell(fact, message, actor, now)
    return message
