"""Which sales are like the subject, and why the others are not."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.deals.comps.rules import Criteria, House, Policy, Sale, miles_between

# Three scaled median absolute deviations: the usual bound (Leys et al. 2013, after Hampel).
OUTLIER_MADS = 3.0
MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, slots=True)
class Likeness:
    """A sale beside the subject; `similarity` 0 to 1, `against` says why it is not like it."""

    sale: Sale
    miles: float
    age_days: int
    similarity: float
    against: str = ""


def compare(
    subject: House, sales: Sequence[Sale], criteria: Criteria, policy: Policy, today: date
) -> list[Likeness]:
    """Every sale that may be compared at all, the most similar first."""
    found = [
        _likeness(subject, sale, criteria, policy, today)
        for sale in sales
        if sale.is_arms_length and not sale.is_own and sale.sold_on <= today
    ]
    return sorted(found, key=_order)


def _order(item: Likeness) -> tuple[float, int, int]:
    return -item.similarity, -item.sale.sold_on.toordinal(), item.sale.id.int


def _likeness(
    subject: House, sale: Sale, criteria: Criteria, policy: Policy, today: date
) -> Likeness:
    miles = miles_between(subject, sale.house)
    age = (today - sale.sold_on).days
    against = _against(subject, sale, criteria, policy, miles, age)
    parts = [
        _nearness(miles if miles is not None else criteria.miles, criteria.miles),
        _nearness(age, criteria.age_days),
        _nearness(abs(_size_gap(subject, sale.house) or 0), criteria.area_share),
        _nearness(abs(_assessed_gap(subject, sale.house)), policy.assessed_share),
        _nearness(_gap(subject.bedrooms, sale.house.bedrooms), policy.bedroom_tolerance * 2),
        _nearness(_gap(subject.bathrooms, sale.house.bathrooms), policy.bathroom_tolerance * 2),
        _nearness(_gap(subject.year_built, sale.house.year_built), policy.year_tolerance * 2),
    ]
    similarity = 1.0
    for part in parts:
        similarity *= part
    return Likeness(sale, miles if miles is not None else -1.0, age, round(similarity, 4), against)


def _against(
    subject: House, sale: Sale, criteria: Criteria, policy: Policy, miles: float | None, age: int
) -> str:
    house = sale.house
    if house.kind != subject.kind:
        return "another kind of property"
    if miles is None:
        return "nobody knows where it stands"
    if miles > criteria.miles:
        return f"{miles:.1f} miles away"
    if age > criteria.age_days:
        return "sold too long ago"
    if (gap := _size_gap(subject, house)) is None:
        return "its size cannot be compared"
    if _by_area(subject, house) and abs(gap) > criteria.area_share + 1e-9:
        return f"living area {abs(gap):.0%} {'larger' if gap > 0 else 'smaller'}"
    if abs(_assessed_gap(subject, house)) > _assessed_limit(criteria, policy) + 1e-9:
        gap = _assessed_gap(subject, house)
        return f"assessed value {abs(gap):.0%} {'larger' if gap > 0 else 'smaller'}"
    if _gap(subject.bedrooms, house.bedrooms) > policy.bedroom_tolerance:
        return f"{house.bedrooms:g} bedrooms"
    if _gap(subject.bathrooms, house.bathrooms) > policy.bathroom_tolerance:
        return f"{house.bathrooms:g} bathrooms"
    if _gap(subject.year_built, house.year_built) > policy.year_tolerance:
        return f"built {house.year_built}"
    return ""


def _assessed_limit(criteria: Criteria, policy: Policy) -> float:
    """Widens with the living area's own limit; half as much or more is another house."""
    wider = policy.assessed_share * criteria.area_share / max(policy.area_share, 0.01)
    return min(wider, max(policy.assessed_share, 0.5))


def _by_area(subject: House, house: House) -> bool:
    return bool(subject.area and house.area)


def is_by_assessment(subject: House, house: House) -> bool:
    """Living area is missing, and one assessor valued both: assessed values tell the difference."""
    return not _by_area(subject, house) and _is_one_assessor(subject, house)


def _is_one_assessor(subject: House, house: House) -> bool:
    same = subject.city.casefold() == house.city.casefold()
    return bool(subject.assessed and house.assessed and same)


def _assessed_gap(subject: House, house: House) -> float:
    """Finish and place show in the assessed value, where one assessor valued both; else 0."""
    if not _is_one_assessor(subject, house):
        return 0.0
    return float((house.assessed or 0) / (subject.assessed or 1)) - 1


def _size_gap(subject: House, house: House) -> float | None:
    """How much larger the sold house is, as a share; None where nothing tells."""
    if subject.area and house.area:
        return house.area / subject.area - 1
    if is_by_assessment(subject, house):
        return _assessed_gap(subject, house)
    return None


def _gap(one: Decimal | int | None, other: Decimal | int | None) -> float:
    return abs(float(one) - float(other)) if one is not None and other is not None else 0.0


def _nearness(distance: float, scale: float) -> float:
    """1 at the subject, 0.5 at the edge of what is allowed, falling on beyond."""
    return 1 / (1 + max(distance, 0) / scale) if scale > 0 else 1.0


def without_outliers(values: Sequence[float]) -> list[bool]:
    """Which values to keep: those within three scaled MADs of the median.

    With fewer than five nothing can be called an outlier.
    """
    if len(values) < 5:
        return [True] * len(values)
    middle = statistics.median(values)
    spread = statistics.median(abs(value - middle) for value in values) * MAD_TO_SIGMA
    if not spread:
        return [True] * len(values)
    return [abs(value - middle) <= OUTLIER_MADS * spread for value in values]
