"""Generated rule sets and deals, with values that sit on, just under and just over thresholds."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from apps.deals.qualification.metrics import METRICS, Metric
from apps.deals.qualification.types import (
    ConditionSpec,
    Kind,
    Match,
    Operator,
    RuleSetSpec,
    RuleSpec,
    UnknownPolicy,
)

TEXTS = ("person", "company", "trust", "expired", 'o\'neil "x" %s', "ct")
FLOATS = st.one_of(
    st.sampled_from([0.0, 0.1, 0.2, 0.1 + 0.2, 0.3, math.nextafter(0.2, 1), 1.0, -0.5, 250_000.0]),
    st.floats(-1e9, 1e9, allow_nan=False),
)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.FLOAT: FLOATS,
    Kind.INT: st.one_of(st.integers(-2, 12), st.integers(0, 2_000_000)),
    Kind.BOOL: st.booleans(),
    Kind.TEXT: st.sampled_from(TEXTS),
    Kind.DATE: st.dates(date(1990, 1, 1), date(2030, 1, 1)),
}


def thresholds(metric: Metric, operator: Operator) -> st.SearchStrategy[Any]:
    if operator in (Operator.ONE_OF, Operator.NONE_OF):
        return st.lists(VALUES[metric.kind], min_size=1, max_size=3).map(tuple)
    if operator is Operator.BETWEEN:
        return st.tuples(VALUES[metric.kind], VALUES[metric.kind]).map(sorted).map(tuple)
    return VALUES[metric.kind]


@st.composite
def conditions(draw: st.DrawFn) -> ConditionSpec:
    metric = draw(st.sampled_from(list(METRICS.values())))
    operator = draw(st.sampled_from(metric.operators))
    return ConditionSpec(metric.name, operator, draw(thresholds(metric, operator)))


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSetSpec:
    count = draw(st.integers(1, 8))
    weights = draw(st.lists(st.integers(0, 40), min_size=count, max_size=count).filter(any))
    rules = tuple(
        RuleSpec(
            name=f"rule {number}",
            weight=weight,
            match=draw(st.sampled_from(Match)),
            is_knock_out=draw(st.booleans()) and draw(st.booleans()),
            conditions=tuple(draw(st.lists(conditions(), min_size=1, max_size=3))),
        )
        for number, weight in enumerate(weights)
    )
    review_from = draw(st.integers(0, 100))
    return RuleSetSpec(
        rules=rules,
        review_from=review_from,
        qualified_from=draw(st.integers(review_from, 100)),
        min_coverage=draw(st.sampled_from([0, 25, 50, 67, 100])),
        unknown_policy=draw(st.sampled_from(UnknownPolicy)),
    )


@st.composite
def deals(draw: st.DrawFn, spec: RuleSetSpec) -> dict[str, Any]:
    """A deal's metrics: each may be missing, and half of the rest sit on a rule's threshold."""
    row: dict[str, Any] = {}
    asked = [condition for rule in spec.rules for condition in rule.conditions]
    for condition in asked:
        metric = METRICS[condition.metric]
        choices = [st.none(), VALUES[metric.kind]]
        if condition.operator is Operator.BETWEEN:
            choices.append(st.sampled_from(condition.value))
        elif not isinstance(condition.value, tuple):
            choices.append(st.just(condition.value))
        row[metric.name] = draw(st.one_of(*choices))
    return row


@st.composite
def rule_set_pairs(draw: st.DrawFn) -> tuple[RuleSetSpec, RuleSetSpec]:
    """A rule set and a later version of it: rules changed, added, removed, reordered, reweighed.

    Places in the masks are those a published set has: kept by a rule for its life, sometimes beyond
    the thirty-first.
    """
    old = draw(rule_sets())
    places = draw(st.lists(st.integers(0, 61), min_size=16, max_size=16, unique=True))
    kept = [replace(rule, bit=place) for rule, place in zip(old.rules, places, strict=False)]
    old = replace(old, rules=tuple(kept))
    other = draw(rule_sets())
    rules: list[RuleSpec] = []
    for rule in kept:
        fate = draw(st.sampled_from(["same", "same", "same", "asked", "weighed", "gone"]))
        if fate == "asked":
            rule = replace(rule, conditions=tuple(draw(st.lists(conditions(), min_size=1))))
        elif fate == "weighed":
            rule = replace(rule, weight=draw(st.integers(0, 40)), is_knock_out=draw(st.booleans()))
        if fate != "gone":
            rules.append(rule)
    added = draw(st.integers(0, 2))
    rules += [
        replace(rule, bit=place)
        for rule, place in zip(other.rules[:added], places[8:], strict=False)
    ]
    rules = draw(st.permutations(rules))
    if not sum(rule.weight for rule in rules):
        rules = [*rules, replace(other.rules[0], weight=5, bit=places[15])]
    thresholds_of = draw(st.sampled_from([old, old, other]))
    return old, replace(thresholds_of, rules=tuple(rules))
