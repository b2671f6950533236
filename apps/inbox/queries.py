"""Conversations of one workspace, and how a person in one of them is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.channels.queries import ThreadEntry
from apps.common.pagination import Page, keyset
from apps.contacts.models import Contact
from apps.contacts.queries import best_email, best_phone
from apps.deals.models import Deal, DealParty
from apps.inbox.models import Conversation
from apps.inbox.rules import clock_color, waited_text
from apps.inbox.types import ConversationState, Folder
from apps.workspaces.models import User, Workspace

PAGE_SIZE = 30
BADGE_CAP = 100


@dataclass(frozen=True)
class ConversationRow:
    """`waited` is empty when nobody waits for us."""

    conversation: Conversation
    waited: str
    color: str


def get_conversation(workspace: Workspace, public_id: UUID) -> Conversation:
    """Raises Conversation.DoesNotExist."""
    rows = Conversation.objects.in_workspace(workspace)
    rows = rows.select_related("contact", "deal__property", "deal__stage", "assigned_to")
    return rows.get(public_id=public_id)


def find_conversation(workspace: Workspace, contact_id: UUID) -> Conversation | None:
    rows = Conversation.objects.in_workspace(workspace)
    return rows.filter(contact__public_id=contact_id).first()


def list_conversations(
    workspace: Workspace, folder: Folder, user: User, now: datetime, cursor: str = ""
) -> Page[ConversationRow]:
    """One page of a folder, the newest message first."""
    rows = Conversation.objects.in_workspace(workspace).select_related(
        "contact", "deal__property", "assigned_to"
    )
    page = keyset(_in_folder(rows, folder, user, now), ("last_message_at", "id"), cursor, PAGE_SIZE)
    return Page([_row(each, now) for each in page.rows], page.next_cursor)


def _in_folder(
    rows: QuerySet[Conversation], folder: Folder, user: User, now: datetime
) -> QuerySet[Conversation]:
    if folder == Folder.CLOSED:
        return rows.filter(state=ConversationState.CLOSED)
    rows = rows.filter(state=ConversationState.OPEN)
    if folder == Folder.SNOOZED:
        return rows.filter(snoozed_until__gt=now)
    awake = rows.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))
    narrowed = {
        Folder.MINE: Q(assigned_to=user),
        Folder.UNASSIGNED: Q(assigned_to__isnull=True),
        Folder.UNREAD: Q(unread_count__gt=0),
    }
    return awake.filter(narrowed.get(folder, Q()))


def _row(conversation: Conversation, now: datetime) -> ConversationRow:
    since = conversation.first_unanswered_at
    if since is None or conversation.state == ConversationState.CLOSED:
        return ConversationRow(conversation, "", "")
    return ConversationRow(conversation, waited_text(now - since), clock_color(now - since))


def count_unread(workspace: Workspace) -> int:
    """Open conversations with something unread, counted up to BADGE_CAP."""
    rows = Conversation.objects.in_workspace(workspace)
    unread = rows.filter(unread_count__gt=0, state=ConversationState.OPEN)
    return unread[:BADGE_CAP].count()


def find_latest_deal(workspace: Workspace, contact: Contact) -> Deal | None:
    """The deal a contact of several most probably writes about: the open one touched last."""
    parts = DealParty.objects.in_workspace(workspace).filter(contact=contact)
    parts = parts.select_related("deal").order_by("-deal__stage_entered_at")
    open_first = sorted(parts, key=lambda part: part.deal.status != Deal.Status.OPEN)
    return open_first[0].deal if open_first else None


def reply_addresses(
    workspace: Workspace, contact: Contact, thread: list[ThreadEntry]
) -> dict[str, str]:
    """Channel to address: where they wrote from last, else their best phone or e-mail."""
    phone, email = best_phone(workspace, contact), best_email(workspace, contact)
    found = {"sms": phone.e164 if phone else "", "email": email.address if email else ""}
    for entry in thread:
        if not entry.is_outbound and entry.channel in found:
            found[entry.channel] = entry.address
    return {channel: address for channel, address in found.items() if address}
