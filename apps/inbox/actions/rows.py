"""The row of a conversation, as the actions read and write it."""

from __future__ import annotations

from typing import Any

from apps.common.locking import lock_rows
from apps.inbox.models import Conversation
from apps.inbox.types import ConversationState, Standing
from apps.workspaces.models import Workspace


def lock_conversation(workspace: Workspace, conversation: Conversation) -> Conversation:
    rows = Conversation.objects.in_workspace(workspace).filter(pk=conversation.pk)
    lock_rows(rows)
    return rows.select_related("contact", "deal").get()


def standing_of(row: Conversation) -> Standing:
    state = ConversationState(row.state)
    return Standing(state, row.unread_count, row.last_message_at, row.first_unanswered_at)


def stand(row: Conversation, standing: Standing) -> None:
    row.state, row.unread_count = standing.state, standing.unread_count
    row.last_message_at = standing.last_message_at
    row.first_unanswered_at = standing.first_unanswered_at


def about(row: Conversation) -> dict[str, Any]:
    """The fields every fact of a conversation carries."""
    return {
        "subject": row.public_id,
        "contact": row.contact.public_id,
        "deal": row.deal.public_id if row.deal else None,
    }
