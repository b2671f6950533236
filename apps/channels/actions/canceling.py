"""Taking messages back before they go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.channels.aliases import all_refs
from apps.channels.facts import about, tell
from apps.channels.models import Message
from apps.channels.types import MessageState, Purpose
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import MessageCanceled
from apps.events.publish import publish_many
from apps.workspaces.models import Workspace

_CANCELABLE = (MessageState.QUEUED, MessageState.PARKED)
_SENTENCES = {
    "replied": "The seller wrote back.",
    "opt_out": "The seller asked not to be contacted.",
    "sequence_stopped": "The follow-up was stopped.",
    "by_hand": "Somebody took it back.",
}


@action
def cancel_message(
    *, workspace: Workspace, actor: Actor, idempotency_key: str, reason: str, now: datetime
) -> Message | None:
    """Take back one message that has not left; None if there is none with this key."""
    rows = Message.objects.in_workspace(workspace).select_for_update(no_key=True)
    message: Message | None = rows.filter(idempotency_key=idempotency_key).first()
    if message is None or message.state not in _CANCELABLE:
        unchanged("there is nothing to take back")
        return message
    _cancel(message, reason, now)
    tell(MessageCanceled(**about(message), reason=reason), message, actor, now)
    return message


@action
def cancel_waiting(
    *,
    workspace: Workspace,
    actor: Actor,
    contact_ref: UUID,
    replied_at: datetime,
    is_opt_out: bool,
    now: datetime,
) -> list[Message]:
    """Take back what waits for somebody who wrote: everything after an opt-out, else what asked
    to be taken back on a reply since before `replied_at`."""
    wanted = Q(stop_if_replied_since__lte=replied_at)
    if is_opt_out:
        wanted = ~Q(purpose=Purpose.OPT_OUT_CONFIRMATION)
    rows = Message.objects.in_workspace(workspace).select_for_update(no_key=True)
    waiting = list(
        rows.filter(
            wanted, contact_ref__in=all_refs(workspace, contact_ref), state__in=_CANCELABLE
        ).order_by("pk")
    )
    if not waiting:
        unchanged("nothing waits for this person")
        return []
    reason = "opt_out" if is_opt_out else "replied"
    for message in waiting:
        _cancel(message, reason, now)
    publish_many(
        [MessageCanceled(**about(message), reason=reason) for message in waiting],
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return waiting


def _cancel(message: Message, reason: str, now: datetime) -> None:
    message.state = MessageState.CANCELED
    message.settled_at = now
    message.error_code, message.error_text = reason[:60], _SENTENCES.get(reason, reason)[:300]
    message.save(update_fields=["state", "settled_at", "error_code", "error_text"])
