"""The two sides of a trial compared, step by step. No clock, no rows."""

from __future__ import annotations

from dataclasses import dataclass

from apps.analytics.calibration import Rate, rate_of
from apps.analytics.statistics import difference_interval
from apps.deals.queries.trials import SideFigures, TrialFigures

# Fewer deals, or fewer of the rarer outcome, say more about chance than about the rules.
SIDE_LEAST = 20
OUTCOME_LEAST = 10


@dataclass(frozen=True)
class Step:
    """A step and the one it is a share of, as fields of `SideFigures`, and how it is spoken of."""

    field: str
    of: str
    label: str
    verb: str
    things: str


STEPS = (
    Step("qualified", "deals", "Qualified, of deals", "qualifies", "qualifying"),
    Step("contacted", "deals", "Written to, of deals", "leads to writing to", "writing"),
    Step("replied", "contacted", "Replied, of written to", "gets replies from", "replies"),
    Step("signed", "contacted", "Under contract, of written to", "signs", "contracts"),
)


@dataclass(frozen=True)
class SideShare:
    hits: int
    total: int
    rate: Rate | None


@dataclass(frozen=True)
class Comparison:
    """A step on both sides; the difference is challenger minus champion, shares from -1 to 1.

    `difference` is None while there is not enough data.
    """

    step: Step
    champion: SideShare
    challenger: SideShare
    difference: Rate | None

    @property
    def is_settled(self) -> bool:
        """Whether the interval of the difference leaves out no difference at all."""
        return self.difference is not None and (self.difference.low > 0 or self.difference.high < 0)

    @property
    def points(self) -> str:
        """The difference in percentage points with its interval."""
        if self.difference is None:
            return ""
        return f"{_signed(self.difference.share)} ({_range(self.difference)})"


def compare(figures: TrialFigures) -> list[Comparison]:
    return [_compare(step, figures.champion, figures.challenger) for step in STEPS]


def _compare(step: Step, champion: SideFigures, challenger: SideFigures) -> Comparison:
    one, other = _share(step, champion), _share(step, challenger)
    difference = None
    hits = one.hits + other.hits
    misses = one.total + other.total - hits
    if min(one.total, other.total) >= SIDE_LEAST and min(hits, misses) >= OUTCOME_LEAST:
        low, high = difference_interval(other.hits, other.total, one.hits, one.total)
        difference = Rate(other.hits / other.total - one.hits / one.total, low, high)
    return Comparison(step, one, other, difference)


def _share(step: Step, side: SideFigures) -> SideShare:
    hits, total = getattr(side, step.field), getattr(side, step.of)
    return SideShare(hits, total, rate_of(hits, total) if total else None)


def told(comparison: Comparison, challenger: int) -> str:
    """What may be said of one step; `challenger` is the number of its version."""
    step, difference = comparison.step, comparison.difference
    if difference is None:
        counts = f"{comparison.challenger.hits:,} against {comparison.champion.hits:,}"
        return f"For {step.things} there is not enough data yet: {counts}."
    low, high = sorted((abs(difference.low), abs(difference.high)))
    points = f"{abs(difference.share) * 100:.1f}"
    if comparison.is_settled:
        word = "more" if difference.share > 0 else "fewer"
        interval = f"95%: {low * 100:.1f} to {high * 100:.1f}"
        return f"Version {challenger} {step.verb} {points} points {word} deals ({interval})."
    return f"For {step.things} no difference shows: {_told(difference)}."


def _told(difference: Rate) -> str:
    return f"{_signed(difference.share)} points (95%: {_range(difference)})"


def _range(difference: Rate) -> str:
    return f"{_signed(difference.low)} to {_signed(difference.high)}"


def _signed(share: float) -> str:
    points = round(share * 100, 1)
    return "0.0" if points == 0 else f"{points:+.1f}".replace("-", "−")
