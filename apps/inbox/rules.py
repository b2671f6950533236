"""What an answer of the seller or of us does to a conversation. No clock, no rows."""

import string
from datetime import datetime, timedelta

from apps.inbox.types import ConversationState, Standing

# Speed to lead: the field's target is under a minute, and an answer within five minutes is what
# the old InsideSales study measured; colors on the page follow these two.
FAST = timedelta(minutes=1)
ACCEPTABLE = timedelta(minutes=5)


def after_seller_wrote(
    before: Standing | None, at: datetime, wants_answer: bool = True
) -> Standing:
    """A seller's message opens whatever was closed or asleep and starts the clock if it stood.

    Messages may arrive out of order, so the times only move the way that keeps the promise:
    the last message is the latest seen, the unanswered one is the earliest.
    """
    if before is None:
        return Standing(ConversationState.OPEN, 1, at, at if wants_answer else None)
    waiting = before.first_unanswered_at
    started = waiting or (at if wants_answer else None)
    return Standing(
        ConversationState.OPEN,
        before.unread_count + 1,
        max(before.last_message_at, at),
        min(started, at) if started else None,
    )


def after_we_answered(before: Standing, at: datetime) -> Standing:
    """Only a person's message ends the wait: an automatic one is no two-way exchange."""
    answered = before.first_unanswered_at is not None and before.first_unanswered_at <= at
    return Standing(
        before.state,
        0 if answered else before.unread_count,
        max(before.last_message_at, at),
        None if answered else before.first_unanswered_at,
    )


def joined(one: Standing, other: Standing) -> Standing:
    """Two conversations of one person: open if either is, waiting since the earlier."""
    is_open = ConversationState.OPEN in (one.state, other.state)
    waiting = [at for at in (one.first_unanswered_at, other.first_unanswered_at) if at]
    return Standing(
        ConversationState.OPEN if is_open else ConversationState.CLOSED,
        one.unread_count + other.unread_count,
        max(one.last_message_at, other.last_message_at),
        min(waiting, default=None),
    )


def clock_color(waited: timedelta) -> str:
    if waited <= FAST:
        return "green"
    return "yellow" if waited <= ACCEPTABLE else "red"


def reply_subject(street_line: str) -> str:
    """Lists write streets in capitals; a letter does not."""
    line = string.capwords(street_line) if street_line.isupper() else street_line
    return f"Re: {line}" if line else "Your property"


def waited_text(waited: timedelta) -> str:
    """A wait in one unit, as people say it; never negative."""
    seconds = max(0, int(waited.total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
