"""How a room above follows a merge with its own rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from apps.contacts.merging.ledger import undo_due_moves
from apps.contacts.models import Contact, Merge
from apps.contacts.queries.identity import get_survivor
from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class Followed:
    """`survivor` is None when the merge was undone: nothing is left to move.

    `undone`: public ids, by model label, of rows that went back to where they were.
    """

    merge: Merge
    survivor: Contact | None
    other: Contact
    undone: dict[str, list[UUID]]


def follow_merge(workspace: Workspace, merge_id: UUID, labels: Iterable[str]) -> Followed:
    """The merge, held until the action ends, with the moves of the room's models taken back.

    That happens for every undone merge first, so that news may arrive late and in any order.
    """
    rows = Merge.objects.in_workspace(workspace).select_for_update(of=("self",))
    merge = rows.select_related("survivor", "other").get(public_id=merge_id)
    undone = undo_due_moves(workspace, labels)
    if merge.undone_at is not None:
        return Followed(merge, None, merge.other, undone)
    return Followed(merge, get_survivor(workspace, merge.survivor), merge.other, undone)
