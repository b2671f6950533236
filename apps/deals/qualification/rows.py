"""Rule rows, which are the draft of a set, read as data."""

from __future__ import annotations

from typing import Any

from apps.deals.models import Rule, RuleSet
from apps.workspaces.models import Workspace

from .shipped import ConditionRow, RuleRow, RuleSetRow


def find_active_rule_set(workspace: Workspace) -> RuleSet | None:
    """The set in use, with the published version that judges."""
    rows = RuleSet.objects.in_workspace(workspace).select_related("published", "rescore_base")
    return rows.filter(is_active=True, published__isnull=False).first()


def list_rules(rule_set: RuleSet) -> list[Rule]:
    """Active rules of the draft in order, with conditions."""
    rules = Rule.objects.in_workspace(rule_set.workspace_id)
    return list(rules.filter(rule_set=rule_set, is_active=True).prefetch_related("conditions"))


def draft_row(rule_set: RuleSet) -> RuleSetRow:
    """The draft as a file would hold it; rules that are switched off are left out."""
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
            for rule in list_rules(rule_set)
        ),
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
