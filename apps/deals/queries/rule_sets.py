"""Rule sets: drafts, published versions, proposals, and how far judging has come."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from apps.deals.models import Deal, RuleProposal, RuleSet, RuleSetVersion, RuleTrial
from apps.deals.qualification.rows import draft_row, find_active_rule_set
from apps.deals.qualification.shipped import RuleSetRow
from apps.deals.qualification.tellings import Change, tell_changes
from apps.deals.qualification.types import RuleSetSpec
from apps.deals.qualification.versions import published_spec, row_of
from apps.deals.queries.tallies import tally_deals
from apps.workspaces.models import Workspace

HISTORY = 100


@dataclass(frozen=True, slots=True)
class RuleSetGlance:
    """A set in the list: `changes` counts what its draft says differently."""

    rule_set: RuleSet
    changes: int
    proposal: RuleProposal | None


@dataclass(frozen=True, slots=True)
class JudgingProgress:
    """How many deals of how many the published rules have judged since they were published."""

    judged: int
    total: int
    is_open: bool


def list_rule_sets(workspace: Workspace) -> list[RuleSetGlance]:
    """The set in use first."""
    rows = RuleSet.objects.in_workspace(workspace).select_related("published")
    waiting = RuleProposal.objects.in_workspace(workspace).filter(state=RuleProposal.State.WAITING)
    proposals = {proposal.rule_set_id: proposal for proposal in waiting}
    return [
        RuleSetGlance(row, len(draft_changes(row)), proposals.get(row.pk))
        for row in rows.order_by("-is_active", "name", "pk")
    ]


def get_rule_set(workspace: Workspace, public_id: UUID) -> RuleSet:
    """Raises RuleSet.DoesNotExist."""
    rows = RuleSet.objects.in_workspace(workspace).select_related("published", "workspace")
    return rows.get(public_id=public_id)


def draft_changes(rule_set: RuleSet) -> list[Change]:
    """What publishing the draft would change of the published version."""
    published = rule_set.published
    before = row_of(published.content) if published else None
    return tell_changes(before, draft_row(rule_set))


def list_versions(rule_set: RuleSet) -> list[RuleSetVersion]:
    """The newest first, at most HISTORY; `is_only_tried` marks those never in force for all."""
    rows = RuleSetVersion.objects.in_workspace(rule_set.workspace_id).filter(rule_set=rule_set)
    trials = RuleTrial.objects.in_workspace(rule_set.workspace_id).filter(is_from_draft=True)
    rows = rows.annotate(is_only_tried=Exists(trials.filter(challenger=OuterRef("pk"))))
    return list(rows.select_related("restores").order_by("-number")[:HISTORY])


def list_proposals(rule_set: RuleSet) -> list[RuleProposal]:
    """The newest first, at most HISTORY; one that waits is the first."""
    rows = RuleProposal.objects.in_workspace(rule_set.workspace_id).filter(rule_set=rule_set)
    return list(rows.order_by("-pk")[:HISTORY])


def get_proposal(rule_set: RuleSet, public_id: UUID) -> RuleProposal:
    """Raises RuleProposal.DoesNotExist."""
    rows = RuleProposal.objects.in_workspace(rule_set.workspace_id).select_related("rule_set")
    return rows.get(rule_set=rule_set, public_id=public_id)


def changes_of(rule_set: RuleSet, row: RuleSetRow) -> list[Change]:
    """What taking `row` into use would change of the published version."""
    published = rule_set.published
    return tell_changes(row_of(published.content) if published else None, row)


def spec_in_use(workspace: Workspace, rule_set: RuleSet) -> RuleSetSpec | None:
    """What judges now, if it is this set: rules of another one cannot be compared by their bits."""
    active = find_active_rule_set(workspace)
    return published_spec(active) if active and active.pk == rule_set.pk else None


def judging_progress(rule_set: RuleSet) -> JudgingProgress:
    total = tally_deals(rule_set.workspace).deals
    # A refresh comes first, and what is published meanwhile goes along with it.
    upto = rule_set.refresh_from_deal
    if upto is None:
        upto = rule_set.rescore_from_deal
    if not rule_set.is_active or upto is None:
        return JudgingProgress(total, total, is_open=False)
    deals = Deal.objects.in_workspace(rule_set.workspace_id)
    judged = deals.filter(pk__lte=upto).count() if upto else 0
    return JudgingProgress(judged, total, is_open=True)
