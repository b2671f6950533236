"""Decisions about offers: when they end, what the deal's numbers are, how long to wait."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

MAX_ATTEMPTS = 5
_CLOSE_OF_BUSINESS = time(17, 0)


@dataclass(frozen=True)
class Figure:
    """A number with where it comes from."""

    amount: Decimal | None
    source: str
    is_estimate: bool


def figure(stated: Decimal | None, source: str, metric: float | None, is_estimate: bool) -> Figure:
    """The number a person stated; else the estimate that stands in for it; else unknown.

    A metric that is no estimate without a stated number was just taken back: nothing rests on it.
    """
    if stated is not None:
        return Figure(stated, source, False)
    if metric is None or not is_estimate:
        return Figure(None, "unknown", False)
    amount = Decimal(str(metric)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return Figure(amount, source, True)


def expiry(now: datetime, *, valid_days: int, zone: str) -> datetime:
    """Close of business, in the workspace's own time, `valid_days` days from today."""
    local = now.astimezone(ZoneInfo(zone))
    last_day = local.date() + timedelta(days=valid_days)
    return datetime.combine(last_day, _CLOSE_OF_BUSINESS, tzinfo=local.tzinfo).astimezone(UTC)


def retry_delay(attempts: int) -> timedelta:
    """5 s, 20 s, 80 s, 320 s after the first to fourth failed attempt."""
    return timedelta(seconds=5 * 4 ** (attempts - 1))


def moment_text(moment: datetime, zone: str) -> str:
    """`December 6, 2026, 5:00 PM EST`, the same on every platform and in every locale."""
    local = moment.astimezone(ZoneInfo(zone))
    hour = local.hour % 12 or 12
    half = "AM" if local.hour < 12 else "PM"
    return f"{day_text(moment, zone)}, {hour}:{local:%M} {half} {local.tzname()}"


def day_text(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_MONTHS[local.month - 1]} {local.day}, {local.year}"


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
