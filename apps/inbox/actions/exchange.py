"""The two sides of a conversation: the seller wrote, we answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.common.locking import lock_rows
from apps.contacts.models import Contact
from apps.contacts.queries import same_person_refs
from apps.deals.models import Deal
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.base import Fact
from apps.events.catalog.inbox import (
    ConversationAnswered,
    ConversationOpened,
    ConversationUpdated,
)
from apps.events.publish import publish
from apps.inbox import rules
from apps.inbox.actions.rows import about, stand, standing_of
from apps.inbox.models import Conversation
from apps.inbox.queries import find_latest_deal
from apps.inbox.types import ConversationState
from apps.workspaces.models import Workspace


@action
def record_reply(
    *,
    workspace: Workspace,
    actor: Actor,
    contact: Contact,
    deal: Deal | None,
    channel: str,
    body: str,
    now: datetime,
    wants_answer: bool = True,
) -> Conversation:
    """A contact wrote: open their conversation, or bring the one that stands to the top.

    `wants_answer` False (they only opted out) shows the message and starts no clock.
    """
    row, is_new = (
        Conversation.objects.in_workspace(workspace)
        .select_for_update()
        .get_or_create(workspace=workspace, contact=contact, defaults={"last_message_at": now})
    )
    before = None if is_new else standing_of(row)
    is_opened = is_new or row.state == ConversationState.CLOSED
    stand(row, rules.after_seller_wrote(before, now, wants_answer))
    row.snoozed_until = None
    row.last_channel, row.last_excerpt = channel, " ".join(body.split())[:160]
    row.deal = deal or row.deal or find_latest_deal(workspace, contact)
    row.save()
    known = about(row)
    fact: Fact = (
        ConversationOpened(**known, channel=channel)
        if is_opened
        else ConversationUpdated(**known, unread=row.unread_count)
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def record_answer(
    *, workspace: Workspace, actor: Actor, contact_id: UUID, channel: str, now: datetime
) -> None:
    """A person's message went out: the speed-to-lead clock stops."""
    rows = Conversation.objects.in_workspace(workspace)
    same = same_person_refs(workspace, contact_id)
    keys = lock_rows(rows.filter(contact__public_id__in=same).order_by("pk"))
    row = rows.select_related("contact", "deal").filter(pk__in=keys).order_by("pk").first()
    since = row.first_unanswered_at if row else None
    if row is None or since is None or since > now:
        unchanged("nobody waits for this answer")
        return
    stand(row, rules.after_we_answered(standing_of(row), now))
    row.save()
    fact = ConversationAnswered(
        **about(row), channel=channel, waited_seconds=int((now - since).total_seconds())
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
