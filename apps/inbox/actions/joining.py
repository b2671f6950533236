"""Two conversations become one view, or two again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.contacts.merging import Followed, change_row, follow_merge, move_row, remove_row
from apps.contacts.models import Contact
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.inbox import ConversationsReassigned
from apps.events.publish import publish
from apps.inbox import rules
from apps.inbox.actions.rows import standing_of
from apps.inbox.models import Conversation
from apps.workspaces.models import Workspace

LABEL = Conversation._meta.label


@action
def join_conversations(
    *, workspace: Workspace, actor: Actor, merge_id: UUID, now: datetime
) -> list[UUID]:
    """The survivor's conversation shows both threads; an unmerge brings the second back.

    Repeatable. The messages themselves are of the survivor since the merge.
    """
    followed = follow_merge(workspace, merge_id, [LABEL])
    touched = set(followed.undone.get(LABEL, []))
    if followed.survivor is not None:
        touched |= _join(workspace, followed, followed.survivor)
    if not touched:
        unchanged("neither has a conversation")
        return []
    fact = ConversationsReassigned(
        subject=followed.merge.survivor.public_id,
        merge=followed.merge.public_id,
        conversations=sorted(touched),
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return fact.conversations


def _join(workspace: Workspace, followed: Followed, survivor: Contact) -> set[UUID]:
    rows = Conversation.objects.in_workspace(workspace).select_for_update(of=("self",))
    second = rows.filter(contact=followed.other).first()
    if second is None:
        return set()
    if move_row(followed.merge, second, "contact", survivor.pk):
        return {second.public_id}
    kept = rows.get(contact=survivor)
    newer = second if second.last_message_at > kept.last_message_at else kept
    both = rules.joined(standing_of(kept), standing_of(second))
    remove_row(followed.merge, second)
    change_row(
        followed.merge,
        kept,
        state=both.state,
        unread_count=both.unread_count,
        last_message_at=both.last_message_at,
        first_unanswered_at=both.first_unanswered_at,
        last_channel=newer.last_channel,
        last_excerpt=newer.last_excerpt,
        deal_id=newer.deal_id or kept.deal_id,
        assigned_to_id=kept.assigned_to_id or second.assigned_to_id,
    )
    return {kept.public_id, second.public_id}
