"""An admin's own metrics: made, changed, deleted, and brought along by a file of rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.common.locking import lock_rows
from apps.deals.models import Condition, DerivedMetric, RuleSet
from apps.deals.qualification.derived import DerivedRow, check_name, needed_by, read_derived
from apps.deals.qualification.formulas import parse_formula
from apps.deals.qualification.rows import list_derived
from apps.deals.qualification.shipped import RuleFileRefused
from apps.events.actions import Actor, action
from apps.events.catalog.rules import DerivedMetricDeleted, DerivedMetricSaved
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class DerivedMetricInUse(ValueError):
    """It cannot go: the message says what asks for it and what to do."""


@dataclass(frozen=True, slots=True)
class Uses:
    """Who asks for a derived metric: rules of drafts as “set: rule”, and other derived metrics."""

    rules: tuple[str, ...]
    metrics: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.rules or self.metrics)

    def __str__(self) -> str:
        rules = f"the rules {_quoted(self.rules)}" if self.rules else ""
        metrics = f"the metrics {_quoted(self.metrics)}" if self.metrics else ""
        return " and ".join(part for part in (rules, metrics) if part)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def uses_of(workspace: Workspace, name: str) -> Uses:
    """Also by rules that are switched off: they could be switched on again."""
    held = list_derived(workspace.pk)
    others = [row.name for row in held if name in {one.name for one in needed_by([row.name], held)}]
    conditions = Condition.objects.in_workspace(workspace).filter(metric__in=[name, *others])
    found = conditions.select_related("rule__rule_set").order_by("rule__rule_set__name", "rule")
    rules = dict.fromkeys(f"{c.rule.rule_set.name}: {c.rule.name}" for c in found)
    return Uses(tuple(rules), tuple(other for other in others if other != name))


def check_derived(workspace: Workspace, row: DerivedRow) -> None:
    """Raises BadName or FormulaRefused; also where another metric would no longer be one."""
    check_name(row.name)
    others = [held for held in list_derived(workspace.pk) if held.name != row.name]
    parse_formula(row.formula, {held.name: held.formula for held in others}, name=row.name)
    read_derived([row, *others])


def _hold_rules(workspace: Workspace) -> None:
    """Two who save at once could each be right and together form a circle."""
    lock_rows(RuleSet.objects.in_workspace(workspace), no_key=True)


@action
def save_derived_metric(
    *, workspace: Workspace, actor: Actor, metric: DerivedMetric, now: datetime
) -> DerivedMetric:
    """Store an own metric. Drafts ask by its new formula, published rules by the one they had.

    Raises BadName or FormulaRefused with a sentence.
    """
    metric.workspace = workspace
    _hold_rules(workspace)
    check_derived(workspace, row_of(metric))
    metric.save()
    publish(
        DerivedMetricSaved(
            subject=metric.public_id,
            metric=metric.name,
            label=metric.label,
            unit=metric.unit,
            formula=metric.formula,
            description=metric.description,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return metric


@action
def delete_derived_metric(
    *, workspace: Workspace, actor: Actor, metric: DerivedMetric, now: datetime
) -> None:
    """Raises DerivedMetricInUse while a draft or another metric asks for it."""
    _hold_rules(workspace)
    held = DerivedMetric.objects.in_workspace(workspace).get(pk=metric.pk)
    if uses := uses_of(workspace, held.name):
        raise DerivedMetricInUse(in_use_sentence(held, uses))
    fact = DerivedMetricDeleted(
        subject=held.public_id, metric=held.name, label=held.label, formula=held.formula
    )
    held.delete()
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)


def in_use_sentence(metric: DerivedMetric, uses: Uses) -> str:
    return f"“{metric.label}” is asked for by {uses}. Change those first; nothing was deleted."


def row_of(metric: DerivedMetric) -> DerivedRow:
    return DerivedRow(
        metric.name, metric.label, metric.unit, metric.formula.strip(), metric.description
    )


def find_missing(workspace: Workspace, wanted: Iterable[DerivedRow]) -> list[DerivedRow]:
    """What a file brings that the workspace has not. Raises RuleFileRefused where both differ."""
    held = {row.name: row for row in list_derived(workspace.pk)}
    missing = []
    for row in wanted:
        known = held.get(row.name)
        if known is None:
            missing.append(row)
        elif (known.formula, known.unit) != (row.formula.strip(), row.unit):
            raise RuleFileRefused(
                f"The derived metric “{row.name}” is {known.formula} here and {row.formula} in the"
                " file. Rename one of them."
            )
    return missing


def write_missing(workspace: Workspace, wanted: Iterable[DerivedRow]) -> None:
    """Store those whose name the workspace has not; what it has stays. Within an action."""
    held = {row.name for row in list_derived(workspace.pk)}
    for row in wanted:
        if row.name not in held:
            DerivedMetric.objects.create(
                workspace=workspace,
                name=row.name,
                label=row.label,
                unit=row.unit,
                formula=row.formula.strip(),
                description=row.description,
            )
