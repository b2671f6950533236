"""When a feed is asked again, and how far it may be taken as read. Plain Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_ASKED_PAUSE = timedelta(hours=24)
# A change is written a moment after it got its time, and no two clocks agree: what is younger than
# this when a reading begins is read again the next time.
SLACK = timedelta(minutes=2)


def next_run(now: datetime, every_minutes: int) -> datetime:
    """After a good run."""
    return now + timedelta(minutes=max(1, every_minutes))


def back_off(failures: int, retry_after: float | None, chance: float) -> timedelta:
    """How long to leave a feed alone after `failures` in a row (at least 1).

    Doubles from a minute to six hours, spread by `chance` (0 to 1) over half of it so that many
    feeds of one vendor do not come back together; never sooner than the vendor asks, at most a day.
    """
    doubled = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
    pause = doubled * (0.75 + 0.5 * chance)
    asked = timedelta(seconds=min(max(retry_after or 0.0, 0.0), 86_400.0))
    return max(pause, min(asked, LONGEST_ASKED_PAUSE))


def safe_mark(newest: datetime, began: datetime | None) -> datetime:
    """The time from which to read the next time, inclusive.

    Read in order of time, everything before `newest` has been seen, but what is changed while we
    read may land before it under an equal time: such changes are not older than `began`, the other
    side's clock when the reading began.
    """
    return newest if began is None else min(newest, began - SLACK)


def seconds_until(text: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number or a date (RFC 9110, 10.2.3)."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    at = http_date(text)
    return None if at is None else max(0.0, (at - now).total_seconds())


def http_date(text: str) -> datetime | None:
    """'Sun, 06 Nov 1994 08:49:37 GMT' (also the two older forms) -> aware datetime."""
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
