"""Pairs to look at, merges that stand, and what hangs on each of two contacts."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from apps.channels.queries import count_messages_of
from apps.common.pagination import Page, keyset
from apps.contacts.models import Contact, Merge, MergeSuggestion
from apps.contacts.rules import CHOICES
from apps.contacts.types import Difference, Side
from apps.workspaces.models import Workspace

PAGE_SIZE = 20
COUNT_CAP = 100


def _open(workspace: Workspace) -> QuerySet[MergeSuggestion]:
    rows = MergeSuggestion.objects.in_workspace(workspace).filter(
        state=MergeSuggestion.State.OPEN,
        first__merged_into__isnull=True,
        second__merged_into__isnull=True,
    )
    return rows.select_related("first", "second")


def list_suggestions(workspace: Workspace, *, cursor: str = "") -> Page[MergeSuggestion]:
    """Open pairs, the surest first."""
    return keyset(_open(workspace), ("score", "id"), cursor, PAGE_SIZE)


def count_suggestions(workspace: Workspace) -> int:
    """Open pairs, counted up to COUNT_CAP."""
    return _open(workspace)[:COUNT_CAP].count()


def list_suggestions_of(workspace: Workspace, contact: Contact) -> list[MergeSuggestion]:
    """Open pairs with this contact, the surest first; each row carries its `twin`."""
    rows = _open(workspace)
    found = [*rows.filter(first=contact), *rows.filter(second=contact)]
    for row in found:
        row.twin = row.second if row.first_id == contact.pk else row.first
    return sorted(found, key=lambda row: -row.score)


def find_suggestion(workspace: Workspace, one: Contact, other: Contact) -> MergeSuggestion | None:
    first, second = sorted((one.pk, other.pk))
    return _open(workspace).filter(first=first, second=second).first()


def list_merges_of(workspace: Workspace, contact: Contact) -> list[Merge]:
    """What was merged into this contact and still is, the newest first: only that can be undone."""
    rows = Merge.objects.in_workspace(workspace).filter(survivor=contact, undone_at__isnull=True)
    return list(rows.select_related("other").order_by("-pk"))


def get_merge(workspace: Workspace, public_id: UUID) -> Merge:
    """Raises Merge.DoesNotExist."""
    rows = Merge.objects.in_workspace(workspace).select_related("survivor", "other")
    return rows.get(public_id=public_id)


def compare_sides(one: Contact, other: Contact) -> list[Difference]:
    """The fields a person chooses between; the fuller value is chosen beforehand.

    Where both are equally full the survivor's stays.
    """
    found = []
    for field, columns in CHOICES.items():
        left, right = _text(field, one), _text(field, other)
        if not left and not right:
            continue
        filled = [sum(bool(getattr(side, column)) for column in columns) for side in (one, other)]
        is_other = filled[1] > filled[0] or (filled[0] == filled[1] and len(right) > len(left))
        found.append(
            Difference(
                field=field,
                label=_LABELS[field],
                survivor=left,
                other=right,
                chosen="other" if is_other and left != right else "survivor",
                is_same=left == right,
            )
        )
    return found


_LABELS = {"name": "Name", "mailing": "Mail goes to", "care_of": "Care of", "source": "Source"}


def _text(field: str, contact: Contact) -> str:
    if field == "name":
        return f"{contact.name} ({contact.get_kind_display().lower()})" if contact.name else ""
    if field == "mailing":
        line = f"{contact.mailing_line} {contact.mailing_unit}".strip()
        town = f"{contact.mailing_city} {contact.mailing_state} {contact.mailing_zip}".strip()
        return ", ".join(part for part in (line, town) if part)
    return str(getattr(contact, field))


def describe_side(workspace: Workspace, contact: Contact) -> Side:
    """What hangs on a contact in this room and below; other rooms show theirs as panels."""
    return Side(
        contact=contact,
        phones=list(contact.phones.order_by("rank", "id")),
        emails=list(contact.emails.order_by("rank", "id")),
        messages=count_messages_of(workspace, contact.public_id),
    )
