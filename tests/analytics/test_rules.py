"""Shares, periods and tiles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.analytics import rules


@pytest.mark.parametrize(
    "part, whole, expected",
    [(1, 3, 33), (2, 3, 67), (1, 8, 13), (0, 5, 0), (5, 5, 100), (3, 2, 150), (1, 0, None)],
)
def test_a_share_is_whole_percent_rounded_half_up(part, whole, expected):
    assert rules.share(part, whole) == expected


@pytest.mark.parametrize("text, days", [("30", 30), ("90", 90), ("", 7), ("31", 7), ("x", 7)])
def test_only_offered_periods_are_taken_from_the_address(text, days):
    assert rules.period_days(text) == days


def test_the_two_periods_are_equally_long_and_touch():
    now = datetime(2026, 11, 20, tzinfo=UTC)
    since, before = rules.window(now, 7)
    assert (now - since) == (since - before)
    assert since == datetime(2026, 11, 13, tzinfo=UTC)


def test_funnel_steps_keep_their_order_and_name_both_shares():
    counts = {
        "imported": 200,
        "qualified": 50,
        "offered": 10,
        "contacted": 8,
        "replied": 2,
        "under_contract": 1,
    }
    steps = rules.funnel_steps(counts)
    assert [step.count for step in steps] == [200, 50, 10, 8, 2, 1]
    assert [step.share_of_previous for step in steps] == [None, 25, 20, 80, 25, 50]
    assert [step.share_of_first for step in steps] == [100, 25, 5, 4, 1, 1]


def test_a_tile_tells_the_change_against_the_period_before():
    empty = dict.fromkeys([key for key, _ in rules.FUNNEL], 0)
    tiles = rules.tiles(empty | {"replied": 3}, empty | {"replied": 5})
    assert {tile.label: tile.change for tile in tiles}["Replied"] == -2


def test_the_guards_first_reason_is_shown():
    reasons = [{"code": "a", "sentence": "First.", "rule": "1"}, {"sentence": "Second."}]
    assert rules.first_sentence(reasons) == "First."
    assert rules.first_sentence([]) == "The guard gave no reason."
