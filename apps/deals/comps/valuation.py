"""What the chosen sales say the subject is worth: adjustments, value, spread, confidence.

Adjustments go from the sale towards the subject, as on the URAR sales grid: a sale that is
smaller than the subject is raised. All are shares of the price, so that a market twice as dear
gives exactly twice the value. Money is rounded once, at the end of each line.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from apps.common.money import dollars
from apps.deals.comps.rules import House, Policy, Sale
from apps.deals.comps.selection import Likeness, is_by_assessment, without_outliers

# A market that seems to move faster than this a year is read from too few sales.
FASTEST_TREND = 0.12
TREND_SALES = 20
TREND_DAYS = 180
# Beyond this an adjustment says that the two are not comparable in that line.
LARGEST_LINE = 1.0
# From fewer sales than this, low and high are the lowest and the highest of them.
FEW = 5


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One line of the grid: dollars added to the price, and why."""

    name: str
    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Comp:
    """A sale with its adjustments; a `left_out` reason means it does not count."""

    likeness: Likeness
    adjustments: tuple[Adjustment, ...]
    adjusted: Decimal
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """Change of the market a year as a share, up to `until`; `reason` says where it is from."""

    yearly: float
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Value:
    """The answer; `amount` is None when there were not enough sales."""

    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    confidence: float
    reasons: tuple[str, ...]
    comps: tuple[Comp, ...] = field(default=())

    @property
    def used(self) -> list[Comp]:
        return [comp for comp in self.comps if not comp.left_out]


def market_trend(sales: Sequence[Sale], policy: Policy, today: date) -> Trend:
    """From the settings, or the median price level of the later half against the earlier one.

    Levels are price per assessed dollar or per square foot, so that a changed mix of houses is no
    trend. Nothing is carried on past the newest sale: nobody knows the market since then.
    """
    if policy.annual_trend is not None:
        return Trend(policy.annual_trend, today, "the market trend of the settings")
    levels = sorted((sale.sold_on, level) for sale in sales if (level := _level(sale)))
    if len(levels) < TREND_SALES:
        return Trend(0.0, today, "too few sales to see a trend")
    half = len(levels) // 2
    early, late = levels[:half], levels[-half:]
    days = _mean_day(late) - _mean_day(early)
    if days < TREND_DAYS / 2:
        return Trend(0.0, today, "the sales are too close in time to see a trend")
    ratio = statistics.median(row[1] for row in late) / statistics.median(row[1] for row in early)
    yearly = max(-FASTEST_TREND, min(FASTEST_TREND, (ratio - 1) * 365 / days))
    return Trend(round(yearly, 4), levels[-1][0], f"the trend of {len(levels)} sales nearby")


def _level(sale: Sale) -> float | None:
    base = sale.house.assessed or sale.house.area
    usable = sale.is_arms_length and sale.amount > 0
    return float(sale.amount) / float(base) if base and usable else None


def _mean_day(rows: Sequence[tuple[date, float]]) -> float:
    return statistics.fmean(day.toordinal() for day, _ in rows)


def adjust(subject: House, likeness: Likeness, policy: Policy, trend: Trend) -> Comp:
    """The sale's price turned into what the subject would have brought."""
    sale, house = likeness.sale, likeness.sale.house
    lines = [
        _time(sale, trend),
        _size(subject, sale, policy),
        _each("Bedrooms", subject.bedrooms, house.bedrooms, policy.bedroom_share),
        _each("Bathrooms", subject.bathrooms, house.bathrooms, policy.bathroom_share),
        _lot(subject, house, policy),
        _each("Age", subject.year_built, house.year_built, policy.year_share),
        ("Condition", policy.condition_share, "renovated against as sold, by the settings"),
    ]
    made = tuple(
        Adjustment(name, dollars(sale.amount * _share(share)), reason)
        for name, share, reason in filter(None, lines)
        if share
    )
    return Comp(likeness, made, sale.amount + sum((line.amount for line in made), Decimal(0)))


Line = tuple[str, float, str] | None


def _share(share: float) -> Decimal:
    return Decimal(str(round(max(-LARGEST_LINE, min(LARGEST_LINE, share)), 6)))


def _time(sale: Sale, trend: Trend) -> Line:
    years = max((trend.until - sale.sold_on).days, 0) / 365
    return ("Time", trend.yearly * years, f"{trend.yearly:+.1%} a year, {trend.reason}")


def _size(subject: House, sale: Sale, policy: Policy) -> Line:
    house = sale.house
    if subject.area and house.area:
        gap = subject.area - house.area
        rate = float(sale.amount) / house.area * policy.area_price_share
        share = gap / house.area * policy.area_price_share
        return ("Living area", share, f"{gap:+,} sq ft at ${rate:,.0f}")
    if is_by_assessment(subject, house):
        ratio = float((subject.assessed or 0) / (house.assessed or 1))
        told = f"assessed ${subject.assessed:,.0f} against ${house.assessed:,.0f}"
        return ("Assessed value", ratio - 1, f"no living area; {told}")
    return None


def _each(
    name: str, subject: Decimal | int | None, house: Decimal | int | None, share: float
) -> Line:
    if subject is None or house is None or subject == house:
        return None
    gap = float(subject) - float(house)
    what = "years younger" if name == "Age" else name.lower()
    return (name, gap * share, f"{gap:+g} {what} at {share:.1%} of the price")


def _lot(subject: House, house: House, policy: Policy) -> Line:
    if not subject.lot or not house.lot or subject.lot == house.lot:
        return None
    share = max(-0.5, min(1.0, subject.lot / house.lot - 1)) * policy.lot_share
    return ("Lot", share, f"{subject.lot - house.lot:+,} sq ft of lot")


def weigh(
    subject: House, chosen: Sequence[Likeness], policy: Policy, trend: Trend, *, is_picked: bool
) -> Value:
    """Adjust the chosen sales and weigh them by likeness.

    Outliers are left out, unless a person picked the sales: then every one counts.
    """
    comps = [adjust(subject, likeness, policy, trend) for likeness in chosen]
    kept = (
        [True] * len(comps)
        if is_picked
        else without_outliers([float(comp.adjusted) for comp in comps])
    )
    shown = tuple(
        comp
        if keep
        else Comp(comp.likeness, comp.adjustments, comp.adjusted, "far from the others in price")
        for comp, keep in zip(comps, kept, strict=True)
    )
    used = [comp for comp in shown if not comp.left_out]
    needed = 1 if is_picked else policy.min_comps
    if len(used) < needed:
        told = f"{len(used)} comparable sale{'' if len(used) == 1 else 's'}; {needed} are needed."
        return Value(None, None, None, 0.0, (f"Not enough sales: {told}",), shown)
    pairs = [(comp.adjusted, comp.likeness.similarity) for comp in used]
    amount = weighted_quantile(pairs, 0.5)
    edge = 0.2 if len(pairs) >= FEW else 0.0
    low, high = weighted_quantile(pairs, edge), weighted_quantile(pairs, 1 - edge)
    confidence, reasons = confidence_of(subject, used, amount, policy)
    return Value(dollars(amount), dollars(low), dollars(high), confidence, reasons, shown)


def weighted_quantile(pairs: Sequence[tuple[Decimal, float]], share: float) -> Decimal:
    """The value below which `share` of the weight lies; the middle of two on the border."""
    ordered = sorted(pairs)
    total = sum(weight for _, weight in ordered)
    reached = 0.0
    for at, (value, weight) in enumerate(ordered):
        reached += weight
        if abs(reached - share * total) < 1e-9 * total and at + 1 < len(ordered):
            return (value + ordered[at + 1][0]) / 2
        if reached > share * total:
            return value
    return ordered[-1][0]


def spread_of(used: Sequence[Comp], amount: Decimal) -> float:
    """Mean distance of the adjusted prices from the value, as a share of it."""
    if not amount:
        return 0.0
    return statistics.fmean(abs(float((comp.adjusted - amount) / amount)) for comp in used)


def confidence_of(
    subject: House, used: Sequence[Comp], amount: Decimal, policy: Policy
) -> tuple[float, tuple[str, ...]]:
    """0 to 1, and what lowers it. Each doubt takes its share of what the others left."""
    count = len(used)
    spread = spread_of(used, amount)
    miles = statistics.median(comp.likeness.miles for comp in used)
    years = statistics.median(comp.likeness.age_days for comp in used) / 365
    sizes = sum(1 for comp in used if not (subject.area and comp.likeness.sale.house.area))
    vague = not subject.is_point_exact
    doubts = [
        (0.5 * (1 - min(1.0, count / (2 * policy.min_comps))), f"only {count} sales"),
        (min(0.7, 2 * spread), f"adjusted prices lie {spread:.0%} apart on average"),
        (min(0.4, 0.2 * max(0.0, miles / policy.max_miles - 1)), f"{miles:.1f} miles away"),
        (min(0.6, 0.15 * max(0.0, years * 365 / policy.max_age_days - 1)),
         f"sold {years:.1f} years ago at the median"),
        (0.2 * sizes / count, f"{sizes} of {count} compared without living area"),
        (0.3 if vague else 0.0, "the property is placed by the middle of its ZIP only"),
    ]  # fmt: skip
    confidence = 1.0
    for share, _ in doubts:
        confidence *= 1 - share
    return round(confidence, 3), tuple(words for share, words in doubts if share >= 0.02)
