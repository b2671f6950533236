"""A rule set becomes one SELECT that judges any number of deals.

SQL's own three-valued logic is the rules' logic: a comparison with NULL is NULL, and AND / OR
over NULL follow Kleene, so a rule is one boolean expression whose NULL means unknown. The text
runs unchanged on SQLite (3.35 or newer) and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from .metrics import get_metric
from .types import (
    ConditionSpec,
    Match,
    Operator,
    RuleSetSpec,
    RuleSpec,
    Truth,
    UnknownPolicy,
    Verdict,
)

Parameter: TypeAlias = float | bool | str

_COMPARISONS: dict[Operator, str] = {
    Operator.MORE_THAN: ">",
    Operator.AT_LEAST: ">=",
    Operator.LESS_THAN: "<",
    Operator.AT_MOST: "<=",
    Operator.BETWEEN: "BETWEEN",
    Operator.IS: "=",
    Operator.IS_NOT: "<>",
    Operator.ONE_OF: "IN",
    Operator.NONE_OF: "NOT IN",
}


@dataclass(frozen=True, slots=True)
class Sql:
    text: str
    params: tuple[Parameter, ...] = ()


def join_sql(separator: str, parts: Iterable[Sql]) -> Sql:
    held = list(parts)
    return Sql(
        separator.join(part.text for part in held),
        tuple(param for part in held for param in part.params),
    )


def compile_condition(condition: ConditionSpec) -> Sql:
    read = _read(condition)
    operator = _COMPARISONS[condition.operator]
    if not isinstance(condition.value, tuple):
        return Sql(f"{read.text} {operator} %s", (*read.params, _parameter(condition.value)))
    given = tuple(_parameter(value) for value in condition.value)
    marks = "%s AND %s" if condition.operator is Operator.BETWEEN else _marks(len(given))
    return Sql(f"{read.text} {operator} {marks}", (*read.params, *given))


def _read(condition: ConditionSpec) -> Sql:
    if condition.derived:
        return condition.derived.formula.sql()
    return Sql(f'm."{get_metric(condition.metric).name}"')


def _marks(count: int) -> str:
    return f"({', '.join(['%s'] * count)})"


def _parameter(value: float | bool | str | date) -> Parameter:
    # SQLite keeps dates as ISO text and PostgreSQL reads the same text as a date.
    return value.isoformat() if isinstance(value, date) else value


def compile_rule(rule: RuleSpec) -> Sql:
    """One boolean expression over the metrics row `m`: true, false, or NULL for unknown."""
    word = " AND " if rule.match is Match.ALL else " OR "
    joined = join_sql(word, [compile_condition(condition) for condition in rule.conditions])
    return Sql(f"({joined.text})", joined.params)


def compile_rule_set(spec: RuleSetSpec, *, table: str, scope: Sql) -> Sql:
    """SELECT deal_id, pass_mask, unknown_mask, score, coverage, verdict of the deals in scope.

    `scope` is a WHERE text over the metrics row `m`.
    """
    rules = [compile_rule(rule) for rule in spec.rules]
    bits = [1 << number for number in range(len(rules))]
    weights = [rule.weight for rule in spec.rules]
    columns = join_sql(
        ", ",
        [
            Sql("m.deal_id"),
            _total(rules, bits, Truth.PASSED, "pass_mask"),
            _total(rules, bits, Truth.UNKNOWN, "unknown_mask"),
            _total(rules, weights, Truth.PASSED, "passed"),
            _total(rules, weights, Truth.UNKNOWN, "unknown"),
        ],
    )
    # MATERIALIZED keeps PostgreSQL from repeating every rule for each use of a total.
    return Sql(
        f"WITH totals AS MATERIALIZED (SELECT {columns.text} FROM {table} m WHERE {scope.text}),"
        f" scored AS (SELECT deal_id, pass_mask, unknown_mask, {_score(spec)} AS score,"
        f" {_percent(f'({spec.total_weight} - unknown)', str(spec.total_weight))} AS coverage"
        f" FROM totals)"
        f" SELECT deal_id, pass_mask, unknown_mask, score, coverage,"
        f" {_verdict(spec)} AS verdict FROM scored",
        (*columns.params, *scope.params),
    )


def _total(rules: Sequence[Sql], worths: Sequence[int], wanted: Truth, name: str) -> Sql:
    test = "" if wanted is Truth.PASSED else " IS NULL"
    cases = [
        Sql(f"CASE WHEN {rule.text}{test} THEN {worth} ELSE 0 END", rule.params)
        for rule, worth in zip(rules, worths, strict=True)
        if worth
    ]
    joined = join_sql(" + ", [Sql("CAST(0 AS bigint)"), *cases])
    return Sql(f"{joined.text} AS {name}", joined.params)


def _percent(part: str, whole: str) -> str:
    """`evaluate.percent_half_up` in SQL: integer division truncates in both databases."""
    return f"(200 * {part} + {whole}) / (2 * {whole})"


def _score(spec: RuleSetSpec) -> str:
    if spec.unknown_policy is UnknownPolicy.FAIL:
        return _percent("passed", str(spec.total_weight))
    known = f"({spec.total_weight} - unknown)"
    return f"CASE WHEN {known} = 0 THEN 0 ELSE {_percent('passed', known)} END"


def _verdict(spec: RuleSetSpec) -> str:
    """The same cases in the same order as `evaluate._verdict`."""
    demands = sum(1 << bit for bit, rule in enumerate(spec.rules) if rule.is_knock_out)
    excused = "0" if spec.unknown_policy is UnknownPolicy.FAIL else "unknown_mask"
    ask = " OR unknown_mask <> 0" if spec.unknown_policy is UnknownPolicy.ASK else ""
    return (
        f"CASE WHEN ({demands} & ~(pass_mask | {excused})) <> 0 THEN '{Verdict.REJECTED}'"
        f" WHEN coverage = 0 OR coverage < {spec.min_coverage}{ask} THEN '{Verdict.REVIEW}'"
        f" WHEN score >= {spec.qualified_from} THEN '{Verdict.QUALIFIED}'"
        f" WHEN score >= {spec.review_from} THEN '{Verdict.REVIEW}'"
        f" ELSE '{Verdict.REJECTED}' END"
    )
