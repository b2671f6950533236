"""How a deal stood judged at a moment in the past, from its facts and the published versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.deals.models import Deal, RuleSetVersion
from apps.deals.qualification.tellings import rule_words
from apps.deals.qualification.types import RuleSetSpec, Truth
from apps.deals.qualification.versions import spec_of, workspace_version_at
from apps.events.catalog.judging import DealScored
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class RuleThen:
    """What one rule of the version said; `demand` is the rule in words."""

    name: str
    truth: Truth
    weight: int
    is_knock_out: bool
    demand: str


@dataclass(frozen=True, slots=True)
class JudgementThen:
    """`judged_by` gave score and verdict; `in_force` was published last before `at`.

    They differ where the newer version had not changed the deal's verdict; score and rules are
    those last told. `judged_by` is None for versions from before they were kept, `rules` for facts
    from before masks were.
    """

    at: datetime
    scored_at: datetime
    score: int
    coverage: int
    verdict: str
    number: int
    judged_by: RuleSetVersion | None
    in_force: RuleSetVersion | None
    rules: list[RuleThen] | None


def end_of_day(workspace: Workspace, day: date) -> datetime:
    """The first moment after `day` on the workspace's wall clock."""
    zone = ZoneInfo(workspace.time_zone)
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def judgement_as_of(workspace: Workspace, deal: Deal, at: date | datetime) -> JudgementThen | None:
    """How the deal stood just before `at`; of a day, when it ended. None before its first score."""
    moment = at if isinstance(at, datetime) else end_of_day(workspace, at)
    facts = list_facts(
        workspace.pk, deal=deal.public_id, names=[DealScored.name], until=moment, limit=1
    )
    if not facts:
        return None
    said = DealScored.from_payload(facts[0].subject, facts[0].payload)
    judged_by = _version(workspace, said.rule_set, said.rule_set_version)
    return JudgementThen(
        at=moment,
        scored_at=facts[0].occurred_at,
        score=said.score,
        coverage=said.coverage,
        verdict=said.verdict,
        number=said.rule_set_version,
        judged_by=judged_by,
        in_force=workspace_version_at(workspace, moment),
        rules=_rules(judged_by, said.pass_mask, said.unknown_mask),
    )


def _version(workspace: Workspace, rule_set: UUID, number: int) -> RuleSetVersion | None:
    rows = RuleSetVersion.objects.in_workspace(workspace)
    return rows.filter(rule_set__public_id=rule_set, number=number).first()


def _rules(
    version: RuleSetVersion | None, passed: int | None, unknown: int | None
) -> list[RuleThen] | None:
    if version is None or passed is None or unknown is None:
        return None
    spec: RuleSetSpec = spec_of(version)
    return [
        RuleThen(
            name=rule.name,
            truth=_truth(1 << bit, passed, unknown),
            weight=rule.weight,
            is_knock_out=rule.is_knock_out,
            demand=rule_words(rule),
        )
        for bit, rule in zip(spec.bits, spec.rules, strict=True)
    ]


def _truth(bit: int, passed: int, unknown: int) -> Truth:
    if passed & bit:
        return Truth.PASSED
    return Truth.UNKNOWN if unknown & bit else Truth.FAILED
