"""An estimate as a page draws it."""

from __future__ import annotations

from dataclasses import dataclass

from apps.deals.comps.valuation import Value

WORDS = ((0.7, "high", "green"), (0.4, "fair", "yellow"), (0.0, "low", "red"))


@dataclass(frozen=True, slots=True)
class SpreadBar:
    """Per cent from the left: the band from low to high, the value, one mark for each sale."""

    left: float
    width: float
    value: float
    marks: tuple[float, ...]


def confidence_words(confidence: float) -> tuple[str, str]:
    """('fair', color) for 0.55."""
    return next((word, color) for least, word, color in WORDS if confidence >= least)


def spread_bar(value: Value) -> SpreadBar | None:
    """None when there is no value. The bar spans all adjusted prices with a little air."""
    if value.amount is None or value.low is None or value.high is None:
        return None
    prices = [float(comp.adjusted) for comp in value.used]
    low, high = min(prices), max(prices)
    air = (high - low) * 0.08 or high * 0.05
    start, length = low - air, high - low + 2 * air

    def at(price: float) -> float:
        return round((price - start) / length * 100, 2)

    left, right = at(float(value.low)), at(float(value.high))
    return SpreadBar(
        left, max(right - left, 0.8), at(float(value.amount)), tuple(map(at, sorted(prices)))
    )
