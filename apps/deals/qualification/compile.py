"""A rule set becomes one SELECT that judges any number of deals.

SQL's own three-valued logic is the rules' logic: a comparison with NULL is NULL, and AND / OR
over NULL follow Kleene, so a rule is one boolean expression whose NULL means unknown. The text
runs unchanged on SQLite (3.35 or newer) and PostgreSQL.

Two steps: metrics give two masks (which rules passed, which are unknown), masks give score,
coverage and verdict. The second step never looks at a metric.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def compile_difference(rule: RuleSpec, former: RuleSpec) -> Sql:
    """Whether a rule says of the metrics row `m` something else than it did before."""
    now, was = (
        Sql(f"CASE {one.text} WHEN TRUE THEN 1 WHEN FALSE THEN 0 ELSE 2 END", one.params)
        for one in (compile_rule(rule), compile_rule(former))
    )
    # Pairs that differ as a list: of <> PostgreSQL expects nearly every row and joins accordingly.
    return Sql(f"3 * {now.text} + {was.text} IN (1, 2, 3, 5, 6, 7)", (*now.params, *was.params))


def compile_rule_set(spec: RuleSetSpec, *, table: str, scope: Sql) -> Sql:
    """SELECT deal_id, pass_mask, unknown_mask, score, coverage, verdict of the deals in scope.

    `scope` is a WHERE text over the metrics row `m`.
    """
    carried = {"deal_id": "m.deal_id"}
    masks = compile_masks(spec, source=f"{table} m", scope=scope, carried=carried)
    return compile_judgement(spec, masks, tuple(carried))


def compile_masks(spec: RuleSetSpec, *, source: str, scope: Sql, carried: Mapping[str, str]) -> Sql:
    """SELECT the carried columns, pass_mask and unknown_mask of the deals in scope.

    `source` is a FROM text that holds the metrics row `m`, `carried` names expressions over it.
    """
    coded, passed, unknown = _coded(spec, source, scope, carried)
    return Sql(
        f"SELECT {', '.join((*carried, ''))}{passed} AS pass_mask, {unknown} AS unknown_mask"
        f" FROM ({coded.text}) coded",
        coded.params,
    )


def count_masks(spec: RuleSetSpec, *, source: str, scope: Sql, carried: Mapping[str, str]) -> Sql:
    """SELECT the carried columns, deals, pass_mask, unknown_mask: how many deals share them.

    Deals are many, kinds of deals are few: what is told per kind is cheap afterwards.
    """
    coded, passed, unknown = _coded(spec, source, scope, carried)
    names = ", ".join((*carried, passed, unknown))
    return Sql(
        f"SELECT {', '.join((*carried, 'COUNT(*) AS deals'))}, {passed} AS pass_mask,"
        f" {unknown} AS unknown_mask FROM ({coded.text}) coded GROUP BY {names}",
        coded.params,
    )


def _coded(
    spec: RuleSetSpec, source: str, scope: Sql, carried: Mapping[str, str]
) -> tuple[Sql, str, str]:
    columns, passed, unknown = mask_columns(spec.rules, spec.bits)
    kept = "".join(f"{expression} AS {name}, " for name, expression in carried.items())
    text = f"SELECT {kept}{columns.text} FROM {source} WHERE {scope.text} {FENCE}"
    return Sql(text, (*columns.params, *scope.params)), passed, unknown


# Keeps PostgreSQL from pulling a subquery up and repeating every rule for each use of a mask.
FENCE = "LIMIT 9223372036854775807"
# Rules up to this place fit into one number together with their unknown bits.
_PACKED = 31


def mask_columns(rules: Sequence[RuleSpec], bits: Sequence[int]) -> tuple[Sql, str, str]:
    """Columns to select from the metrics row, and both masks as expressions over those columns.

    Each rule is evaluated once where all fit into one number.
    """
    compiled = [compile_rule(rule) for rule in rules]
    if all(bit < _PACKED for bit in bits):
        cases = [
            Sql(
                f"CASE {rule.text} WHEN TRUE THEN {1 << bit} WHEN FALSE THEN 0"
                f" ELSE {1 << (bit + _PACKED)} END",
                rule.params,
            )
            for rule, bit in zip(compiled, bits, strict=True)
        ]
        low = (1 << _PACKED) - 1
        return _sum(cases, "code"), f"(code & {low})", f"(code >> {_PACKED})"
    passed, unknown = (
        [
            Sql(f"CASE WHEN {rule.text}{test} THEN {1 << bit} ELSE 0 END", rule.params)
            for rule, bit in zip(compiled, bits, strict=True)
        ]
        for test in ("", " IS NULL")
    )
    return join_sql(", ", [_sum(passed, "passes"), _sum(unknown, "unknowns")]), "passes", "unknowns"


def _sum(parts: Sequence[Sql], name: str) -> Sql:
    joined = join_sql(" + ", [Sql("CAST(0 AS bigint)"), *parts])
    return Sql(f"{joined.text} AS {name}", joined.params)


def compile_judgement(spec: RuleSetSpec, masks: Sql, carried: Sequence[str]) -> Sql:
    """SELECT the carried columns, both masks, score, coverage and verdict.

    `masks` is a SELECT of the carried columns, pass_mask and unknown_mask.
    """
    kept = ", ".join((*carried, "pass_mask", "unknown_mask"))
    total = spec.total_weight
    return Sql(
        f"SELECT {kept}, score, coverage, {_verdict(spec)} AS verdict FROM"
        f" (SELECT {kept}, {_score(spec)} AS score,"
        f" {_percent(f'({total} - unknown)', str(total))} AS coverage FROM"
        f" (SELECT {kept}, {_weight(spec, 'pass_mask')} AS passed,"
        f" {_weight(spec, 'unknown_mask')} AS unknown FROM"
        f" ({masks.text}) masked {FENCE}) weighed {FENCE}) scored",
        masks.params,
    )


def _weight(spec: RuleSetSpec, mask: str) -> str:
    """The weights of the rules whose bit is set in the mask."""
    weights = zip(spec.bits, (rule.weight for rule in spec.rules), strict=True)
    return " + ".join(f"(({mask} >> {bit}) & 1) * {weight}" for bit, weight in weights if weight)


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
    demands = sum(
        1 << bit for bit, rule in zip(spec.bits, spec.rules, strict=True) if rule.is_knock_out
    )
    excused = "0" if spec.unknown_policy is UnknownPolicy.FAIL else "unknown_mask"
    ask = " OR unknown_mask <> 0" if spec.unknown_policy is UnknownPolicy.ASK else ""
    return (
        f"CASE WHEN ({demands} & ~(pass_mask | {excused})) <> 0 THEN '{Verdict.REJECTED}'"
        f" WHEN coverage = 0 OR coverage < {spec.min_coverage}{ask} THEN '{Verdict.REVIEW}'"
        f" WHEN score >= {spec.qualified_from} THEN '{Verdict.QUALIFIED}'"
        f" WHEN score >= {spec.review_from} THEN '{Verdict.REVIEW}'"
        f" ELSE '{Verdict.REJECTED}' END"
    )
