"""A repair estimate: quantities times unit costs, from – to. Pure: no Django, no clock.

Cost of a line = quantity × cost a unit; the low sum takes every low cost, the high sum every high
one, and both carry the contingency, because what is found behind a wall comes on top of either.
Amounts are Decimal dollars, rounded half-up to whole dollars once, at the end: cents would pretend
to a precision no walk-through has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

MOST_QUANTITY = Decimal(1_000_000)
MOST_CONTINGENCY = Decimal("0.5")


class Suggestion(StrEnum):
    """The fact of a house that fills in a quantity."""

    NONE = ""
    ONE = "one"
    BUILDING_SQFT = "building_sqft"
    BATHROOMS = "bathrooms"
    BEDROOMS = "bedrooms"


class Pick(StrEnum):
    """Which figure of the range the deal reckons with."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class EstimateRefused(ValueError):
    """A quantity or a contingency that cannot be; the message is a sentence for the form."""


@dataclass(frozen=True, slots=True)
class UnitCost:
    key: str
    label: str
    unit: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One repair of an estimate, unrounded."""

    cost: UnitCost
    quantity: Decimal

    @property
    def low_amount(self) -> Decimal:
        return self.quantity * self.cost.low

    @property
    def high_amount(self) -> Decimal:
        return self.quantity * self.cost.high


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whole dollars. `contingency_pct` is a fraction of one and already in both sums."""

    lines: tuple[Line, ...]
    contingency_pct: Decimal
    low_amount: Decimal
    high_amount: Decimal

    def picked(self, pick: Pick) -> Decimal:
        if pick is Pick.MIDDLE:
            return _whole((self.low_amount + self.high_amount) / 2)
        return self.low_amount if pick is Pick.LOW else self.high_amount


def estimate(
    costs: Sequence[UnitCost], quantities: Mapping[str, Decimal], contingency_pct: Decimal
) -> Estimate:
    """Lines with a quantity above zero, in the order of `costs`. Raises EstimateRefused."""
    if not contingency_pct.is_finite() or not 0 <= contingency_pct <= MOST_CONTINGENCY:
        raise EstimateRefused("The contingency is a percentage from 0 to 50.")
    lines = []
    for cost in costs:
        quantity = quantities.get(cost.key, Decimal(0))
        if not quantity.is_finite() or not 0 <= quantity <= MOST_QUANTITY:
            raise EstimateRefused(f"{cost.label}: the quantity is a number from 0 to 1,000,000.")
        if quantity:
            lines.append(Line(cost, quantity))
    factor = 1 + contingency_pct
    return Estimate(
        tuple(lines),
        contingency_pct,
        _whole(sum((line.low_amount for line in lines), Decimal(0)) * factor),
        _whole(sum((line.high_amount for line in lines), Decimal(0)) * factor),
    )


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
