"""Rule rows read into the specification that is evaluated, compiled and explained."""

from __future__ import annotations

from typing import Any

from apps.deals.models import Rule, RuleSet
from apps.workspaces.models import Workspace

from .shipped import ConditionRow, RuleRow, RuleSetRow, to_condition
from .types import Match, RuleSetSpec, RuleSpec, UnknownPolicy


def find_active_rule_set(workspace: Workspace) -> RuleSet | None:
    return RuleSet.objects.in_workspace(workspace).filter(is_active=True).first()


def list_rules(rule_set: RuleSet) -> list[Rule]:
    """Active rules in order of their mask bits, with conditions."""
    rules = Rule.objects.in_workspace(rule_set.workspace_id)
    return list(rules.filter(rule_set=rule_set, is_active=True).prefetch_related("conditions"))


def load_spec(rule_set: RuleSet) -> RuleSetSpec:
    """Raises ValueError or UnknownMetric when the rows say something that cannot be evaluated."""
    return RuleSetSpec(
        rules=tuple(
            RuleSpec(
                name=rule.name,
                weight=rule.weight,
                match=Match(rule.join),
                is_knock_out=rule.is_knock_out,
                conditions=tuple(
                    to_condition(c.metric, c.operator, c.value) for c in rule.conditions.all()
                ),
            )
            for rule in list_rules(rule_set)
        ),
        qualified_from=rule_set.qualified_from,
        review_from=rule_set.review_from,
        min_coverage=rule_set.min_coverage,
        unknown_policy=UnknownPolicy(rule_set.unknown),
    )


def describe_rules(rule_set: RuleSet) -> list[dict[str, Any]]:
    """The whole set as plain values: what a fact keeps of it."""
    return [
        {
            "name": rule.name,
            "weight": rule.weight,
            "join": rule.join,
            "is_knock_out": rule.is_knock_out,
            "conditions": [[c.metric, c.operator, c.value] for c in rule.conditions.all()],
        }
        for rule in list_rules(rule_set)
    ]


def rule_set_row(rule_set: RuleSet) -> RuleSetRow:
    """The stored set as a file would hold it; rules that are switched off are left out."""
    return RuleSetRow(
        name=rule_set.name,
        description=rule_set.description,
        qualified_from=rule_set.qualified_from,
        review_from=rule_set.review_from,
        min_coverage=rule_set.min_coverage,
        unknown_policy=rule_set.unknown,
        rules=tuple(
            RuleRow(
                name=rule.name,
                weight=rule.weight,
                match=rule.join,
                is_knock_out=rule.is_knock_out,
                conditions=tuple(
                    ConditionRow(c.metric, c.operator, c.value) for c in rule.conditions.all()
                ),
            )
            for rule in list_rules(rule_set)
        ),
    )
