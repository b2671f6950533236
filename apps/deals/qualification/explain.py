"""Why a deal has its score: each rule with the values used, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .derived import metric_of, reading_of
from .evaluate import join_truths, judge_condition
from .types import (
    ConditionSpec,
    Kind,
    Match,
    Metrics,
    Operator,
    RuleSetSpec,
    RuleSpec,
    Truth,
    UnknownPolicy,
)
from .values import OPERATOR_WORDS, threshold_words, words


@dataclass(frozen=True, slots=True)
class ConditionReason:
    label: str
    truth: Truth
    value: str
    threshold: str
    source: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RuleReason:
    """`points` is what the rule adds to a score of 100; None while it does not count."""

    name: str
    truth: Truth
    weight: int
    points: float | None
    is_knock_out: bool
    conditions: tuple[ConditionReason, ...]
    sentence: str


def explain(
    spec: RuleSetSpec, metrics: Metrics, sources: Mapping[str, str] | None = None
) -> list[RuleReason]:
    """`sources` names where a metric's value came from, e.g. {"arv": "list estimate"}."""
    truths = [_reasons(rule, metrics, sources or {}) for rule in spec.rules]
    judged = [
        join_truths(rule.match, (reason.truth for reason in reasons))
        for rule, reasons in zip(spec.rules, truths, strict=True)
    ]
    base = _counting_weight(spec, judged)
    return [
        RuleReason(
            name=rule.name,
            truth=truth,
            weight=rule.weight,
            points=_points(spec, rule, truth, base),
            is_knock_out=rule.is_knock_out,
            conditions=reasons,
            sentence=_rule_sentence(rule, reasons),
        )
        for rule, truth, reasons in zip(spec.rules, judged, truths, strict=True)
    ]


def _counting_weight(spec: RuleSetSpec, truths: list[Truth]) -> int:
    if spec.unknown_policy is UnknownPolicy.FAIL:
        return spec.total_weight
    return sum(
        rule.weight
        for rule, truth in zip(spec.rules, truths, strict=True)
        if truth is not Truth.UNKNOWN
    )


def _points(spec: RuleSetSpec, rule: RuleSpec, truth: Truth, base: int) -> float | None:
    if not base or not rule.weight:
        return None
    if truth is Truth.UNKNOWN and spec.unknown_policy is not UnknownPolicy.FAIL:
        return None
    return 100 * rule.weight / base if truth is Truth.PASSED else 0.0


def _reasons(
    rule: RuleSpec, metrics: Metrics, sources: Mapping[str, str]
) -> tuple[ConditionReason, ...]:
    return tuple(_reason(condition, metrics, sources) for condition in rule.conditions)


def _reason(
    condition: ConditionSpec, metrics: Metrics, sources: Mapping[str, str]
) -> ConditionReason:
    metric = metric_of(condition)
    value = reading_of(condition, metrics)
    source = _source(condition, sources)
    shown = "" if value is None else words(metric, value)
    demand = demand_words(condition)
    if value is None:
        sentence = f"{metric.label} is not known: {metric.unknown_when}. Asked for: {demand}."
    else:
        named = (
            f"{metric.label} is {shown}"
            if metric.kind is not Kind.BOOL
            else (f"{metric.label}: {shown}")
        )
        origin = f" ({source})" if source else ""
        sentence = f"{named}{origin}; asked for: {demand}."
    return ConditionReason(
        label=metric.label,
        truth=judge_condition(condition, metrics),
        value=shown,
        threshold=demand,
        source=source,
        sentence=sentence,
    )


def _source(condition: ConditionSpec, sources: Mapping[str, str]) -> str:
    """Of an own metric only whether it rests on an estimate: its parts may have many sources."""
    if condition.derived is None:
        return sources.get(condition.metric, "")
    parts = (sources.get(name, "") for name in condition.derived.formula.reads)
    return "estimate" if any("estimate" in part for part in parts) else ""


def demand_words(condition: ConditionSpec) -> str:
    """“more than 20%”, “yes”, “between 20% and 40%”, “one of expired, withdrawn”."""
    threshold = threshold_words(metric_of(condition), condition.value, condition.operator)
    if condition.operator is Operator.IS:
        return threshold
    return f"{OPERATOR_WORDS[condition.operator]} {threshold}"


def _rule_sentence(rule: RuleSpec, reasons: tuple[ConditionReason, ...]) -> str:
    if len(reasons) == 1:
        return reasons[0].sentence
    lead = "All of these must hold." if rule.match is Match.ALL else "One of these is enough."
    return " ".join([lead, *(reason.sentence for reason in reasons)])
