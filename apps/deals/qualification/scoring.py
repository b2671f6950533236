"""One statement that judges deals and writes the scores that differ."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from .compile import Sql, compile_rule_set
from .types import RuleSetSpec

_JUDGED = ("pass_mask", "unknown_mask", "score", "coverage", "verdict")


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A score that was written; `is_news` when score or verdict moved, not only a rule's bit."""

    deal_id: int
    score: int
    coverage: int
    verdict: str
    previous_verdict: str
    is_news: bool


def write_scores(
    spec: RuleSetSpec, *, rule_set_id: int, version: int, workspace_id: int, scope: Sql
) -> list[ScoreChange]:
    """Judge the deals in `scope` (a WHERE text over the metrics row `m`) by their stored metrics.

    Repeatable: a second call writes and returns nothing.
    """
    judged = compile_rule_set(spec, table="deals_dealmetrics", scope=scope)
    names = ", ".join(_JUDGED)
    table = "deals_dealscore"
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*_JUDGED, *_STAMP))
    differs = " OR ".join(f"{table}.{name} <> excluded.{name}" for name in _JUDGED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (deal_id, workspace_id, {', '.join(_STAMP)}, {names},"
            f" previous_verdict) SELECT deal_id, %s, %s, %s, {names}, ''"
            f" FROM ({judged.text}) judged WHERE deal_id IS NOT NULL ORDER BY deal_id"
            f" ON CONFLICT (deal_id) DO UPDATE SET {updates},"
            f" previous_score = {table}.score, previous_verdict = {table}.verdict"
            f" WHERE {differs}"
            " RETURNING deal_id, score, coverage, verdict, previous_score, previous_verdict",
            [workspace_id, rule_set_id, version, *judged.params],
        )
        return [_change(*row) for row in cursor.fetchall()]


_STAMP = ("rule_set_id", "rule_set_version")


def _change(
    deal_id: int, score: int, coverage: int, verdict: str, old_score: int | None, old_verdict: str
) -> ScoreChange:
    is_news = (score, verdict) != (old_score, old_verdict)
    return ScoreChange(deal_id, score, coverage, verdict, old_verdict, is_news)
