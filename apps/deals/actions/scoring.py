"""Judging deals: metrics, scores, facts and the step from new to qualified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from apps.deals.actions.due import is_due
from apps.deals.actions.moving import get_stage
from apps.deals.models import Deal, RuleSet, Stage
from apps.deals.qualification.compile import Sql
from apps.deals.qualification.refresh import refresh_metrics
from apps.deals.qualification.rows import find_active_rule_set
from apps.deals.qualification.scoring import ScoreChange, write_scores
from apps.deals.qualification.types import Verdict
from apps.deals.qualification.versions import published_spec
from apps.deals.rules import business_day, next_stage
from apps.deals.sentences import QUALIFIED_REASON
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import DealScored, RescoreAdvanced
from apps.events.history import record_bulk
from apps.events.publish import publish_many
from apps.workspaces.models import Workspace

# SQLite takes 32,766 parameters in a statement; ids beyond this go in the next one.
IDS = 1000
BATCH = 2000


@action
def score_deals(*, workspace: Workspace, actor: Actor, deals: Sequence[UUID], now: datetime) -> int:
    """Refresh metrics and scores of these deals; returns how many verdicts or scores moved.

    One fact per deal whose score or verdict moved. Repeatable. Without an active rule set only
    the metrics are refreshed.
    """
    rule_set = find_active_rule_set(workspace)
    facts: list[DealScored] = []
    # All in order, not each slice in its own: a re-scoring at the same time goes upwards too.
    ids = sorted(_keys(workspace, deals))
    for start in range(0, len(ids), IDS):
        facts += _judge(workspace, rule_set, ids[start : start + IDS], actor, now)
    if facts:
        publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    else:
        unchanged("no score or verdict moved")
    return len(facts)


def _keys(workspace: Workspace, deals: Sequence[UUID]) -> Iterator[int]:
    rows = Deal.objects.in_workspace(workspace)
    for start in range(0, len(deals), IDS):
        named = rows.filter(public_id__in=deals[start : start + IDS])
        yield from named.values_list("pk", flat=True)


@action
def rescore_batch(*, actor: Actor, rule_set: RuleSet, now: datetime, size: int = BATCH) -> int:
    """Judge the next `size` deals of a rule set that is due; returns how many moved.

    Where it stands is kept in the rule set's row, so any worker continues after a crash.
    """
    rule_sets = RuleSet.objects.in_workspace(rule_set.workspace_id)
    # NO KEY: a new score names the rule set, and its commit would wait for us while we wait for it.
    held = rule_sets.select_for_update(no_key=True).get(pk=rule_set.pk)
    if not is_due(held, business_day(now)):
        unchanged("nothing is due")
        return 0
    after = held.rescore_from_deal or 0
    workspace = held.workspace
    rows = Deal.objects.in_workspace(workspace).filter(pk__gt=after).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:size])
    facts: list[DealScored] = []
    for start in range(0, len(ids), IDS):
        facts += _judge(workspace, held, ids[start : start + IDS], actor, now)
    following = ids[-1] if len(ids) == size else None
    done = {"rescore_base": None} if following is None else {}
    rule_sets.filter(pk=held.pk).update(
        rescore_from_deal=following, judged_on=business_day(now), **done
    )
    advanced = RescoreAdvanced(
        subject=held.public_id, scored=len(ids), changed=len(facts), next_deal=following
    )
    publish_many([*facts, advanced], workspace_id=workspace.pk, actor=actor, now=now)
    return len(facts)


def _judge(
    workspace: Workspace, rule_set: RuleSet | None, ids: Sequence[int], actor: Actor, now: datetime
) -> list[DealScored]:
    """At most IDS deals: metrics, scores and stages, and the facts that tell it."""
    marks = ", ".join(["%s"] * len(ids))
    refresh_metrics(scope=Sql(f"d.id IN ({marks})", tuple(ids)), today=business_day(now))
    if rule_set is None:
        return []
    changes = write_scores(
        published_spec(rule_set),
        rule_set_id=rule_set.pk,
        version=rule_set.version,
        workspace_id=workspace.pk,
        scope=Sql(f"m.deal_id IN ({marks})", tuple(ids)),
    )
    news = [change for change in changes if change.is_news]
    return _facts(workspace, rule_set, news, actor, now) if news else []


def _facts(
    workspace: Workspace,
    rule_set: RuleSet,
    news: Sequence[ScoreChange],
    actor: Actor,
    now: datetime,
) -> list[DealScored]:
    locked = (
        Deal.objects.in_workspace(workspace)
        .filter(pk__in=[change.deal_id for change in news])
        .select_related("stage", "seller")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    deals = {deal.pk: deal for deal in locked}
    moved = [c.deal_id for c in news if _goes_on(deals[c.deal_id], c)]
    if moved:
        _move(workspace, moved, actor, now)
    went = set(moved)
    return [_fact(deals[c.deal_id], c, rule_set, c.deal_id in went) for c in news]


def _goes_on(deal: Deal, change: ScoreChange) -> bool:
    if change.verdict != Verdict.QUALIFIED or change.previous_verdict == Verdict.QUALIFIED:
        return False
    return next_stage(deal.stage.kind, Stage.Kind.QUALIFIED) is not None


def _move(workspace: Workspace, ids: Sequence[int], actor: Actor, now: datetime) -> None:
    Deal.objects.in_workspace(workspace).filter(pk__in=ids).update(
        stage=get_stage(workspace, Stage.Kind.QUALIFIED), stage_entered_at=now
    )
    record_bulk(Deal, ids, kind="~", reason=QUALIFIED_REASON, actor=actor, now=now)


def _fact(deal: Deal, change: ScoreChange, rule_set: RuleSet, has_moved: bool) -> DealScored:
    return DealScored(
        subject=deal.public_id,
        score=change.score,
        verdict=change.verdict,
        coverage=change.coverage,
        rule_set=rule_set.public_id,
        rule_set_version=rule_set.version,
        previous_verdict=change.previous_verdict,
        from_stage=deal.stage.kind if has_moved else "",
        to_stage=Stage.Kind.QUALIFIED.value if has_moved else "",
        seller=deal.seller.public_id if deal.seller else None,
    )
