from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.deals.qualification.evaluate import judge, judge_rule, percent_half_up
from apps.deals.qualification.explain import demand_words, explain
from apps.deals.qualification.metrics import METRICS
from apps.deals.qualification.shipped import read_rule_set, to_condition, to_spec
from apps.deals.qualification.types import (
    ConditionSpec,
    Match,
    Operator,
    RuleSetSpec,
    RuleSpec,
    Truth,
    UnknownPolicy,
    Verdict,
)
from apps.deals.qualification.values import BadValue
from tests.deals.qualification_strategies import deals, rule_sets

CLASSIC = Path(__file__).parents[2] / "fixtures" / "rulesets" / "classic.yaml"
EQUITY = ConditionSpec("equity_pct", Operator.MORE_THAN, 0.2)
STALE = ConditionSpec("days_on_market", Operator.MORE_THAN, 90)
CUT = ConditionSpec("price_reduction_pct", Operator.MORE_THAN, 0.05)
MOTIVATED = RuleSpec("Motivated", 10, (STALE, CUT), Match.ANY)


@pytest.mark.parametrize(
    ("days", "cut", "truth"),
    [
        (91, None, Truth.PASSED),
        (90, None, Truth.UNKNOWN),
        (90, 0.05, Truth.FAILED),
        (None, 0.06, Truth.PASSED),
        (None, 0.05, Truth.UNKNOWN),
        (None, None, Truth.UNKNOWN),
    ],
)
def test_one_of_two_conditions_is_enough_and_missing_is_unknown(
    days: int | None, cut: float | None, truth: Truth
) -> None:
    assert judge_rule(MOTIVATED, {"days_on_market": days, "price_reduction_pct": cut}) is truth


@pytest.mark.parametrize(
    ("equity", "days", "truth"),
    [
        (0.3, 91, Truth.PASSED),
        (0.2, None, Truth.FAILED),
        (None, 90, Truth.FAILED),
        (0.3, None, Truth.UNKNOWN),
    ],
)
def test_all_conditions_fail_as_soon_as_one_fails(
    equity: float | None, days: int | None, truth: Truth
) -> None:
    rule = RuleSpec("Both", 1, (EQUITY, STALE))
    assert judge_rule(rule, {"equity_pct": equity, "days_on_market": days}) is truth


@pytest.mark.parametrize(
    ("equity", "truth"),
    [
        (0.2, Truth.PASSED),
        (0.4, Truth.PASSED),
        (0.19, Truth.FAILED),
        (0.41, Truth.FAILED),
        (None, Truth.UNKNOWN),
    ],
)
def test_both_ends_of_a_range_are_within(equity: float | None, truth: Truth) -> None:
    condition = to_condition("equity_pct", "between", "20% to 40%")
    metrics = {"equity_pct": equity}
    assert judge_rule(RuleSpec("Some equity", 1, (condition,)), metrics) is truth
    assert demand_words(condition) == "between 20% and 40%"


def two_rules(policy: UnknownPolicy, **more: Any) -> RuleSetSpec:
    rules = (RuleSpec("Equity", 30, (EQUITY,)), MOTIVATED)
    return RuleSetSpec(rules, unknown_policy=policy, **more)


def test_unknown_policies_differ_only_in_what_unknown_does() -> None:
    known_half = {"equity_pct": 0.5}
    neutral = judge(two_rules(UnknownPolicy.NEUTRAL), known_half)
    strict = judge(two_rules(UnknownPolicy.FAIL), known_half)
    asking = judge(two_rules(UnknownPolicy.ASK), known_half)
    assert (neutral.score, neutral.verdict) == (100, Verdict.QUALIFIED)
    assert (strict.score, strict.verdict) == (75, Verdict.QUALIFIED)
    assert (asking.score, asking.verdict) == (100, Verdict.REVIEW)
    assert neutral.coverage == strict.coverage == asking.coverage == 75


def test_too_little_coverage_is_a_review_and_nothing_known_is_a_review() -> None:
    spec = two_rules(UnknownPolicy.NEUTRAL, min_coverage=80)
    assert judge(spec, {"equity_pct": 0.5}).verdict is Verdict.REVIEW
    assert judge(spec, {"equity_pct": 0.1}).verdict is Verdict.REVIEW
    empty = judge(spec, {})
    assert (empty.score, empty.coverage, empty.verdict) == (0, 0, Verdict.REVIEW)


def test_a_failed_knock_out_rejects_the_best_score() -> None:
    dry = RuleSpec(
        "Not under water", 0, (ConditionSpec("ltv", Operator.AT_MOST, 1.0),), is_knock_out=True
    )
    spec = RuleSetSpec((RuleSpec("Stale", 10, (STALE,)), dry))
    assert judge(spec, {"days_on_market": 99, "ltv": 1.01}).verdict is Verdict.REJECTED
    assert judge(spec, {"days_on_market": 99, "ltv": 1.0}).verdict is Verdict.QUALIFIED
    assert judge(spec, {"days_on_market": 99}).verdict is Verdict.QUALIFIED


@pytest.mark.parametrize(
    ("part", "whole", "score"), [(1, 8, 13), (1, 3, 33), (2, 3, 67), (0, 5, 0)]
)
def test_scores_round_half_up(part: int, whole: int, score: int) -> None:
    assert percent_half_up(part, whole) == score


@given(equity=st.floats(-1, 1), more=st.floats(0, 1))
def test_more_equity_never_lowers_an_equity_rule(equity: float, more: float) -> None:
    spec = two_rules(UnknownPolicy.NEUTRAL)
    rest = {"days_on_market": 10, "price_reduction_pct": 0.0}
    low = judge(spec, {"equity_pct": equity, **rest})
    high = judge(spec, {"equity_pct": equity + more, **rest})
    assert high.score >= low.score


@given(data=st.data())
def test_explanations_tell_the_masks_and_add_up_to_the_score(data: Any) -> None:
    spec = data.draw(rule_sets())
    deal = data.draw(deals(spec))
    judged, reasons = judge(spec, deal), explain(spec, deal)
    passed = sum(1 << n for n, reason in enumerate(reasons) if reason.truth is Truth.PASSED)
    assert passed == judged.pass_mask
    points = sum(reason.points or 0 for reason in reasons)
    assert points == pytest.approx(judged.score, abs=0.51)
    assert all(reason.sentence.endswith(".") for reason in reasons)


def test_sentences_name_the_value_its_source_and_the_demand() -> None:
    spec = two_rules(UnknownPolicy.NEUTRAL)
    reasons = explain(spec, {"equity_pct": 0.634}, {"equity_pct": "list estimate"})
    assert reasons[0].sentence == "Equity is 63.4% (list estimate); asked for: more than 20%."
    assert reasons[1].sentence == (
        "One of these is enough. Days on market is not known: the property has no active listing"
        " with a date. Asked for: more than 90 days. Price cut is not known: no"
        " earlier, higher price of this listing was seen. Asked for: more than 5%."
    )


def test_the_shipped_rule_set_holds_the_classic_three() -> None:
    spec = to_spec(read_rule_set(CLASSIC))
    sentences = {(c.metric, c.operator, c.value) for rule in spec.rules for c in rule.conditions}
    assert ("equity_pct", Operator.MORE_THAN, 0.2) in sentences
    assert ("repair_ratio", Operator.LESS_THAN, 0.3) in sentences
    motivated = next(rule for rule in spec.rules if rule.match is Match.ANY)
    assert motivated.conditions == (STALE, CUT)


@pytest.mark.parametrize(
    ("metric", "operator", "text", "value"),
    [
        ("equity_pct", "gt", "20%", 0.2),
        ("equity_pct", "gt", " 0.20 ", 0.2),
        ("arv", "gte", "$250,000", 250_000.0),
        ("equity_pct", "between", "20%..40%", (0.2, 0.4)),
        ("equity_pct", "between", "20% to 0.4", (0.2, 0.4)),
        ("arv", "between", "$100,000 – $100,000", (100_000.0, 100_000.0)),
        ("bedrooms", "between", "2 and 3", (2, 3)),
        (
            "last_sale_on",
            "between",
            "2001-01-01 to 2009-12-31",
            (date(2001, 1, 1), date(2009, 12, 31)),
        ),
        ("bedrooms", "is", "3", 3),
        ("is_absentee", "is", "Yes", True),
        ("mls_status", "one_of", "FAIL, Expired ,", ("fail", "expired")),
        ("owner_kind", "is", "Company", "company"),
    ],
)
def test_thresholds_are_typed_by_their_metric(
    metric: str, operator: str, text: str, value: object
) -> None:
    assert to_condition(metric, operator, text).value == value


@pytest.mark.parametrize(
    ("metric", "operator", "text", "sentence"),
    [
        ("equity_pct", "gt", "20", "Write 20% or the fraction 0.2."),
        ("equity_pct", "gt", "a lot", "Write a number, for example 20% or 0.20."),
        (
            "equity_pct",
            "is",
            "20%",
            "“Equity” is compared by “more than”, “at least”, “less than”, “at most”, “between”.",
        ),
        ("bedrooms", "gt", "2.5", "“Bedrooms” counts whole numbers."),
        ("arv", "gt", "10%", "“ARV” is no percentage: leave the % out."),
        ("equity_pct", "between", "20%", "Write both ends, for example 20% to 40%."),
        ("arv", "between", "1..2..3", "Write both ends, for example 90 to 180."),
        ("last_sale_on", "between", "2001-01-01 to then", "Write the date as YYYY-MM-DD."),
        (
            "equity_pct",
            "between",
            "40%..20%",
            "No value lies between 40% and 20%: write the lower end first.",
        ),
        ("is_absentee", "between", "no to yes", "“Absentee owner” is compared by “is”."),
        ("is_absentee", "is", "maybe", "Write yes or no."),
        ("is_absentee", "gt", "yes", "“Absentee owner” is compared by “is”."),
        ("mls_status", "one_of", " , ", "Write at least one value; part several by commas."),
        ("arv", "gt", "", "Write the value to compare with."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_a_sentence(
    metric: str, operator: str, text: str, sentence: str
) -> None:
    with pytest.raises(BadValue) as refused:
        to_condition(metric, operator, text)
    assert str(refused.value) == sentence


def test_rule_sets_without_weight_or_conditions_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to zero"):
        RuleSetSpec((RuleSpec("Nothing", 0, (EQUITY,)),))
    with pytest.raises(ValueError, match="has no condition"):
        RuleSpec("Empty", 1, ())


def test_every_metric_says_when_it_is_unknown() -> None:
    assert all(metric.unknown_when and metric.description for metric in METRICS.values())


@given(data=st.data())
def test_more_of_what_a_rule_asks_for_never_lowers_its_answer_or_the_score(
    data: st.DataObject,
) -> None:
    """More equity never lowers an equity rule; nor the score of a set in which it stands."""
    threshold = data.draw(st.floats(-1, 1))
    operator = data.draw(st.sampled_from([Operator.AT_LEAST, Operator.MORE_THAN]))
    asks = RuleSpec(
        "Equity",
        data.draw(st.integers(1, 40)),
        (ConditionSpec("equity_pct", operator, threshold),),
        is_knock_out=data.draw(st.booleans()),
    )
    others = data.draw(rule_sets())
    # No other rule looks at the equity or at what is reckoned with it.
    rest = tuple(
        rule
        for rule in others.rules
        if all(condition.metric != "equity_pct" for condition in rule.conditions)
    )
    spec = replace(others, rules=(*rest, asks))
    row = data.draw(deals(spec))
    less, more = sorted((data.draw(st.floats(-2, 2)), data.draw(st.floats(-2, 2))))
    poorer = judge(spec, {**row, "equity_pct": less})
    richer = judge(spec, {**row, "equity_pct": more})
    bit = len(rest)
    assert (poorer.pass_mask >> bit & 1) <= (richer.pass_mask >> bit & 1)
    assert poorer.score <= richer.score
    order = ["rejected", "review", "qualified"]
    assert order.index(poorer.verdict) <= order.index(richer.verdict)
