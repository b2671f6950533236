"""What a new workspace starts with."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from apps.deals.actions.deriving import write_missing
from apps.deals.actions.in_force import Signature, put_in_force
from apps.deals.ingestion.presets import create_shipped_presets
from apps.deals.models import Condition, EstimatePolicy, Rule, RuleSet, Stage
from apps.deals.qualification.rows import draft_row
from apps.deals.qualification.shipped import RuleSetRow, read_rule_set
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import PipelineLaid
from apps.events.publish import publish
from apps.workspaces.models import Workspace

CLASSIC = settings.BASE_DIR / "fixtures" / "rulesets" / "classic.yaml"
SHIPPED = "The rules a new workspace starts with."
LABELS = {
    Stage.Kind.NEW: "New",
    Stage.Kind.QUALIFIED: "Qualified",
    Stage.Kind.OFFERED: "Offer made",
    Stage.Kind.IN_CONVERSATION: "In conversation",
    Stage.Kind.UNDER_CONTRACT: "Under contract",
    Stage.Kind.CLOSED: "Closed",
    Stage.Kind.DEAD: "Dead",
}


@action
def lay_pipeline(*, workspace: Workspace, actor: Actor, now: datetime) -> None:
    """Stages, estimates, the classic rule set and the presets of list vendors.

    A workspace that has stages keeps what it has.
    """
    if Stage.objects.in_workspace(workspace).exists():
        unchanged("the pipeline is laid already")
        return
    for position, (kind, label) in enumerate(LABELS.items(), start=1):
        Stage.objects.create(workspace=workspace, kind=kind, label=label, position=position)
    EstimatePolicy.objects.create(workspace=workspace)
    row = read_rule_set(CLASSIC)
    rule_set = rule_set_of(workspace, row)
    rule_set.save()
    write_rules_of(rule_set, row)
    put_in_force(rule_set, draft_row(rule_set), Signature(SHIPPED, None, "Dealwright"), now=now)
    create_shipped_presets(workspace)
    publish(
        PipelineLaid(subject=workspace.public_id, stages=[kind.value for kind in LABELS]),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


def rule_set_of(workspace: Workspace, row: RuleSetRow) -> RuleSet:
    """A new rule set with the thresholds of a file, not stored yet."""
    return RuleSet(
        workspace=workspace,
        name=row.name,
        description=row.description,
        qualified_from=row.qualified_from,
        review_from=row.review_from,
        min_coverage=row.min_coverage,
        unknown=row.unknown_policy,
    )


def write_rules_of(rule_set: RuleSet, row: RuleSetRow) -> None:
    """Store the rules of a file, and the metrics it brings, for a stored, still empty set."""
    workspace = rule_set.workspace
    write_missing(workspace, row.derived)
    for position, held in enumerate(row.rules, start=1):
        rule = Rule.objects.create(
            workspace=workspace,
            rule_set=rule_set,
            name=held.name,
            weight=held.weight,
            join=held.match,
            is_knock_out=held.is_knock_out,
            position=position,
        )
        for condition in held.conditions:
            Condition.objects.create(
                workspace=workspace,
                rule=rule,
                metric=condition.metric,
                operator=condition.operator,
                value=condition.value,
            )
