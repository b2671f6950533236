"""Drafts of the rules in use, for tests that publish them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from apps.deals.actions import due_rule_sets, rescore_batch
from apps.deals.models import Condition, RuleSet
from apps.events.actions import Actor
from apps.workspaces.models import Workspace

SaveDraft = Callable[..., RuleSet]


def rules_of(desk: Workspace) -> RuleSet:
    return RuleSet.objects.in_workspace(desk).get(is_active=True)


def rescore(actor: Actor, now: datetime) -> None:
    while due := due_rule_sets(now):
        rescore_batch(actor=actor, rule_set=due[0], now=now)


def equity(rule_set: RuleSet) -> Condition:
    return Condition.across_workspaces.get(rule__rule_set=rule_set, metric="equity_pct")
