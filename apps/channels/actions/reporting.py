"""Delivery reports of providers, which come late, twice and in any order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from apps.channels.facts import about, tell
from apps.channels.models import Message, RawCall
from apps.channels.types import MessageState
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import MessageDelivered, MessageFailed
from apps.workspaces.models import Workspace

# A report can only move a message up: delivered stands over failed, as a provider that first
# gave up and then got through has got through.
_RANKS = {MessageState.ACCEPTED: 1, MessageState.FAILED: 2, MessageState.DELIVERED: 3}


@dataclass(frozen=True)
class StatusReport:
    """One verified report, in our words. `external_id` names this very call."""

    provider: str
    provider_sid: str
    external_id: str
    state: MessageState
    error_code: str = ""
    error_text: str = ""
    raw: dict[str, str] = field(default_factory=dict)


@action
def apply_status_callback(
    *, workspace: Workspace, actor: Actor, report: StatusReport, now: datetime
) -> Message | None:
    """Apply a report if it says something new; None when no message has this id.

    Any order and number of the same reports end in the same state.
    """
    RawCall.objects.bulk_create(
        [
            RawCall(
                workspace=workspace,
                provider=report.provider,
                kind="status",
                external_id=report.external_id,
                payload=dict(report.raw),
                received_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    rows = Message.objects.in_workspace(workspace).select_for_update(no_key=True)
    message: Message | None = rows.filter(
        provider=report.provider, provider_sid=report.provider_sid
    ).first()
    rank = _RANKS.get(report.state, 0)
    if message is None or rank <= _RANKS.get(MessageState(message.state), 0):
        unchanged("the report says nothing new")
        return message
    message.state = report.state
    if report.error_code:
        message.error_code = report.error_code[:60]
        message.error_text = report.error_text[:300]
    message.settled_at = now
    message.save()
    if report.state == MessageState.DELIVERED:
        tell(MessageDelivered(**about(message)), message, actor, now)
    else:
        fact = MessageFailed(
            **about(message), error_code=message.error_code, error_text=message.error_text
        )
        tell(fact, message, actor, now)
    return message
