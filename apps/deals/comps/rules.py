"""What comparable sales are chosen by, and how the search is widened when they are too few.

The sales comparison approach as appraisers report it on the URAR (Fannie Mae form 1004) and the
Fannie Mae Selling Guide orders it: sales of the same kind, near, recent and at arm's length
(B4-1.3-08), at least three of them; what differs is adjusted, line by line, from the sale towards
the subject (B4-1.3-09).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

EARTH_MILES = 3958.7613
MILES_PER_DEGREE = 69.0
METHOD = "sales comparison 1"


@dataclass(frozen=True, slots=True)
class Policy:
    """`CompPolicy` as plain values; shares are fractions of one."""

    max_age_days: int = 365
    max_miles: float = 0.5
    area_share: float = 0.20
    assessed_share: float = 0.35
    bedroom_tolerance: float = 1
    bathroom_tolerance: float = 1
    year_tolerance: int = 25
    min_comps: int = 3
    max_comps: int = 8
    widest_age_days: int = 1825
    widest_miles: float = 2
    widest_area_share: float = 0.40
    annual_trend: float | None = None
    area_price_share: float = 0.5
    bedroom_share: float = 0.02
    bathroom_share: float = 0.03
    lot_share: float = 0.10
    year_share: float = 0.002
    condition_share: float = 0


SETTINGS = tuple(field.name for field in fields(Policy))


@dataclass(frozen=True, slots=True)
class House:
    """What is compared of a property; None is unknown. Area and lot in square feet."""

    kind: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_point_exact: bool = True
    area: int | None = None
    lot: int | None = None
    bedrooms: Decimal | None = None
    bathrooms: Decimal | None = None
    year_built: int | None = None
    assessed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """One recorded sale of a house, in dollars."""

    id: UUID
    address: str
    house: House
    amount: Decimal
    sold_on: date
    source: str = ""
    is_arms_length: bool = True
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """How far a sale may be from the subject; `widened` says what was let out, in words."""

    age_days: int
    miles: float
    area_share: float
    widened: tuple[str, ...] = ()

    def since(self, today: date) -> date:
        return today - timedelta(days=self.age_days)


def criteria_steps(policy: Policy) -> Iterator[Criteria]:
    """The policy's own criteria, then wider ones: age, distance, size, in turn."""
    now = Criteria(policy.max_age_days, policy.max_miles, policy.area_share)
    yield now
    while True:
        before = now
        for wider in (_older, _farther, _larger):
            wide = wider(now, policy)
            if wide != now:
                now = replace(wide, widened=_words(wide, policy))
                yield now
        if now == before:
            return


def _older(now: Criteria, policy: Policy) -> Criteria:
    return replace(now, age_days=max(now.age_days, min(now.age_days * 2, policy.widest_age_days)))


def _farther(now: Criteria, policy: Policy) -> Criteria:
    return replace(now, miles=max(now.miles, min(now.miles * 2, policy.widest_miles)))


def _larger(now: Criteria, policy: Policy) -> Criteria:
    wider = min(round(now.area_share * 1.5, 4), policy.widest_area_share)
    return replace(now, area_share=max(now.area_share, wider))


def _words(now: Criteria, policy: Policy) -> tuple[str, ...]:
    told = []
    if now.age_days > policy.max_age_days:
        told.append(f"sold within {_days(now.age_days)} instead of {_days(policy.max_age_days)}")
    if now.miles > policy.max_miles:
        told.append(f"within {now.miles:g} miles instead of {policy.max_miles:g}")
    if now.area_share > policy.area_share:
        told.append(f"size within ±{now.area_share:.0%} instead of ±{policy.area_share:.0%}")
    return tuple(told)


def _days(days: int) -> str:
    if days % 365 == 0:
        years = days // 365
        return f"{years} year{'s' if years > 1 else ''}"
    return f"{days} days"


def miles_between(one: House, other: House) -> float | None:
    """Great-circle distance by the haversine formula; None where a point is missing."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    north, east, to_north, to_east = (
        math.radians(value or 0)
        for value in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    half = (
        math.sin((to_north - north) / 2) ** 2
        + math.cos(north) * math.cos(to_north) * math.sin((to_east - east) / 2) ** 2
    )
    return 2 * EARTH_MILES * math.asin(min(1.0, math.sqrt(half)))


def box_around(latitude: float, longitude: float, miles: float) -> dict[str, float]:
    """Bounds that hold every point within `miles`; what an index can answer."""
    north = miles / MILES_PER_DEGREE * 1.01
    east = north / max(math.cos(math.radians(latitude)), 0.01)
    return {
        "latitude__gte": latitude - north,
        "latitude__lte": latitude + north,
        "longitude__gte": longitude - east,
        "longitude__lte": longitude + east,
    }


def policy_of(row: Any) -> Policy:
    """Plain values of a `CompPolicy` row; the defaults without one."""
    return Policy(**{name: getattr(row, name) for name in SETTINGS}) if row else Policy()
