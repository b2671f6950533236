"""Which source is believed, over any order of any claims."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.deals.ingestion.claims import Held, Origin, admits, apply_claims

COLUMNS = ("bedrooms", "year_built", "est_value")
DAY = date(2026, 6, 1)
origins = st.builds(
    lambda source, day, strength: Origin(source, day and DAY + timedelta(days=day), strength),
    st.sampled_from(["PropStream", "County", "Feed"]),
    st.none() | st.integers(0, 3),
    st.sampled_from([20, 50, 80]),
)
claims = st.tuples(
    origins, st.dictionaries(st.sampled_from(COLUMNS), st.integers(1, 3), min_size=1)
)


def nothing() -> Held:
    return Held(dict.fromkeys(COLUMNS), Origin("", None, 0))


def apply(held: Held, claim: tuple[Origin, dict[str, int]]) -> dict[str, list[Any]]:
    origin, said = claim
    return apply_claims(held, said, origin, COLUMNS)


def beats(one: Origin, other: Origin) -> bool:
    return admits(other, one) and not admits(one, other)


@given(st.lists(claims, max_size=8))
def test_no_claim_beats_the_one_that_stands(told):
    held = nothing()
    for claim in told:
        apply(held, claim)
    for column in COLUMNS:
        said = [(origin, values[column]) for origin, values in told if column in values]
        if not said:
            assert held.values[column] is None
            continue
        standing = held.origin_of(column)
        assert (standing, held.values[column]) in said or any(
            value == held.values[column] for _, value in said
        )
        for origin, value in said:
            assert value == held.values[column] or not beats(origin, standing)


@given(st.lists(claims, max_size=6), claims)
def test_the_same_claims_again_change_nothing(told, last):
    held = nothing()
    for claim in [*told, last]:
        apply(held, claim)
    values, origin = dict(held.values), held.origin
    exceptions, conflicts = dict(held.exceptions), dict(held.conflicts)
    held.has_news = False
    assert apply(held, last) == {}
    assert not held.has_news
    assert (held.values, held.origin) == (values, origin)
    assert (held.exceptions, held.conflicts) == (exceptions, conflicts)


@given(st.lists(claims, max_size=8))
def test_what_a_person_entered_never_changes(told):
    held = nothing()
    held.values["bedrooms"] = 9
    held.hand_edited = frozenset({"bedrooms"})
    for claim in told:
        assert "bedrooms" not in apply(held, claim)
    assert held.values["bedrooms"] == 9
    said = [values["bedrooms"] for _, values in told if "bedrooms" in values]
    assert ("bedrooms" in held.conflicts) == bool(said)


@given(st.lists(claims, max_size=6), claims)
def test_an_older_and_weaker_claim_adds_conflicts_and_fills_gaps_only(told, late):
    held = nothing()
    for claim in told:
        apply(held, claim)
    origin = Origin("Old file", DAY - timedelta(days=400), 10)
    before = dict(held.values)
    changes = apply(held, (origin, late[1]))
    for column, value in late[1].items():
        if before[column] is None:
            assert changes[column] == [None, value]
        else:
            assert held.values[column] == before[column]
            assert (column in held.conflicts) >= (value != before[column])


@given(st.permutations([0, 1, 2, 3]))
def test_where_freshness_agrees_with_strength_the_order_does_not_matter(order):
    told = [
        (Origin("list", DAY + timedelta(days=n), 50 + n), {"bedrooms": n + 1}) for n in range(4)
    ]
    held = nothing()
    for at in order:
        apply(held, told[at])
    assert (held.values["bedrooms"], held.origin_of("bedrooms")) == (4, told[3][0])


def test_an_agreeing_newer_source_makes_the_value_fresher():
    held = nothing()
    first, second, third = (Origin("list", DAY + timedelta(days=n), 50) for n in (0, 2, 1))
    apply(held, (first, {"bedrooms": 3}))
    assert apply(held, (second, {"bedrooms": 3})) == {}
    assert apply(held, (third, {"bedrooms": 4})) == {}
    assert held.conflicts == {"bedrooms": [4, "list", third.as_of.isoformat(), 50]}
    apply(held, (third, {"bedrooms": 3}))
    assert held.conflicts == {}


def test_a_dismissed_voice_is_not_raised_again():
    held = nothing()
    apply(held, (Origin("a", DAY, 80), {"bedrooms": 3}))
    weak = (Origin("b", DAY, 50), {"bedrooms": 4})
    apply(held, weak)
    held.conflicts["bedrooms"].append("dismissed")
    apply(held, weak)
    assert held.conflicts["bedrooms"][4:] == ["dismissed"]
    apply(held, (Origin("c", DAY, 60), {"bedrooms": 5}))
    assert held.conflicts["bedrooms"] == [5, "c", DAY.isoformat(), 60]


@pytest.mark.parametrize("few", [1, 2, 3])
def test_origins_are_kept_in_few_words(few):
    """The bulk of the columns is covered by the property's own source and day."""
    held = nothing()
    apply(held, (Origin("a", DAY, 50), dict.fromkeys(COLUMNS, 1)))
    newer = Origin("b", DAY + timedelta(days=1), 50)
    apply(held, (newer, dict.fromkeys(COLUMNS[:few], 2)))
    assert len(held.exceptions) == min(few, len(COLUMNS) - few)
    for column, said in itertools.zip_longest(COLUMNS, [newer] * few):
        assert held.origin_of(column) == (said or Origin("a", DAY, 50))
