"""The plain reading of a rule set: metrics in, judgement out.

`compile.py` says the same in SQL; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .derived import reading_of
from .types import (
    ConditionSpec,
    Judgement,
    Match,
    Metrics,
    Operator,
    RuleSetSpec,
    RuleSpec,
    Truth,
    UnknownPolicy,
    Verdict,
)


def judge_condition(condition: ConditionSpec, metrics: Metrics) -> Truth:
    """Missing data is unknown, never false."""
    value = reading_of(condition, metrics)
    if value is None:
        return Truth.UNKNOWN
    return Truth.PASSED if _holds(condition, value) else Truth.FAILED


def _holds(condition: ConditionSpec, value: object) -> bool:
    threshold = condition.value
    match condition.operator:
        case Operator.MORE_THAN:
            return value > threshold  # type: ignore[operator]
        case Operator.AT_LEAST:
            return value >= threshold  # type: ignore[operator]
        case Operator.LESS_THAN:
            return value < threshold  # type: ignore[operator]
        case Operator.AT_MOST:
            return value <= threshold  # type: ignore[operator]
        case Operator.BETWEEN:
            low, high = threshold  # type: ignore[misc]
            return low <= value <= high  # type: ignore[operator]
        case Operator.IS:
            return value == threshold
        case Operator.IS_NOT:
            return value != threshold
        case Operator.ONE_OF:
            return value in threshold  # type: ignore[operator]
        case Operator.NONE_OF:
            return value not in threshold  # type: ignore[operator]


def join_truths(match: Match, truths: Iterable[Truth]) -> Truth:
    """Kleene's three-valued AND and OR, the same that SQL uses for NULL."""
    seen = set(truths)
    deciding, otherwise = (
        (Truth.FAILED, Truth.PASSED) if match is Match.ALL else (Truth.PASSED, Truth.FAILED)
    )
    if deciding in seen:
        return deciding
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else otherwise


def judge_rule(rule: RuleSpec, metrics: Metrics) -> Truth:
    return join_truths(rule.match, (judge_condition(c, metrics) for c in rule.conditions))


def judge(spec: RuleSetSpec, metrics: Metrics) -> Judgement:
    truths = [judge_rule(rule, metrics) for rule in spec.rules]
    passed = _weight(spec, truths, Truth.PASSED)
    known = passed + _weight(spec, truths, Truth.FAILED)
    base = spec.total_weight if spec.unknown_policy is UnknownPolicy.FAIL else known
    score = percent_half_up(passed, base) if base else 0
    coverage = percent_half_up(known, spec.total_weight)
    return Judgement(
        score=score,
        coverage=coverage,
        verdict=_verdict(spec, truths, score, coverage),
        pass_mask=_mask(spec, truths, Truth.PASSED),
        unknown_mask=_mask(spec, truths, Truth.UNKNOWN),
    )


def percent_half_up(part: int, whole: int) -> int:
    """Whole numbers only, so that SQL's integer division gives the same result."""
    return (200 * part + whole) // (2 * whole)


def _weight(spec: RuleSetSpec, truths: Sequence[Truth], wanted: Truth) -> int:
    return sum(r.weight for r, truth in zip(spec.rules, truths, strict=True) if truth is wanted)


def _mask(spec: RuleSetSpec, truths: Sequence[Truth], wanted: Truth) -> int:
    return sum(1 << bit for bit, truth in zip(spec.bits, truths, strict=True) if truth is wanted)


def _verdict(spec: RuleSetSpec, truths: Sequence[Truth], score: int, coverage: int) -> Verdict:
    demands = {t for r, t in zip(spec.rules, truths, strict=True) if r.is_knock_out}
    if Truth.FAILED in demands:
        return Verdict.REJECTED
    if spec.unknown_policy is UnknownPolicy.FAIL and Truth.UNKNOWN in demands:
        return Verdict.REJECTED
    # Too little is known to qualify and too little to reject: a person looks.
    if coverage == 0 or coverage < spec.min_coverage:
        return Verdict.REVIEW
    if spec.unknown_policy is UnknownPolicy.ASK and Truth.UNKNOWN in truths:
        return Verdict.REVIEW
    if score >= spec.qualified_from:
        return Verdict.QUALIFIED
    return Verdict.REVIEW if score >= spec.review_from else Verdict.REJECTED
