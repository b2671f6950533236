"""The statements that judge deals and write the scores that differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from .arms import Arm
from .compile import (
    FENCE,
    Sql,
    compile_difference,
    compile_judgement,
    compile_rule_set,
    join_sql,
    mask_columns,
)
from .delta import Delta
from .types import RuleSetSpec

METRICS = "deals_dealmetrics"
SCORES = "deals_dealscore"
_JUDGED = ("pass_mask", "unknown_mask", "score", "coverage", "verdict")
_STAMP = ("rule_set_id", "rule_set_version")
# In the order of ScoreChange.
_TOLD = (
    "deal_id",
    "score",
    "coverage",
    "verdict",
    "previous_score",
    "previous_verdict",
    "pass_mask",
    "unknown_mask",
)


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A score that was written. `previous_score` is None and `previous_verdict` empty at first."""

    deal_id: int
    score: int
    coverage: int
    verdict: str
    previous_score: int | None
    previous_verdict: str
    pass_mask: int
    unknown_mask: int

    @property
    def is_news(self) -> bool:
        """Score or verdict moved, not only a rule's bit."""
        return (self.score, self.verdict) != (self.previous_score, self.previous_verdict)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose judgement is written."""

    workspace_id: int
    rule_set_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Span:
    """Deals of a workspace with after < id <= upto; of one side of a trial, when `arm` is set."""

    workspace_id: int
    after: int
    upto: int
    arm: Arm | None = None

    def scope(self, row: str, key: str) -> Sql:
        between = Sql(
            f"{row}.workspace_id = %s AND {row}.{key} > %s AND {row}.{key} <= %s",
            (self.workspace_id, self.after, self.upto),
        )
        return self.arm.narrow(between, f"{row}.{key}") if self.arm else between


def write_scores(spec: RuleSetSpec, *, stamp: Stamp, scope: Sql) -> list[ScoreChange]:
    """Judge the deals in `scope` (a WHERE text over the metrics row `m`) by their stored metrics.

    For some deals by name, judged before or not. Repeatable: a second call writes and returns
    nothing.
    """
    judged = compile_rule_set(spec, table=METRICS, scope=scope)
    names = ", ".join(_JUDGED)
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*_JUDGED, *_STAMP))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SCORES} (deal_id, workspace_id, {', '.join(_STAMP)}, {names},"
            f" previous_verdict) SELECT deal_id, %s, %s, %s, {names}, ''"
            f" FROM ({judged.text}) judged WHERE deal_id IS NOT NULL ORDER BY deal_id"
            f" ON CONFLICT (deal_id) DO UPDATE SET {updates},"
            f" previous_score = {SCORES}.score, previous_verdict = {SCORES}.verdict"
            f" WHERE {_differs(SCORES, 'excluded')} RETURNING {', '.join(_TOLD)}",
            [stamp.workspace_id, stamp.rule_set_id, stamp.version, *judged.params],
        )
        return [ScoreChange(*row) for row in cursor.fetchall()]


def _differs(stored: str, judged: str) -> str:
    return " OR ".join(f"{stored}.{name} <> {judged}.{name}" for name in _JUDGED)


def judge_span(spec: RuleSetSpec, *, stamp: Stamp, span: Span) -> list[ScoreChange]:
    """Judge all deals of a span; returns those whose verdict moved. Repeatable."""
    asked = span.scope("m", "deal_id")
    first = write_scores(
        spec,
        stamp=stamp,
        scope=Sql(
            f"{asked.text} AND NOT EXISTS (SELECT 1 FROM {SCORES} s WHERE s.deal_id = m.deal_id)",
            asked.params,
        ),
    )
    return first + _update(compile_rule_set(spec, table=METRICS, scope=asked), stamp, span)


def apply_delta(spec: RuleSetSpec, delta: Delta, *, stamp: Stamp, span: Span) -> list[ScoreChange]:
    """Bring deals judged by the version before to this one; returns those whose verdict moved.

    Only what changed is evaluated: the changed rules against the metrics, or nothing but the
    stored masks when thresholds or weights moved. A deal that was never judged is left out: whoever
    brings it has it judged.
    """
    if not delta.is_weighed_anew and not delta.rules:
        return []
    masks = _moved_masks(delta, span)
    judged = compile_judgement(spec, masks, ("deal_id",))
    if delta.is_weighed_anew:
        return _update(judged, stamp, span)
    with _one_by_one():
        return _update(judged, stamp, span)


@contextmanager
def _one_by_one() -> Iterator[None]:
    """Few rows are joined to scores by key: else PostgreSQL reads all scores of the span, twice."""
    _let_join_by_hash("off")
    yield
    _let_join_by_hash("DEFAULT")


def _let_join_by_hash(value: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL enable_hashjoin = {value}")
            cursor.execute(f"SET LOCAL enable_mergejoin = {value}")


def _moved_masks(delta: Delta, span: Span) -> Sql:
    """SELECT deal_id and both new masks from the stored ones."""
    stored = span.scope("s", "deal_id")
    if not delta.rules:
        return Sql(
            f"SELECT s.deal_id, s.pass_mask & {delta.kept} AS pass_mask,"
            f" s.unknown_mask & {delta.kept} AS unknown_mask FROM {SCORES} s WHERE {stored.text}",
            stored.params,
        )
    asked = span.scope("m", "deal_id")
    if not delta.is_weighed_anew:
        # One reading of the metrics finds the few deals for which these rules changed their answer.
        pairs = zip(delta.rules, delta.former, strict=True)
        differs = join_sql(" OR ", [compile_difference(*pair) for pair in pairs])
        asked = Sql(f"{asked.text} AND ({differs.text})", (*asked.params, *differs.params))
    columns, passed, unknown = mask_columns(delta.rules, delta.bits)
    return Sql(
        f"SELECT s.deal_id, (s.pass_mask & {delta.kept}) | {passed} AS pass_mask,"
        f" (s.unknown_mask & {delta.kept}) | {unknown} AS unknown_mask FROM"
        f" (SELECT m.deal_id, {columns.text} FROM {METRICS} m WHERE {asked.text} {FENCE}) coded"
        f" JOIN {SCORES} s ON s.deal_id = coded.deal_id WHERE {stored.text}",
        (*columns.params, *asked.params, *stored.params),
    )


def _update(judged: Sql, stamp: Stamp, span: Span) -> list[ScoreChange]:
    updates = ", ".join(f"{name} = j.{name}" for name in _JUDGED)
    stored = span.scope(SCORES, "deal_id")
    told = ", ".join(f"{SCORES}.{name}" for name in _TOLD)
    judged_first = f"WITH judged AS MATERIALIZED ({judged.text})"
    update = (
        f"UPDATE {SCORES} SET {updates}, rule_set_id = %s, rule_set_version = %s,"
        f" previous_score = {SCORES}.score, previous_verdict = {SCORES}.verdict"
        f" FROM judged j WHERE {SCORES}.deal_id = j.deal_id AND {stored.text}"
        f" AND ({_differs(SCORES, 'j')}) RETURNING"
    )
    params = [*judged.params, stamp.rule_set_id, stamp.version, *stored.params]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"{judged_first}, written AS ({update} {told})"
                " SELECT * FROM written WHERE verdict <> previous_verdict ORDER BY deal_id",
                params,
            )
        else:
            # SQLite has no SELECT over what an UPDATE returns: of most rows a NULL comes back.
            moved = "CASE WHEN verdict <> previous_verdict THEN deal_id END"
            cursor.execute(f"{judged_first} {update} {moved}", params)
            keys = [key for (key,) in cursor.fetchall() if key is not None]
            cursor.execute(
                f"SELECT {told} FROM {SCORES} WHERE deal_id IN"
                " (SELECT value FROM json_each(%s)) ORDER BY deal_id",
                [json.dumps(keys)],
            )
        return [ScoreChange(*row) for row in cursor.fetchall()]
