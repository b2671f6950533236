"""Two contacts become one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from apps.channels.actions.joining import join_people
from apps.contacts.merging import move_rows
from apps.contacts.merging.folding import fold_contact, fold_emails, fold_others, fold_phones
from apps.contacts.models import Contact, Merge, MergeSuggestion
from apps.contacts.rules import CHOICES
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import ContactsMerged
from apps.events.history import actor_text
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class CannotMerge(ValueError):
    """The two cannot be made one; the message says why."""


@action
def merge_contacts(
    *,
    workspace: Workspace,
    actor: Actor,
    survivor: Contact,
    other: Contact,
    choices: Mapping[str, str],
    now: datetime,
) -> Merge:
    """Make `other` part of `survivor`; it stays as a row that leads there.

    `choices`: field of CHOICES -> "survivor" or "other"; a field not named is the survivor's, or
    the other's where the survivor has none. Warnings and refusals of both always stay. Messages
    and refusals are one when this commits; deals, offers, follow-ups and conversations move as
    their rooms hear of it. Repeatable: merging the same two again changes nothing.
    Raises CannotMerge.
    """
    survivor, other = _locked(workspace, survivor, other)
    standing = Merge.objects.in_workspace(workspace).filter(
        survivor=survivor, other=other, undone_at__isnull=True
    )
    if (done := standing.first()) is not None:
        unchanged("the two are one already")
        return done
    _require_mergeable(survivor, other, choices)
    merge = Merge.objects.create(
        workspace=workspace,
        survivor=survivor,
        other=other,
        choices=dict(choices),
        merged_at=now,
        merged_by=actor_text(actor),
    )
    join_people(
        workspace,
        kept=survivor.public_id,
        joined=other.public_id,
        move=lambda rows, field, to: move_rows(merge, rows, field, to),
        now=now,
    )
    fold_contact(merge, survivor, other, choices)
    fold_phones(merge, survivor, other)
    fold_emails(merge, survivor, other)
    fold_others(merge, survivor, other)
    _settle_suggestion(workspace, merge, actor, now)
    publish(
        ContactsMerged(
            subject=survivor.public_id,
            merge=merge.public_id,
            other=other.public_id,
            other_name=other.name,
            choices=dict(choices),
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return merge


def _locked(workspace: Workspace, survivor: Contact, other: Contact) -> tuple[Contact, Contact]:
    """Both rows, in one fixed order, so that A into B and B into A cannot wait for each other."""
    rows = Contact.objects.in_workspace(workspace).select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in={survivor.pk, other.pk})}
    return found[survivor.pk], found[other.pk]


def _require_mergeable(survivor: Contact, other: Contact, choices: Mapping[str, str]) -> None:
    if survivor.pk == other.pk:
        raise CannotMerge("A contact cannot be merged with itself.")
    for one in (survivor, other):
        if one.merged_into_id is not None:
            raise CannotMerge(f"{one.name} is part of another contact already.")
    for field, side in choices.items():
        if field not in CHOICES or side not in ("survivor", "other"):
            raise CannotMerge(f"There is no choice “{side}” for “{field}”.")


def _settle_suggestion(workspace: Workspace, merge: Merge, actor: Actor, now: datetime) -> None:
    first, second = sorted((merge.survivor_id, merge.other_id))
    rows = MergeSuggestion.objects.in_workspace(workspace).filter(first=first, second=second)
    rows.update(state=MergeSuggestion.State.MERGED, decided_at=now, decided_by=actor_text(actor))
