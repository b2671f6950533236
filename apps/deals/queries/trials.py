"""What the two sides of a trial came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.deals.models import Deal, DealScore, RuleTrial
from apps.deals.qualification.arms import bucket_expression
from apps.events.steps import CONTACTED, REPLIED, SIGNED, deals_first_said
from apps.workspaces.models import Workspace

HISTORY = 50


@dataclass(frozen=True, slots=True)
class SideFigures:
    """Deals of one side and how many of them took each step; every step counts those before it."""

    deals: int = 0
    qualified: int = 0
    contacted: int = 0
    replied: int = 0
    signed: int = 0


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """`before`: deals left out on both sides, because they were written to before the trial."""

    champion: SideFigures
    challenger: SideFigures
    before: int

    def to_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> TrialFigures:
        return cls(
            SideFigures(**plain["champion"]), SideFigures(**plain["challenger"]), plain["before"]
        )


def find_trial(workspace: Workspace, public_id: UUID) -> RuleTrial | None:
    return _trials(workspace).filter(public_id=public_id).first()


def list_trials(workspace: Workspace) -> list[RuleTrial]:
    """The newest first, at most HISTORY; one that runs is the first of its set."""
    return list(_trials(workspace).order_by("-pk")[:HISTORY])


def _trials(workspace: Workspace) -> QuerySet[RuleTrial]:
    rows = RuleTrial.objects.in_workspace(workspace)
    return rows.select_related("rule_set__published", "champion", "challenger")


def figures_of(trial: RuleTrial, *, until: datetime) -> TrialFigures:
    """Of a running trial, deals judged so far and what came of them by `until`.

    Verdicts are those that stand now, and while a trial runs each side's version judges its deals.
    Deals first written to before the trial do not count: the trial had no say in that.
    """
    workspace_id, since = trial.workspace_id, trial.started_at
    before = deals_first_said(workspace_id, CONTACTED, until=since)
    during = deals_first_said(workspace_id, CONTACTED, since=since, until=until)
    replied = deals_first_said(workspace_id, REPLIED, since=since, until=until)
    signed = deals_first_said(workspace_id, *SIGNED, since=since, until=until)
    judged, ahead = _judged(trial), _judged(trial, before)
    contacted, of_those_replied = _judged(trial, during), _judged(trial, during, replied)
    of_those_signed = _judged(trial, during, signed)

    def side(is_challenger: bool) -> SideFigures:
        return SideFigures(
            deals=judged[is_challenger].deals - ahead[is_challenger].deals,
            qualified=judged[is_challenger].qualified - ahead[is_challenger].qualified,
            contacted=contacted[is_challenger].deals,
            replied=of_those_replied[is_challenger].deals,
            signed=of_those_signed[is_challenger].deals,
        )

    return TrialFigures(side(False), side(True), sum(each.deals for each in ahead.values()))


def _judged(trial: RuleTrial, *narrowing: Any) -> dict[bool, SideFigures]:
    """Judged deals of each side that are in all of these, and how many qualify now."""
    rows = DealScore.objects.filter(workspace_id=trial.workspace_id)
    for deals in narrowing:
        there = Deal.objects.in_workspace(trial.workspace_id).filter(public_id__in=deals)
        rows = rows.filter(deal__in=there.values("pk"))
    is_qualified = Q(verdict=DealScore.Verdict.QUALIFIED)
    buckets = rows.annotate(bucket=bucket_expression("deal_id", trial.salt)).values("bucket")
    counted = buckets.order_by().annotate(
        deals=Count("pk"), qualified=Count("pk", filter=is_qualified)
    )
    sums = {False: SideFigures(), True: SideFigures()}
    for row in counted:
        at = row["bucket"] < trial.share
        held = sums[at]
        sums[at] = SideFigures(held.deals + row["deals"], held.qualified + row["qualified"])
    return sums
