"""Rule rows, which are the draft of a set, read as data."""

from __future__ import annotations

from typing import Any

from apps.deals.models import DerivedMetric, Rule, RuleSet
from apps.workspaces.models import Workspace

from .derived import DerivedRow, DerivedSpec, needed_by, read_derived
from .metrics import METRICS
from .shipped import ConditionRow, RuleRow, RuleSetRow


def find_active_rule_set(workspace: Workspace) -> RuleSet | None:
    """The set in use, with the published version that judges."""
    rows = RuleSet.objects.in_workspace(workspace).select_related("published", "rescore_base")
    return rows.filter(is_active=True, published__isnull=False).first()


def needs_second_person(rule_set: RuleSet) -> bool:
    """Also when it would put to rest a set that needs one: else a copy would be a way around."""
    active = find_active_rule_set(rule_set.workspace)
    return rule_set.needs_second_person or (active is not None and active.needs_second_person)


def list_rules(rule_set: RuleSet) -> list[Rule]:
    """Active rules of the draft in order, with conditions."""
    rules = Rule.objects.in_workspace(rule_set.workspace_id)
    return list(rules.filter(rule_set=rule_set, is_active=True).prefetch_related("conditions"))


def list_derived(workspace_id: int) -> list[DerivedRow]:
    """The workspace's own metrics by name."""
    rows = DerivedMetric.objects.in_workspace(workspace_id).order_by("name")
    return [DerivedRow(m.name, m.label, m.unit, m.formula, m.description) for m in rows]


def known_derived(workspace_id: int) -> dict[str, DerivedSpec]:
    """What a condition may ask for beside the registry, read; a broken formula offers nothing."""
    try:
        return read_derived(list_derived(workspace_id))
    except ValueError:
        return {}


def _derived_of(rule_set: RuleSet, rules: list[Rule]) -> tuple[DerivedRow, ...]:
    asked = {condition.metric for rule in rules for condition in rule.conditions.all()}
    own = asked - set(METRICS)
    return needed_by(own, list_derived(rule_set.workspace_id)) if own else ()


def draft_row(rule_set: RuleSet) -> RuleSetRow:
    """The draft as a file would hold it; rules that are switched off are left out."""
    rules = list_rules(rule_set)
    return RuleSetRow(
        name=rule_set.name,
        description=rule_set.description,
        qualified_from=rule_set.qualified_from,
        review_from=rule_set.review_from,
        min_coverage=rule_set.min_coverage,
        unknown_policy=str(rule_set.unknown),
        rules=tuple(
            RuleRow(
                name=rule.name,
                weight=rule.weight,
                match=str(rule.join),
                is_knock_out=rule.is_knock_out,
                conditions=tuple(
                    ConditionRow(c.metric, c.operator, c.value) for c in rule.conditions.all()
                ),
                bit=rule.bit,
                id=str(rule.public_id),
            )
            for rule in rules
        ),
        derived=_derived_of(rule_set, rules),
    )


def describe_rules(row: RuleSetRow) -> list[dict[str, Any]]:
    """The rules as plain values: what a fact keeps of a saved draft."""
    return [
        {
            "name": rule.name,
            "weight": rule.weight,
            "join": rule.match,
            "is_knock_out": rule.is_knock_out,
            "conditions": [[c.metric, c.operator, c.value] for c in rule.conditions],
        }
        for rule in row.rules
    ]
