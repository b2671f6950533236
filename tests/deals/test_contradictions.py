"""Rules no deal can meet are found, and no rule that some deal meets is called one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.deals.qualification.contradictions import find_contradiction
from apps.deals.qualification.evaluate import judge_rule
from apps.deals.qualification.metrics import METRICS
from apps.deals.qualification.shipped import to_condition
from apps.deals.qualification.types import ConditionSpec, Kind, RuleSpec, Truth
from tests.deals.qualification_strategies import VALUES, thresholds

FEW = [m for m in METRICS.values() if m.name in ("equity_pct", "bedrooms", "is_vacant", "state")]


@st.composite
def narrow(draw: st.DrawFn) -> ConditionSpec:
    metric = draw(st.sampled_from(FEW))
    operator = draw(st.sampled_from(metric.operators))
    return ConditionSpec(metric.name, operator, draw(thresholds(metric, operator)))


@given(st.lists(narrow(), min_size=1, max_size=5), st.data())
def test_a_rule_that_is_refused_is_met_by_no_deal(
    conditions: list[ConditionSpec], data: st.DataObject
) -> None:
    if find_contradiction(conditions) is None:
        return
    ends = {name: [] for name in ("equity_pct", "bedrooms", "is_vacant", "state")}
    for condition in conditions:
        held = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        ends[condition.metric] += held
    deal = {
        metric.name: data.draw(st.one_of(VALUES[metric.kind], st.sampled_from(ends[metric.name])))
        if ends[metric.name]
        else data.draw(VALUES[metric.kind])
        for metric in FEW
    }
    assert judge_rule(RuleSpec("R", 1, tuple(conditions)), deal) is Truth.FAILED


@pytest.mark.parametrize(
    ("written", "is_empty"),
    [
        ([("equity_pct", "gt", "40%"), ("equity_pct", "lt", "20%")], True),
        ([("equity_pct", "gt", "20%"), ("equity_pct", "lte", "20%")], True),
        ([("equity_pct", "gte", "20%"), ("equity_pct", "lte", "20%")], False),
        ([("equity_pct", "between", "20% to 40%"), ("equity_pct", "gt", "40%")], True),
        ([("equity_pct", "between", "20% to 40%"), ("ltv", "gt", "90%")], False),
        ([("bedrooms", "is", "3"), ("bedrooms", "gt", "3")], True),
        ([("is_vacant", "is", "yes"), ("is_vacant", "is", "no")], True),
        ([("state", "is", "ct"), ("state", "is", "ny")], True),
        ([("state", "is", "ct"), ("state", "is_not", "ny")], False),
    ],
)
def test_an_empty_range_is_found(written: list[tuple[str, str, str]], is_empty: bool) -> None:
    found = find_contradiction([to_condition(*one) for one in written])
    assert (found is not None) is is_empty
    if found:
        assert found[0] == 1


def test_kinds_without_order_are_compared_by_equality_only() -> None:
    assert {m.kind for m in FEW} == {Kind.FLOAT, Kind.INT, Kind.BOOL, Kind.TEXT}
