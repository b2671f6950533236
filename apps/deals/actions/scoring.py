"""Judging deals: metrics, scores, facts and the step from new to qualified.

Whoever judges holds the rule set's row: a re-scoring alone, those who judge some deals together.
So nobody writes over a fresher judgement, and nobody judges by rules that were replaced meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max

from apps.deals.actions.due import is_due, is_refresh_due
from apps.deals.actions.judged import tell_changes
from apps.deals.models import Deal, RuleSet, RuleSetVersion
from apps.deals.qualification.arms import Arm, arms_of
from apps.deals.qualification.compile import Sql
from apps.deals.qualification.delta import find_delta
from apps.deals.qualification.refresh import refresh_metrics
from apps.deals.qualification.rows import find_active_rule_set
from apps.deals.qualification.scoring import (
    ScoreChange,
    Span,
    Stamp,
    apply_delta,
    judge_span,
    write_scores,
)
from apps.deals.qualification.versions import spec_of
from apps.deals.rules import business_day
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.judging import DealScored, RescoreAdvanced
from apps.events.publish import publish_many
from apps.workspaces.models import Workspace

# SQLite takes 32,766 parameters in a statement; ids beyond this go in the next one.
IDS = 1000
BATCH = 2000
NEWS_AT_ONCE = 4000


@action
def score_deals(*, workspace: Workspace, actor: Actor, deals: Sequence[UUID], now: datetime) -> int:
    """Refresh metrics and scores of these deals; returns how many verdicts or scores moved.

    One fact per deal whose score or verdict moved. Repeatable. Without an active rule set only
    the metrics are refreshed.
    """
    rule_set = _hold_together(workspace)
    facts: list[DealScored] = []
    # All in order, not each slice in its own: whoever else judges some of them goes upwards too,
    # metrics first and then one side of a trial after the other.
    ids = sorted(_keys(workspace, deals))
    slices = [ids[start : start + IDS] for start in range(0, len(ids), IDS)]
    for some in slices:
        refresh_metrics(scope=_named("d.id", some), today=business_day(now))
    if rule_set is not None:
        for arm, some in product(arms_of(rule_set), slices):
            facts += _judge(workspace, rule_set, arm, some, actor, now)
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


def _hold_together(workspace: Workspace) -> RuleSet | None:
    """The active set as it now stands, held with others who judge and against who changes it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Django has no word for a shared lock. All sets, since another may become the active
            # one while we wait; in order, since two of them may be waited for.
            cursor.execute(
                "SELECT id FROM deals_ruleset WHERE workspace_id = %s ORDER BY id FOR SHARE",
                [workspace.pk],
            )
    return find_active_rule_set(workspace)


def _named(column: str, ids: Sequence[int]) -> Sql:
    return Sql(f"{column} IN ({', '.join(['%s'] * len(ids))})", tuple(ids))


def _judge(
    workspace: Workspace,
    rule_set: RuleSet,
    arm: Arm,
    ids: Sequence[int],
    actor: Actor,
    now: datetime,
) -> list[DealScored]:
    """Those of at most IDS deals that `arm` judges: scores and stages, and the facts that tell."""
    changes = write_scores(
        spec_of(arm.version),
        stamp=_stamp(rule_set, arm),
        scope=arm.narrow(_named("m.deal_id", ids), "m.deal_id"),
    )
    news = [change for change in changes if change.is_news]
    return tell_changes(workspace, rule_set, arm.version.number, news, actor, now)


def _stamp(rule_set: RuleSet, arm: Arm) -> Stamp:
    return Stamp(rule_set.workspace_id, rule_set.pk, arm.version.number)


@action
def rescore_batch(*, actor: Actor, rule_set: RuleSet, now: datetime, size: int = BATCH) -> int:
    """Judge the next `size` deals of a rule set that is due; returns how many verdicts moved.

    Where it stands is kept in the rule set's row, so any worker continues after a crash. One fact
    per deal whose verdict moved: telling every score that drifts would cost more than judging.
    """
    rule_sets = RuleSet.objects.in_workspace(rule_set.workspace_id)
    # NO KEY: a new score names the rule set, and its commit would wait for us while we wait for it.
    held = rule_sets.select_for_update(no_key=True).get(pk=rule_set.pk)
    today = business_day(now)
    if not is_due(held, today):
        unchanged("nothing is due")
        return 0
    is_refresh = is_refresh_due(held, today)
    after = _begin_refresh(held, today) if is_refresh else held.rescore_from_deal or 0
    while True:
        span, count = _next_span(held, after, size)
        try:
            judged = _judge_span(held, span, today if is_refresh else None)
        except _TooMuchNews:
            size = max(size // 4, NEWS_AT_ONCE)
            continue
        break
    following = span.upto if count == size else None
    _keep_progress(held, after, following, is_refresh=is_refresh)
    facts: list[DealScored] = []
    for arm, changes in judged:
        facts += tell_changes(held.workspace, held, arm.version.number, changes, actor, now)
    advanced = RescoreAdvanced(
        subject=held.public_id, scored=count, changed=len(facts), next_deal=following
    )
    publish_many([*facts, advanced], workspace_id=held.workspace_id, actor=actor, now=now)
    return len(facts)


def _begin_refresh(held: RuleSet, today: date) -> int:
    """Where the metrics of today stand. Begun anew, it judges every deal by the rules of now."""
    if held.judged_on == today and held.refresh_from_deal:
        return held.refresh_from_deal
    if held.rescore_from_deal is not None:
        held.rescore_from_deal = 0
    rows = RuleSet.objects.in_workspace(held.workspace_id).filter(pk=held.pk)
    rows.update(judged_on=today, rescore_from_deal=held.rescore_from_deal)
    return 0


class _TooMuchNews(Exception):
    """More deals change their verdict than one transaction should carry."""


_Judged = list[tuple[Arm, list[ScoreChange]]]


def _judge_span(held: RuleSet, span: Span, metrics_of: date | None) -> _Judged:
    """Those whose verdict moved, by side. Raises _TooMuchNews, and then nothing is written.

    Deals that move on are locked from here to the commit, and people edit them: their number is
    bounded, however many deals are judged.
    """
    with transaction.atomic():
        judged = _judge_anew(held, span, metrics_of)
        if sum(len(changes) for _, changes in judged) > NEWS_AT_ONCE:
            raise _TooMuchNews
    return judged


def _judge_anew(held: RuleSet, span: Span, metrics_of: date | None) -> _Judged:
    if metrics_of is not None:
        refresh_metrics(scope=span.scope("d", "id"), today=metrics_of)
    base = None if metrics_of is not None else held.rescore_base
    return [(arm, _judge_side(held, arm, replace(span, arm=arm), base)) for arm in arms_of(held)]


def _judge_side(
    held: RuleSet, arm: Arm, span: Span, base: RuleSetVersion | None
) -> list[ScoreChange]:
    spec, stamp = spec_of(arm.version), _stamp(held, arm)
    if base is None:
        return judge_span(spec, stamp=stamp, span=span)
    return apply_delta(spec, find_delta(spec_of(base), spec), stamp=stamp, span=span)


def _keep_progress(held: RuleSet, after: int, following: int | None, *, is_refresh: bool) -> None:
    """A refresh judges in full: a re-scoring that stands where it stood goes along with it."""
    progress: dict[str, Any] = {"refresh_from_deal": following} if is_refresh else {}
    if not is_refresh or held.rescore_from_deal == after:
        progress["rescore_from_deal"] = following
        if following is None:
            progress["rescore_base"] = None
    RuleSet.objects.in_workspace(held.workspace_id).filter(pk=held.pk).update(**progress)


def _next_span(held: RuleSet, after: int, size: int) -> tuple[Span, int]:
    """The deals that come next, and how many."""
    rows = Deal.objects.in_workspace(held.workspace_id).filter(pk__gt=after).order_by("pk")
    # Skipping through the index costs half of counting what was skipped.
    if last := list(rows.values_list("pk", flat=True)[size - 1 : size]):
        return Span(held.workspace_id, after, last[0]), size
    found = rows.aggregate(upto=Max("pk"), count=Count("pk"))
    return Span(held.workspace_id, after, found["upto"] or after), found["count"]
