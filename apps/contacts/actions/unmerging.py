"""A merge is taken back: both contacts stand again with all that hung on them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from apps.channels.actions.joining import part_people
from apps.channels.queries import count_messages_since
from apps.contacts.merging import undo_due_moves
from apps.contacts.merging.folding import own_labels
from apps.contacts.models import Contact, Merge, MergeSuggestion
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import ContactsUnmerged
from apps.events.history import actor_text
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class LaterMergeStands(ValueError):
    """Merges are taken back newest first; the message names the one in the way."""


@action
def unmerge_contacts(*, workspace: Workspace, actor: Actor, merge: Merge, now: datetime) -> Merge:
    """Restore both contacts exactly; what happened since stays with the survivor and is named.

    Refusals stay with both. Deals, offers, follow-ups and conversations come back as their rooms
    hear of it. Repeatable. Raises LaterMergeStands.
    """
    merge = Merge.objects.in_workspace(workspace).select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        unchanged("this merge was taken back already")
        return merge
    _require_newest(workspace, merge)
    rows = Contact.objects.in_workspace(workspace).select_for_update(of=("self",)).order_by("pk")
    people = {row.pk: row for row in rows.filter(pk__in=[merge.survivor_id, merge.other_id])}
    survivor, other = people[merge.survivor_id], people[merge.other_id]
    merge.undone_at, merge.undone_by = now, actor_text(actor)
    merge.save(update_fields=["undone_at", "undone_by"])
    part_people(workspace, kept=survivor.public_id, joined=other.public_id, now=now)
    undo_due_moves(workspace, own_labels())
    _dismiss_pair(workspace, merge, actor, now)
    publish(
        ContactsUnmerged(
            subject=survivor.public_id,
            merge=merge.public_id,
            other=other.public_id,
            other_name=other.name,
            stays=_stays(workspace, survivor, merge),
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return merge


def _require_newest(workspace: Workspace, merge: Merge) -> None:
    survivor = merge.survivor_id
    later = Merge.objects.in_workspace(workspace).filter(
        Q(survivor=survivor) | Q(other=survivor), undone_at__isnull=True, pk__gt=merge.pk
    )
    standing = later.select_related("survivor", "other").order_by("-pk").first()
    if standing is not None:
        raise LaterMergeStands(
            f"First undo the later merge of {standing.other.name} into {standing.survivor.name}."
        )


def _dismiss_pair(workspace: Workspace, merge: Merge, actor: Actor, now: datetime) -> None:
    """Somebody took the two apart: the sweep must not bring them up again."""
    first, second = sorted((merge.survivor_id, merge.other_id))
    rows = MergeSuggestion.objects.in_workspace(workspace).filter(first=first, second=second)
    rows.update(state=MergeSuggestion.State.DISMISSED, decided_at=now, decided_by=actor_text(actor))


def _stays(workspace: Workspace, survivor: Contact, merge: Merge) -> list[str]:
    messages = count_messages_since(workspace, survivor.public_id, merge.merged_at)
    since = merge.created_at
    phones = survivor.phones.filter(created_at__gt=since).values_list("e164", flat=True)
    emails = survivor.emails.filter(created_at__gt=since).values_list("address", flat=True)
    kept = [f"{messages} message{'' if messages == 1 else 's'}"] if messages else []
    return [*kept, *phones, *emails]
