"""Rule sets and their differences in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .derived import DerivedRow, DerivedSpec, metric_of, read_derived
from .explain import demand_words
from .shipped import RuleRow, RuleSetRow, to_condition
from .types import ConditionSpec, Match, RuleSpec

UNKNOWN_WORDS = {
    "neutral": "left out of the score",
    "fail": "counted as failed",
    "ask": "a reason for review",
}
_FIELDS = {
    "name": "Name",
    "description": "Description",
    "qualified_from": "Qualified from",
    "review_from": "Review from",
    "min_coverage": "At least answerable",
    "unknown_policy": "Unknown data is",
}


def condition_words(condition: ConditionSpec) -> str:
    """“Equity: more than 20%”."""
    return f"{metric_of(condition).label}: {demand_words(condition)}"


def rule_words(rule: RuleSpec) -> str:
    word = " and " if rule.match is Match.ALL else " or "
    return word.join(condition_words(condition) for condition in rule.conditions)


Known: TypeAlias = Mapping[str, DerivedSpec]


def _known(row: RuleSetRow) -> Known:
    """The set's own metrics; a draft may hold what cannot be read."""
    try:
        return read_derived(row.derived)
    except ValueError:
        return {}


def _row_words(rule: RuleRow, known: Known) -> str:
    word = " and " if rule.match == Match.ALL else " or "
    return word.join(_condition(*c, known) for c in _plain(rule))


def _plain(rule: RuleRow) -> list[tuple[str, str, str]]:
    return [(c.metric, c.operator, c.value) for c in rule.conditions]


def _condition(metric: str, operator: str, value: str, known: Known) -> str:
    """In words where it can be evaluated; a draft may hold what cannot."""
    try:
        return condition_words(to_condition(metric, operator, value, known))
    except (ValueError, LookupError):
        return f"{metric} {operator} {value}"


@dataclass(frozen=True, slots=True)
class RuleTold:
    """One rule of a set in words."""

    name: str
    weight: int
    is_knock_out: bool
    demand: str


@dataclass(frozen=True, slots=True)
class Change:
    """What differs, and how it reads on both sides; `kind`: added, removed, changed or moved."""

    kind: str
    what: str
    before: str = ""
    after: str = ""


def tell_rules(row: RuleSetRow) -> list[RuleTold]:
    known = _known(row)
    return [RuleTold(r.name, r.weight, r.is_knock_out, _row_words(r, known)) for r in row.rules]


def tell_changes(before: RuleSetRow | None, after: RuleSetRow) -> list[Change]:
    """What publishing `after` changes of `before`; everything is added where there was nothing.

    Rules are the same when they have the same id, and else the same name.
    """
    if before is None:
        return [_added(rule, _known(after)) for rule in after.rules]
    changes = [
        Change("changed", label, _shown(name, before), _shown(name, after))
        for name, label in _FIELDS.items()
        if getattr(before, name) != getattr(after, name)
    ]
    changes += _derived_changes(before.derived, after.derived)
    was, now = _known(before), _known(after)
    pairs, removed = _pair(before, after)
    for old, new in pairs:
        changes += [_added(new, now)] if old is None else _rule_changes(old, new, was, now)
    changes += [Change("removed", rule.name, before=_row_words(rule, was)) for rule in removed]
    if not changes and before != after:
        changes.append(Change("moved", "The order of the rules, or how a value is written"))
    return changes


def _derived_changes(before: Sequence[DerivedRow], after: Sequence[DerivedRow]) -> list[Change]:
    """Formulas that say something else; one that came or went shows in the rules themselves."""
    old = {own.name: own for own in before}
    return [
        Change("changed", f"{own.label}: formula", old[own.name].formula, own.formula)
        for own in after
        if own.name in old and old[own.name].formula != own.formula
    ]


def _added(rule: RuleRow, known: Known) -> Change:
    extra = ", knock-out" if rule.is_knock_out else ""
    return Change(
        "added", rule.name, after=f"{_row_words(rule, known)} (weight {rule.weight}{extra})"
    )


def _shown(name: str, row: RuleSetRow) -> str:
    value = getattr(row, name)
    if name == "unknown_policy":
        return UNKNOWN_WORDS.get(value, str(value))
    return f"{value}% of the weights" if name == "min_coverage" else str(value) or "nothing"


def _pair(
    before: RuleSetRow, after: RuleSetRow
) -> tuple[list[tuple[RuleRow | None, RuleRow]], list[RuleRow]]:
    """Each rule of `after` with what it was, and the rules that are gone."""
    left = list(before.rules)
    found: dict[int, RuleRow] = {}
    for same in (lambda a, b: bool(a.id) and a.id == b.id, lambda a, b: a.name == b.name):
        for at, rule in enumerate(after.rules):
            match = next((old for old in left if at not in found and same(old, rule)), None)
            if match is not None:
                found[at] = match
                left = [old for old in left if old is not match]
    return [(found.get(at), rule) for at, rule in enumerate(after.rules)], left


def _rule_changes(old: RuleRow, new: RuleRow, was: Known, now: Known) -> list[Change]:
    changes = []
    if old.name != new.name:
        changes.append(Change("changed", f"{old.name}: name", old.name, new.name))
    if _row_words(old, was) != _row_words(new, now):
        changes += _demand_changes(old, new, was, now)
    if old.weight != new.weight:
        changes.append(Change("changed", f"{new.name}: weight", str(old.weight), str(new.weight)))
    if old.is_knock_out != new.is_knock_out:
        shown = ("knock-out", "no knock-out") if old.is_knock_out else ("no knock-out", "knock-out")
        changes.append(Change("changed", f"{new.name}: knock-out", *shown))
    return changes


def _demand_changes(old: RuleRow, new: RuleRow, known: Known, known_now: Known) -> list[Change]:
    """A rule that asks one thing of the same metric is told without the metric twice."""
    if len(old.conditions) == len(new.conditions) == 1:
        was, now = _plain(old)[0], _plain(new)[0]
        if was[0] == now[0]:
            label, _, before = _condition(*was, known).partition(": ")
            _, _, after = _condition(*now, known_now).partition(": ")
            what = new.name if label == new.name else f"{new.name}: {label}"
            return [Change("changed", what, before, after)]
    return [Change("changed", new.name, _row_words(old, known), _row_words(new, known_now))]
