"""How figures are compared. No clock, no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from apps.analytics.types import FunnelStep, Tile

PERIODS = (7, 30, 90)
DEFAULT_PERIOD = 7

# An offer that ends this soon wants a call now.
EXPIRING = timedelta(hours=48)

FUNNEL = (
    ("imported", "Imported"),
    ("qualified", "Qualified"),
    ("offered", "Offered"),
    ("contacted", "Contacted"),
    ("replied", "Replied"),
    ("under_contract", "Under contract"),
)

TILES = (
    ("qualified", "Newly qualified", "Deals the rules judged qualified"),
    ("contacted", "Contacted", "Deals with a message the provider took"),
    ("replied", "Replied", "Deals whose seller wrote back, opt-outs not counted"),
    ("under_contract", "Under contract", "Deals that moved under contract"),
)


def period_days(text: str) -> int:
    """The period asked for in the address, or the default when it is not one we offer."""
    return int(text) if text in {str(days) for days in PERIODS} else DEFAULT_PERIOD


def window(now: datetime, days: int) -> tuple[datetime, datetime]:
    """Start of the period that ends now, and start of the equally long one before it."""
    length = timedelta(days=days)
    return now - length, now - 2 * length


def funnel_steps(counts: Mapping[str, int]) -> list[FunnelStep]:
    first = counts[FUNNEL[0][0]]
    steps: list[FunnelStep] = []
    for key, label in FUNNEL:
        count = counts[key]
        previous = steps[-1].count if steps else 0
        steps.append(FunnelStep(key, label, count, share(count, first), share(count, previous)))
    return steps


def tiles(now: Mapping[str, int], before: Mapping[str, int]) -> list[Tile]:
    return [Tile(label, now[key], before[key], hint) for key, label, hint in TILES]


def share(part: int, whole: int) -> int | None:
    """Whole percent, rounded half up; None without a whole. Over 100 is possible and honest:
    a deal imported earlier may be contacted in this period."""
    return (200 * part + whole) // (2 * whole) if whole else None


def first_sentence(reasons: Sequence[Mapping[str, str]]) -> str:
    """The guard's leading reason in its own words."""
    return reasons[0]["sentence"] if reasons else "The guard gave no reason."
