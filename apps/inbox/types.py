"""Words of the inbox: states, the folders a person may look at, the speed-to-lead clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ConversationState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Folder(StrEnum):
    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    UNREAD = "unread"
    SNOOZED = "snoozed"
    CLOSED = "closed"


SNOOZES = {
    "tomorrow": ("Until tomorrow", timedelta(days=1)),
    "three_days": ("For three days", timedelta(days=3)),
    "week": ("For a week", timedelta(days=7)),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a conversation looks like after one more thing happened in it."""

    state: ConversationState
    unread_count: int
    last_message_at: datetime
    first_unanswered_at: datetime | None
