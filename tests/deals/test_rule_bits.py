"""A stored mask keeps its meaning: bits go with rules, not with places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.deals.qualification.bits import reuses_a_bit, settle_bits
from apps.deals.qualification.shipped import ConditionRow, RuleRow, RuleSetRow
from apps.deals.qualification.types import MAX_RULES

CONDITION = (ConditionRow("equity_pct", "gt", "20%"),)


def a_set(*rules: tuple[str, int | None]) -> RuleSetRow:
    rows = tuple(RuleRow(key, 1, "all", False, CONDITION, bit, key) for key, bit in rules)
    return RuleSetRow("R", "", 60, 40, 0, "neutral", rows)


def bits(row: RuleSetRow) -> dict[str, int | None]:
    return {rule.id: rule.bit for rule in row.rules}


@given(
    published=st.sets(st.integers(0, 80), max_size=MAX_RULES),
    drafted=st.lists(st.integers(0, 80), unique=True, max_size=MAX_RULES),
    own=st.dictionaries(st.integers(0, 80), st.integers(0, MAX_RULES - 1)),
    places=st.permutations(range(MAX_RULES)),
)
def test_rules_keep_their_bits_and_never_share_one(
    published: set[int], drafted: list[int], own: dict[int, int], places: list[int]
) -> None:
    before = {str(key): bit for key, bit in zip(sorted(published), places, strict=False)}
    settled = settle_bits(a_set(*((str(key), own.get(key)) for key in drafted)), before)
    found = bits(settled)
    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= set(range(MAX_RULES))
    assert all(found[key] == bit for key, bit in before.items() if key in found)
    if len(before.keys() | found.keys()) <= MAX_RULES:
        assert not reuses_a_bit(settled.rules, before)
    assert settle_bits(settled, found) == settled


def test_a_rule_that_comes_back_takes_its_old_bit_if_nobody_has_it() -> None:
    assert bits(settle_bits(a_set(("b", 1), ("new", None)), {"a": 0})) == {"b": 1, "new": 2}
    assert bits(settle_bits(a_set(("b", 0), ("a", 0)), {"a": 0})) == {"b": 1, "a": 0}


def test_a_full_set_hands_on_the_bit_of_a_rule_that_goes() -> None:
    before = {str(n): n for n in range(MAX_RULES)}
    rules = [(str(n), None) for n in range(1, MAX_RULES)]
    settled = settle_bits(a_set(("new", None), *rules), before)
    assert bits(settled)["new"] == 0
    assert reuses_a_bit(settled.rules, before)
    with pytest.raises(ValueError, match="at most 62"):
        settle_bits(a_set(("new", None), ("0", None), *rules), before)
