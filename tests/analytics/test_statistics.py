"""Intervals, Brier scores and concordance against published and hand-worked figures."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analytics.statistics import (
    brier_of_rates,
    brier_score,
    concordance,
    concordance_interval,
    difference_interval,
    wilson_interval,
)

# hits and trials, hits first
proportions = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
# value, cases, hits
groups = st.lists(
    st.integers(0, 12).flatmap(
        lambda n: st.tuples(st.integers(0, 100), st.just(n), st.integers(0, n))
    ),
    max_size=8,
)


def with_both_sides(rows) -> bool:
    cases = sum(n for _, n, _ in rows)
    return 0 < sum(k for _, _, k in rows) < cases


@pytest.mark.parametrize(
    "hits, total, low, high",
    [
        # Newcombe 1998, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(hits, total, low, high):
    assert wilson_interval(hits, total) == pytest.approx((low, high), abs=5e-5)


def test_wilson_knows_nothing_without_trials_and_refuses_nonsense():
    assert wilson_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no proportion"):
        wilson_interval(3, 2)


@given(proportions)
def test_wilson_holds_the_rate_inside_0_and_1_and_mirrors(proportion):
    hits, total = proportion
    low, high = wilson_interval(hits, total)
    assert 0 <= low <= hits / total <= high <= 1
    assert wilson_interval(total - hits, total) == pytest.approx((1 - high, 1 - low))


@given(proportions)
def test_more_of_the_same_narrows_an_interval(proportion):
    hits, total = proportion
    few, many = wilson_interval(hits, total), wilson_interval(4 * hits, 4 * total)
    assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize(
    "first, second, low, high",
    [
        # Newcombe 1998, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_have_the_published_intervals(first, second, low, high):
    assert difference_interval(*first, *second) == pytest.approx((low, high), abs=5e-5)


@given(proportions, proportions)
def test_a_difference_lies_in_its_interval_and_turns_with_its_sides(first, second):
    low, high = difference_interval(*first, *second)
    assert -1 <= low <= first[0] / first[1] - second[0] / second[1] <= high <= 1
    assert difference_interval(*second, *first) == pytest.approx((-high, -low))


def test_without_trials_a_difference_may_be_anything():
    assert difference_interval(0, 0, 3, 9) == (-1.0, 1.0)


def test_the_brier_score_of_worked_forecasts():
    # 0.7 said of two, one came: (0.09 + 0.49) / 2; 0.1 said of two, none came: 0.01 each
    assert brier_score([(0.7, 2, 1), (0.1, 2, 0)]) == pytest.approx((0.09 + 0.49 + 0.02) / 4)
    assert brier_score([(1.0, 3, 3), (0.0, 5, 0)]) == 0
    assert brier_score([(0.0, 3, 3)]) == 1
    with pytest.raises(ValueError, match="no forecast"):
        brier_score([])


def test_rates_are_checked_on_the_others():
    # three cases, one hit: the hit is forecast 0 of 2, each miss 1 of 2
    assert brier_of_rates([(3, 1)]) == pytest.approx((1 + 0.25 + 0.25) / 3)
    # alone in its group: the rate of the three others, 1 of 3
    assert brier_of_rates([(3, 1), (1, 0)]) == pytest.approx((1 + 0.25 + 0.25 + 1 / 9) / 4)
    with pytest.raises(ValueError, match="two cases"):
        brier_of_rates([(1, 1)])


@given(groups.filter(lambda rows: sum(n for _, n, _ in rows) >= 2))
def test_checked_on_the_others_a_rate_never_looks_better_than_by_hindsight(rows):
    whole = (sum(n for _, n, _ in rows), sum(k for _, _, k in rows))
    rate = whole[1] / whole[0]
    assert 0 <= brier_of_rates([whole]) <= 1
    assert brier_of_rates([whole]) >= rate * (1 - rate) - 1e-12


@given(groups.filter(with_both_sides))
def test_concordance_is_the_share_of_pairs(rows):
    wins = [value for value, _, hits in rows for _ in range(hits)]
    losses = [value for value, cases, hits in rows for _ in range(cases - hits)]
    pairs = [(a > b) + (a == b) / 2 for a, b in product(wins, losses)]
    merged: dict[int, tuple[int, int]] = {}
    for value, cases, hits in rows:
        before = merged.get(value, (0, 0))
        merged[value] = (before[0] + cases, before[1] + hits)
    once = [(value, cases, hits) for value, (cases, hits) in merged.items()]
    assert concordance(once) == pytest.approx(sum(pairs) / len(pairs))


def test_concordance_needs_both_sides():
    with pytest.raises(ValueError, match="with and without"):
        concordance([(50, 4, 4)])


def test_the_interval_of_a_concordance_against_a_worked_one():
    # Its ends are where the distance to the estimate is z standard errors, both sizes being 19.
    low, high = concordance_interval(0.5, 20, 20)

    def distance(at: float) -> float:
        shape = 1 + 19 * (1 - at) / (2 - at) + 19 * at / (1 + at)
        return abs(at - 0.5) / (at * (1 - at) * shape / 400) ** 0.5

    assert distance(low) == pytest.approx(1.95996, abs=1e-4)
    assert distance(high) == pytest.approx(1.95996, abs=1e-4)


@given(st.floats(0, 1), st.integers(1, 300), st.integers(1, 300))
def test_the_interval_of_a_concordance_holds_it_and_mirrors(area, hits, misses):
    low, high = concordance_interval(area, hits, misses)
    assert 0 <= low <= area <= high <= 1
    mirrored = concordance_interval(1 - area, hits, misses)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-6)


def test_a_perfect_ranking_of_a_few_is_not_certain():
    low, high = concordance_interval(1.0, 10, 10)
    assert low == pytest.approx(0.80, abs=0.01)
    assert high == 1.0
