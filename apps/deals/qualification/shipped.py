"""Rule sets as files, YAML or JSON, read into the same rows an admin would type, and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .contradictions import find_contradiction
from .derived import BadName, DerivedRow, DerivedSpec, check_name, read_derived
from .metrics import UnknownMetric, get_metric
from .types import ConditionSpec, Match, Operator, RuleSetSpec, RuleSpec, Unit, UnknownPolicy
from .values import parse_threshold

# What the column of a stored rule holds.
MAX_WEIGHT = 32_767


@dataclass(frozen=True, slots=True)
class ConditionRow:
    metric: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """`bit` and `id` say which stored rule this is; files have neither, and they move no score."""

    name: str
    weight: int
    match: str
    is_knock_out: bool
    conditions: tuple[ConditionRow, ...]
    bit: int | None = field(default=None, compare=False)
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RuleSetRow:
    name: str
    description: str
    qualified_from: int
    review_from: int
    min_coverage: int
    unknown_policy: str
    rules: tuple[RuleRow, ...]
    # The workspace's own metrics that the rules ask for, so that the set says all that it means.
    derived: tuple[DerivedRow, ...] = ()


class RuleFileRefused(ValueError):
    """No rule set that can be evaluated; the message says what is wrong, and where."""


def read_rule_set(path: Path) -> RuleSetRow:
    """The rule set in a file. Raises RuleFileRefused or OSError."""
    return parse_rule_set(path.read_text(encoding="utf-8"))


def parse_rule_set(text: str) -> RuleSetRow:
    """YAML, of which JSON is a part. Raises RuleFileRefused: a bad file never becomes rows."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RuleFileRefused(f"The file is neither YAML nor JSON: {error}") from error
    row = read_plain(data)
    for own in row.derived:
        try:
            check_name(own.name)
        except BadName as error:
            raise RuleFileRefused(f"Derived metric “{own.name}”: {error}") from error
    for rule in usable_spec(row).rules:
        found = find_contradiction(rule.conditions) if rule.match is Match.ALL else None
        if found:
            raise RuleFileRefused(f"“{rule.name}”: {found[1]}")
    return row


def usable_spec(row: RuleSetRow) -> RuleSetSpec:
    """The specification, or RuleFileRefused with a sentence that says what cannot be evaluated."""
    try:
        return to_spec(row)
    except UnknownMetric as error:
        raise RuleFileRefused(f"There is no metric {error}.") from error
    except ValueError as error:
        raise RuleFileRefused(str(error)) from error


def read_plain(data: Any) -> RuleSetRow:
    """The rule set that `plain_rule_set` wrote. Raises RuleFileRefused where the shape is wrong."""
    if not isinstance(data, dict) or not isinstance(data.get("rules"), list):
        raise RuleFileRefused("The file needs a name and a list of rules.")
    return RuleSetRow(
        name=_text(data, "name", "The rule set"),
        description=str(data.get("description") or "")[:300],
        qualified_from=_number(data, "qualified_from", 60),
        review_from=_number(data, "review_from", 40),
        min_coverage=_number(data, "min_coverage", 0),
        unknown_policy=str(data.get("unknown_policy", UnknownPolicy.NEUTRAL.value)),
        rules=tuple(_rule(rule, at) for at, rule in enumerate(data["rules"], start=1)),
        derived=_derived(data.get("derived") or []),
    )


def write_rule_set(row: RuleSetRow, *, as_json: bool = False) -> str:
    """The text of a file that `parse_rule_set` reads back to the same row."""
    data = plain_rule_set(row)
    if as_json:
        return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def plain_rule_set(row: RuleSetRow) -> dict[str, Any]:
    """The whole set as plain data: the shape of files and of published versions."""
    plain = {
        "name": row.name,
        "description": row.description,
        "qualified_from": row.qualified_from,
        "review_from": row.review_from,
        "min_coverage": row.min_coverage,
        "unknown_policy": str(row.unknown_policy),
        "rules": [
            {
                "name": rule.name,
                "weight": rule.weight,
                "match": str(rule.match),
                "is_knock_out": rule.is_knock_out,
                "conditions": [[c.metric, c.operator, c.value] for c in rule.conditions],
            }
            for rule in row.rules
        ],
    }
    # Left out where there is none: files and versions that have none stay as they were.
    if row.derived:
        plain["derived"] = [asdict(own) for own in row.derived]
    return plain


def _text(data: dict[str, Any], name: str, what: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > 120:
        raise RuleFileRefused(f"{what} needs a {name} of at most 120 characters.")
    return value


def _number(data: dict[str, Any], name: str, default: int) -> int:
    value = data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise RuleFileRefused(f"{name} is a whole number from 0 to 100.")
    return value


def _rule(data: Any, at: int) -> RuleRow:
    if not isinstance(data, dict):
        raise RuleFileRefused(f"Rule {at} is no rule.")
    name = _text(data, "name", f"Rule {at}")
    weight, conditions = data.get("weight"), data.get("conditions")
    if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= MAX_WEIGHT:
        raise RuleFileRefused(f"“{name}”: the weight is a whole number from 0 to {MAX_WEIGHT}.")
    if not isinstance(conditions, list) or not all(
        isinstance(condition, list) and len(condition) == 3 for condition in conditions
    ):
        raise RuleFileRefused(f"“{name}”: each condition is [metric, operator, value].")
    return RuleRow(
        name=name,
        weight=weight,
        match=str(data.get("match", Match.ALL.value)),
        is_knock_out=data.get("is_knock_out", False) is True,
        conditions=tuple(
            ConditionRow(str(metric), str(operator), _written(value))
            for metric, operator, value in conditions
        ),
    )


def _derived(data: Any) -> tuple[DerivedRow, ...]:
    if not isinstance(data, list) or not all(isinstance(own, dict) for own in data):
        raise RuleFileRefused("derived is a list of metrics with name, label, unit and formula.")
    rows = tuple(
        DerivedRow(
            name=_text(own, "name", "A derived metric"),
            label=str(own.get("label") or own["name"])[:80],
            unit=str(own.get("unit") or ""),
            formula=str(own.get("formula") or ""),
            description=str(own.get("description") or "")[:300],
        )
        for own in data
    )
    for own in rows:
        if own.unit not in set(Unit):
            units = ", ".join(unit for unit in Unit if unit)
            raise RuleFileRefused(f"“{own.name}”: the unit is empty or one of {units}.")
    if len({own.name for own in rows}) < len(rows):
        raise RuleFileRefused("Each derived metric has a name of its own.")
    return rows


def _written(value: Any) -> str:
    """As an admin would type it: YAML reads a bare yes as true."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def to_spec(row: RuleSetRow) -> RuleSetSpec:
    derived = read_derived(row.derived)
    return RuleSetSpec(
        rules=tuple(_rule_spec(rule, derived) for rule in row.rules),
        qualified_from=row.qualified_from,
        review_from=row.review_from,
        min_coverage=row.min_coverage,
        unknown_policy=UnknownPolicy(row.unknown_policy),
    )


def _rule_spec(rule: RuleRow, derived: Mapping[str, DerivedSpec]) -> RuleSpec:
    return RuleSpec(
        name=rule.name,
        weight=rule.weight,
        match=Match(rule.match),
        is_knock_out=rule.is_knock_out,
        conditions=tuple(
            to_condition(c.metric, c.operator, c.value, derived) for c in rule.conditions
        ),
        bit=rule.bit,
    )


def to_condition(
    metric: str, operator: str, value: str, derived: Mapping[str, DerivedSpec] | None = None
) -> ConditionSpec:
    """`derived`: the workspace's own metrics. Raises UnknownMetric or BadValue."""
    known, own = Operator(operator), (derived or {}).get(metric)
    asked = own.metric if own else get_metric(metric)
    return ConditionSpec(metric, known, parse_threshold(asked, known, value), own)
