"""Rule sets as files: `fixtures/rulesets/*.yaml` read into the same rows an admin would type."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .metrics import get_metric
from .types import ConditionSpec, Match, Operator, RuleSetSpec, RuleSpec, UnknownPolicy
from .values import parse_threshold


@dataclass(frozen=True, slots=True)
class ConditionRow:
    metric: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    name: str
    weight: int
    match: str
    is_knock_out: bool
    conditions: tuple[ConditionRow, ...]


@dataclass(frozen=True, slots=True)
class RuleSetRow:
    name: str
    description: str
    qualified_from: int
    review_from: int
    min_coverage: int
    unknown_policy: str
    rules: tuple[RuleRow, ...]


def read_rule_set(path: Path) -> RuleSetRow:
    """Raises on anything that `to_spec` would refuse, so that a bad file never becomes rows."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    row = RuleSetRow(
        name=data["name"],
        description=data["description"],
        qualified_from=data["qualified_from"],
        review_from=data["review_from"],
        min_coverage=data["min_coverage"],
        unknown_policy=data["unknown_policy"],
        rules=tuple(_rule(rule) for rule in data["rules"]),
    )
    to_spec(row)
    return row


def _rule(data: dict[str, Any]) -> RuleRow:
    return RuleRow(
        name=data["name"],
        weight=data["weight"],
        match=data.get("match", Match.ALL.value),
        is_knock_out=data.get("is_knock_out", False),
        conditions=tuple(
            ConditionRow(str(metric), str(operator), str(value))
            for metric, operator, value in data["conditions"]
        ),
    )


def to_spec(row: RuleSetRow) -> RuleSetSpec:
    return RuleSetSpec(
        rules=tuple(_rule_spec(rule) for rule in row.rules),
        qualified_from=row.qualified_from,
        review_from=row.review_from,
        min_coverage=row.min_coverage,
        unknown_policy=UnknownPolicy(row.unknown_policy),
    )


def _rule_spec(rule: RuleRow) -> RuleSpec:
    return RuleSpec(
        name=rule.name,
        weight=rule.weight,
        match=Match(rule.match),
        is_knock_out=rule.is_knock_out,
        conditions=tuple(to_condition(c.metric, c.operator, c.value) for c in rule.conditions),
    )


def to_condition(metric: str, operator: str, value: str) -> ConditionSpec:
    """Raises UnknownMetric or BadValue."""
    known = Operator(operator)
    return ConditionSpec(metric, known, parse_threshold(get_metric(metric), known, value))
