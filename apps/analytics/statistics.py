"""Rates and rankings with their uncertainty. Plain numbers in, plain numbers out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import TypeAlias

# The normal quantile that leaves 2.5 % on either side.
Z_95 = 1.959963984540054

Interval: TypeAlias = tuple[float, float]
# (forecast from 0 to 1, how many got it, how many of them had the outcome)
Forecast: TypeAlias = tuple[float, int, int]


def wilson_interval(hits: int, total: int, *, z: float = Z_95) -> Interval:
    """Score interval of a proportion, both ends from 0 to 1; (0, 1) without any trial.

    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209; method 3 of R. G. Newcombe, Stat. Med. 17
    (1998) 857. Raises ValueError for more hits than trials.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no proportion")
    if not total:
        return 0.0, 1.0
    rate, square = hits / total, z * z
    center = 2 * hits + square
    spread = z * sqrt(square + 4 * hits * (1 - rate))
    width = 2 * (total + square)
    low = 0.0 if hits == 0 else max((center - spread) / width, 0.0)
    high = 1.0 if hits == total else min((center + spread) / width, 1.0)
    return low, high


def difference_interval(
    hits: int, total: int, base_hits: int, base_total: int, *, z: float = Z_95
) -> Interval:
    """Interval of the difference of two independent proportions, first minus second, -1 to 1.

    Method 10 of R. G. Newcombe, Stat. Med. 17 (1998) 873: the squared distances of both Wilson
    intervals added. (-1, 1) where one side has no trial.
    """
    if not total or not base_total:
        return -1.0, 1.0
    rate, base = hits / total, base_hits / base_total
    low, high = wilson_interval(hits, total, z=z)
    base_low, base_high = wilson_interval(base_hits, base_total, z=z)
    difference = rate - base
    down = sqrt((rate - low) ** 2 + (base_high - base) ** 2)
    up = sqrt((high - rate) ** 2 + (base - base_low) ** 2)
    return max(difference - down, -1.0), min(difference + up, 1.0)


def brier_score(forecasts: Sequence[Forecast]) -> float:
    """Mean squared distance of forecasts from what came, 0 (perfect) to 1 (always wrong).

    G. W. Brier, Mon. Weather Rev. 78 (1950) 1, in its form for two outcomes. Raises ValueError
    without any forecast.
    """
    total = sum(count for _, count, _ in forecasts)
    if not total:
        raise ValueError("no forecast to score")
    return (
        sum(
            hits * (1 - forecast) ** 2 + (count - hits) * forecast**2
            for forecast, count, hits in forecasts
        )
        / total
    )


def brier_of_rates(groups: Sequence[tuple[int, int]]) -> float:
    """Brier score of forecasting for each case the rate of the others of its group.

    `groups`: (cases, hits). Leaving the case itself out (M. Stone, J. R. Stat. Soc. B 36 (1974)
    111) keeps many small groups from looking good by hindsight; one that is alone in its group is
    given the rate of all others. Raises ValueError for fewer than two cases in all.
    """
    total = sum(count for count, _ in groups)
    total_hits = sum(hits for _, hits in groups)
    if total < 2:
        raise ValueError("a rate of the others needs two cases")
    forecasts: list[Forecast] = []
    for count, hits in groups:
        others, other_hits = (count, hits) if count > 1 else (total, total_hits)
        if hits:
            forecasts.append(((other_hits - 1) / (others - 1), hits, hits))
        if count > hits:
            forecasts.append((other_hits / (others - 1), count - hits, 0))
    return brier_score(forecasts)


def concordance(groups: Sequence[tuple[float, int, int]]) -> float:
    """Share of pairs, one with the outcome and one without, in which the first has more; 0 to 1.

    `groups`: (value, cases, hits), each value once. Ties count half. The area under
    the ROC curve: J. A. Hanley and B. J. McNeil, Radiology 143 (1982) 29. Raises ValueError unless
    both sides have a case.
    """
    below, pairs = 0, 0.0
    for _, count, hits in sorted(groups):
        misses = count - hits
        pairs += hits * (below + misses / 2)
        below += misses
    total_hits = sum(hits for _, _, hits in groups)
    if not below or not total_hits:
        raise ValueError("concordance needs cases with and without the outcome")
    return pairs / (total_hits * below)


def concordance_interval(area: float, hits: int, misses: int, *, z: float = Z_95) -> Interval:
    """Interval of a concordance of so many cases with and without the outcome, 0 to 1.

    Method 5 of R. G. Newcombe, Stat. Med. 25 (2006) 559: the values whose own standard error
    (Hanley and McNeil's, with both sample sizes replaced by their mean) reaches as far as `area`.
    It stays inside 0 to 1 and has a width also where the ranking is perfect.
    """
    middle = (hits + misses) / 2 - 1

    def reach(at: float) -> float:
        shape = 1 + middle * (1 - at) / (2 - at) + middle * at / (1 + at)
        return z * sqrt(at * (1 - at) * shape / (hits * misses))

    low = 0.0 if area <= 0 else _root(lambda at: at + reach(at) - area, 0.0, area)
    high = 1.0 if area >= 1 else _root(lambda at: at - reach(at) - area, area, 1.0)
    return low, high


def _root(rises: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that is below zero at `low` and above at `high` passes zero."""
    for _ in range(60):
        middle = (low + high) / 2
        if rises(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
