"""How scores compare with what came of the deals. No clock, no rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.analytics.statistics import (
    brier_of_rates,
    brier_score,
    concordance,
    concordance_interval,
    wilson_interval,
)

WIDTH = 10
LAST_BAND = 90
# A rate of fewer deals says more about chance than about the band.
BAND_LEAST = 20
PAGE_LEAST = 100
# Ranking and errors rest on the rarer side, whichever that is.
SIDE_LEAST = 10
COIN_TOSS = 0.5
SCALES = (0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Tally:
    """Deals that had one score, 0 to 100, when they were first written to, and what came."""

    score: int
    deals: int
    hits: int


@dataclass(frozen=True)
class Rate:
    """A share, 0 to 1, with its 95 % interval."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.share:.1%}"

    @property
    def interval(self) -> str:
        return f"{self.low:.1%} to {self.high:.1%}"


@dataclass(frozen=True)
class Band:
    """Scores from `low` to `high`, both included. `rate` is None while there are too few deals."""

    low: int
    high: int
    deals: int
    hits: int
    rate: Rate | None

    @property
    def label(self) -> str:
        return f"{self.low}–{self.high}"


@dataclass(frozen=True)
class Bar:
    """A rate as drawn, in percent of the full width."""

    width: float
    low: float
    span: float


@dataclass(frozen=True)
class Errors:
    """Brier scores: of the score read as a percentage, of the base rate, of the bands' rates."""

    of_score: float
    of_base: float
    of_bands: float


@dataclass(frozen=True)
class Calibration:
    """One outcome. `errors` and `ranking` are None while there is not enough data."""

    deals: int
    hits: int
    base: Rate | None
    bands: list[Band]
    errors: Errors | None
    ranking: Rate | None

    @property
    def scale(self) -> float:
        """The share a bar of full width stands for."""
        highest = max((band.rate.high for band in self.bands if band.rate), default=0.0)
        return next((step for step in SCALES if highest <= step), SCALES[-1])

    @property
    def scale_text(self) -> str:
        return f"{self.scale:.0%}"

    @property
    def rows(self) -> list[tuple[Band, Bar | None]]:
        return [(band, _bar(band.rate, self.scale)) for band in self.bands]


def calibrate(tallies: Iterable[Tally]) -> Calibration:
    held = list(tallies)
    deals = sum(tally.deals for tally in held)
    hits = sum(tally.hits for tally in held)
    bands = [_band(low, held) for low in range(0, LAST_BAND + 1, WIDTH)]
    is_enough = deals >= PAGE_LEAST and min(hits, deals - hits) >= SIDE_LEAST
    return Calibration(
        deals=deals,
        hits=hits,
        base=rate_of(hits, deals) if deals else None,
        bands=bands,
        errors=_errors(held, bands) if is_enough else None,
        ranking=_ranking(held, hits, deals - hits) if is_enough else None,
    )


def rate_of(hits: int, total: int) -> Rate:
    """Raises ZeroDivisionError without a trial."""
    return Rate(hits / total, *wilson_interval(hits, total))


def _band(low: int, tallies: Sequence[Tally]) -> Band:
    high = 100 if low == LAST_BAND else low + WIDTH - 1
    inside = [tally for tally in tallies if low <= tally.score <= high]
    deals = sum(tally.deals for tally in inside)
    hits = sum(tally.hits for tally in inside)
    return Band(low, high, deals, hits, rate_of(hits, deals) if deals >= BAND_LEAST else None)


def _bar(rate: Rate | None, scale: float) -> Bar | None:
    if rate is None:
        return None
    low = rate.low / scale
    return Bar(100 * rate.share / scale, 100 * low, 100 * (rate.high / scale - low))


def _errors(tallies: Sequence[Tally], bands: Sequence[Band]) -> Errors:
    groups = [(band.deals, band.hits) for band in bands]
    whole = [(sum(deals for deals, _ in groups), sum(hits for _, hits in groups))]
    return Errors(
        of_score=brier_score([(t.score / 100, t.deals, t.hits) for t in tallies]),
        of_base=brier_of_rates(whole),
        of_bands=brier_of_rates(groups),
    )


def _ranking(tallies: Sequence[Tally], hits: int, misses: int) -> Rate:
    area = concordance([(t.score, t.deals, t.hits) for t in tallies])
    low, high = concordance_interval(area, hits, misses)
    return Rate(area, low, high)
