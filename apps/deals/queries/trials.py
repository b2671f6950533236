"""What the two sides of a trial came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from apps.deals.models import DealScore, RuleTrial
from apps.deals.qualification.arms import bucket_sql
from apps.events.steps import CONTACTED, REPLIED, SIGNED, first_of_each
from apps.workspaces.models import Workspace

HISTORY = 50
QUALIFIED = DealScore.Verdict.QUALIFIED.value


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


def find_running_trial_of(workspace: Workspace) -> RuleTrial | None:
    """The one trial of the workspace's rules in use, if any runs."""
    return _trials(workspace).filter(ended_at__isnull=True).first()


def list_trials(workspace: Workspace) -> list[RuleTrial]:
    """The newest first, at most HISTORY; one that runs is the first of its set."""
    return list(_trials(workspace).order_by("-pk")[:HISTORY])


def _trials(workspace: Workspace) -> QuerySet[RuleTrial]:
    rows = RuleTrial.objects.in_workspace(workspace)
    return rows.select_related("rule_set__published", "champion", "challenger")


def figures_of(trial: RuleTrial, *, until: datetime) -> TrialFigures:
    """Of a running trial, deals judged so far and what came of them by `until`. Two queries.

    Verdicts are those that stand now, and while a trial runs each side's version judges its deals.
    Deals first written to before the trial do not count: the trial had no say in that.
    """
    judged, written_to = _judged(trial), _written_to(trial, until)

    def side(is_challenger: bool) -> SideFigures:
        all_deals, found = judged[is_challenger], written_to[is_challenger]
        return replace(
            found.during,
            deals=all_deals.deals - found.before,
            qualified=all_deals.qualified - found.qualified_before,
        )

    before = sum(found.before for found in written_to.values())
    return TrialFigures(side(False), side(True), before)


@dataclass(frozen=True, slots=True)
class _WrittenTo:
    """Deals of one side first written to before the trial, and those since."""

    before: int = 0
    qualified_before: int = 0
    during: SideFigures = SideFigures()


def _judged(trial: RuleTrial) -> dict[bool, SideFigures]:
    """Judged deals of each side, and how many qualify now."""
    side = bucket_sql("s.deal_id", trial.salt)
    rows = _rows(
        f"SELECT CASE WHEN {side} < %s THEN 1 ELSE 0 END AS side, COUNT(*),"
        " SUM(CASE WHEN s.verdict = %s THEN 1 ELSE 0 END)"
        " FROM deals_dealscore s WHERE s.workspace_id = %s GROUP BY side",
        [trial.share, QUALIFIED, trial.workspace_id],
    )
    found = {bool(at): SideFigures(deals, qualified) for at, deals, qualified in rows}
    return {at: found.get(at, SideFigures()) for at in (False, True)}


def _written_to(trial: RuleTrial, until: datetime) -> dict[bool, _WrittenTo]:
    steps = {"contacted": (CONTACTED,), "replied": (REPLIED,), "signed": SIGNED}
    firsts, params = first_of_each(trial.workspace_id, steps, until=until)
    since = connection.ops.adapt_datetimefield_value(trial.started_at)
    side = bucket_sql("s.deal_id", trial.salt)
    counts = ", ".join(
        f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"
        for condition in (
            "f.contacted < %s",
            "f.contacted < %s AND s.verdict = %s",
            "f.contacted >= %s",
            "f.contacted >= %s AND f.replied >= %s",
            "f.contacted >= %s AND f.signed >= %s",
        )
    )
    rows = _rows(
        f"WITH firsts AS MATERIALIZED ({firsts})"
        f" SELECT CASE WHEN {side} < %s THEN 1 ELSE 0 END AS side, {counts} FROM firsts f"
        " JOIN deals_deal d ON d.public_id = f.deal AND d.workspace_id = %s"
        " JOIN deals_dealscore s ON s.deal_id = d.id"
        " WHERE f.contacted IS NOT NULL GROUP BY side",
        [
            *params,
            trial.share,
            *[since, since, QUALIFIED, since, since, since, since, since],
            trial.workspace_id,
        ],
    )
    found = {
        bool(at): _WrittenTo(
            before,
            qualified,
            SideFigures(contacted=contacted, replied=replied, signed=signed),
        )
        for at, before, qualified, contacted, replied, signed in rows
    }
    return {at: found.get(at, _WrittenTo()) for at in (False, True)}


def _rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
