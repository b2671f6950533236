"""What we do with a conversation on our desk: read, assign, put aside, close, open again."""

from __future__ import annotations

from datetime import datetime

from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.inbox import (
    ConversationAssigned,
    ConversationClosed,
    ConversationRead,
    ConversationReopened,
    ConversationSnoozed,
)
from apps.events.publish import publish
from apps.inbox.actions.rows import about, lock_conversation
from apps.inbox.models import Conversation
from apps.inbox.types import ConversationState
from apps.workspaces.models import Membership, User, Workspace


class AssigneeNotMember(ValueError):
    """The user does not belong to the workspace."""


@action
def mark_read(
    *, workspace: Workspace, actor: Actor, conversation: Conversation, now: datetime
) -> Conversation:
    """Nothing is unread; the clock goes on, because reading is no answer."""
    row = lock_conversation(workspace, conversation)
    if not row.unread_count:
        unchanged("nothing is unread")
        return row
    row.unread_count = 0
    row.save(update_fields=["unread_count"])
    publish(ConversationRead(**about(row)), workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def assign_conversation(
    *,
    workspace: Workspace,
    actor: Actor,
    conversation: Conversation,
    user: User | None,
    now: datetime,
) -> Conversation:
    """Put it on a member's desk, or on nobody's. Raises AssigneeNotMember."""
    if user and not Membership.objects.filter(workspace=workspace, user=user).exists():
        raise AssigneeNotMember("That person does not belong to this workspace.")
    row = lock_conversation(workspace, conversation)
    if row.assigned_to_id == (user.pk if user else None):
        unchanged("it lies on that desk already")
        return row
    row.assigned_to = user
    row.save(update_fields=["assigned_to"])
    fact = ConversationAssigned(**about(row), user_id=user.pk if user else None)
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def snooze_conversation(
    *,
    workspace: Workspace,
    actor: Actor,
    conversation: Conversation,
    until: datetime,
    now: datetime,
) -> Conversation:
    """Out of sight until then, or until the contact writes again."""
    row = lock_conversation(workspace, conversation)
    if row.state == ConversationState.CLOSED or row.snoozed_until == until:
        unchanged("it is closed or asleep until then")
        return row
    row.snoozed_until = until
    row.save(update_fields=["snoozed_until"])
    fact = ConversationSnoozed(**about(row), until=until)
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def close_conversation(
    *, workspace: Workspace, actor: Actor, conversation: Conversation, now: datetime
) -> Conversation:
    """Done for now: nothing unread, no clock. A new message opens it again."""
    row = lock_conversation(workspace, conversation)
    if row.state == ConversationState.CLOSED:
        unchanged("it is closed already")
        return row
    row.state, row.unread_count = ConversationState.CLOSED, 0
    row.first_unanswered_at, row.snoozed_until = None, None
    row.save()
    publish(ConversationClosed(**about(row)), workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def reopen_conversation(
    *, workspace: Workspace, actor: Actor, conversation: Conversation, now: datetime
) -> Conversation:
    """Back among the open ones, out of a close or a snooze."""
    row = lock_conversation(workspace, conversation)
    is_asleep = row.snoozed_until is not None and row.snoozed_until > now
    if row.state == ConversationState.OPEN and not is_asleep:
        unchanged("it is open already")
        return row
    row.state, row.snoozed_until = ConversationState.OPEN, None
    row.save(update_fields=["state", "snoozed_until"])
    publish(ConversationReopened(**about(row)), workspace_id=workspace.pk, actor=actor, now=now)
    return row
