"""What admins tune: rules, estimates and the names of stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from apps.common.locking import lock_rows
from apps.deals.models import EstimatePolicy, RuleSet, Stage
from apps.deals.qualification.rows import describe_rules, draft_row
from apps.deals.qualification.versions import digest_of, draft_content, draft_spec
from apps.events.actions import Actor, action
from apps.events.catalog.deals import StageSaved
from apps.events.catalog.judging import EstimatePolicySaved
from apps.events.catalog.rules import RuleSetSaved
from apps.events.publish import publish
from apps.workspaces.models import Workspace

ESTIMATE_FIELDS = (
    "arv_share_of_value",
    "mao_share_of_arv",
    "rent_share_of_value",
    "market_rate_pct",
    "loan_term_years",
    "tax_insurance_share_of_value",
    "repair_per_sqft_new",
    "repair_per_sqft_mid",
    "repair_per_sqft_old",
    "mid_age_years",
    "old_age_years",
)


class RuleSetNotUsable(ValueError):
    """The rules cannot be evaluated; the message is a sentence for the form."""


# A form loaded its row before the lock: what publishing writes is not the form's to write.
HELD = (
    "version",
    "published_id",
    "is_active",
    "rescore_from_deal",
    "rescore_base_id",
    "refresh_from_deal",
    "judged_on",
)


@action
def save_rule_set(
    *,
    workspace: Workspace,
    actor: Actor,
    rule_set: RuleSet,
    write_rules: Callable[[], None],
    now: datetime,
) -> RuleSet:
    """Store the draft of a rule set. No deal moves: publishing is what judges them anew.

    `write_rules` writes the rule and condition rows (an admin's inlines, a file) inside this
    transaction. Raises RuleSetNotUsable.
    """
    rule_set.workspace = workspace
    if rule_set.pk:
        rows = RuleSet.objects.in_workspace(workspace)
        held = rows.select_for_update(no_key=True).get(pk=rule_set.pk)
        for name in HELD:
            setattr(rule_set, name, getattr(held, name))
    rule_set.save()
    write_rules()
    try:
        draft_spec(rule_set)
    except ValueError as error:
        raise RuleSetNotUsable(str(error)) from error
    row = draft_row(rule_set)
    publish(
        RuleSetSaved(
            subject=rule_set.public_id,
            set_name=rule_set.name,
            version=rule_set.version,
            rules=describe_rules(row),
            derived=[asdict(own) for own in row.derived],
            digest=digest_of(draft_content(rule_set)),
            needs_second_person=rule_set.needs_second_person,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return rule_set


@action
def save_estimate_policy(
    *, workspace: Workspace, actor: Actor, policy: EstimatePolicy, now: datetime
) -> EstimatePolicy:
    """Store what stands in for unknown values and have every deal judged anew."""
    policy.workspace = workspace
    policy.save()
    rule_sets = RuleSet.objects.in_workspace(workspace)
    # All sets, and held first: another one may be taken into use at this moment.
    lock_rows(rule_sets, no_key=True)
    rule_sets.update(refresh_from_deal=0)
    publish(
        EstimatePolicySaved(
            subject=policy.public_id,
            values={name: str(getattr(policy, name)) for name in ESTIMATE_FIELDS},
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return policy


@action
def save_stage(*, workspace: Workspace, actor: Actor, stage: Stage, now: datetime) -> Stage:
    """Rename or reorder a stage; its kind, which automations know it by, stays."""
    stage.workspace = workspace
    stage.save()
    publish(
        StageSaved(
            subject=stage.public_id, kind=stage.kind, label=stage.label, position=stage.position
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return stage
