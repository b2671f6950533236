"""What a merge moved, in whatever room: noted row by row, so that it can be taken back exactly."""

from apps.contacts.merging.ledger import (
    change_row,
    move_row,
    move_rows,
    note_change,
    remove_row,
    undo_due_moves,
)
from apps.contacts.merging.rooms import Followed, follow_merge

__all__ = [
    "Followed",
    "change_row",
    "follow_merge",
    "move_row",
    "move_rows",
    "note_change",
    "remove_row",
    "undo_due_moves",
]
