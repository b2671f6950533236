"""What other rules would do to the deals of a workspace, before anybody publishes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from apps.common.lookups import Many
from apps.deals.models import Deal, Stage
from apps.deals.qualification.compile import (
    Sql,
    compile_judgement,
    compile_masks,
    count_masks,
    join_sql,
)
from apps.deals.qualification.scoring import METRICS, SCORES, Span
from apps.deals.qualification.types import RuleSetSpec, Verdict
from apps.workspaces.models import Workspace

# Where nobody has offered anything yet; those in the stages after these have a history to lose.
BEFORE_OFFER = (Stage.Kind.NEW.value, Stage.Kind.QUALIFIED.value)
CONTRACT = (Stage.Kind.UNDER_CONTRACT.value, Stage.Kind.CLOSED.value)
OFFERED = (Stage.Kind.OFFERED.value, Stage.Kind.IN_CONVERSATION.value, *CONTRACT)
NEVER = ""
BANDS = 10
LOOKED_AT = 50_000
_WAS = f"COALESCE(s.verdict, '{NEVER}')"
_SHOWN = {"deal_id": "m.deal_id", "was": _WAS, "score_was": "s.score"}


@dataclass(frozen=True, slots=True)
class RuleRate:
    """How many deals pass a rule, fail it, or lack the data. Before is None for a new rule."""

    name: str
    passed: int
    failed: int
    unknown: int
    passed_before: int | None
    unknown_before: int | None


@dataclass(frozen=True, slots=True)
class Impact:
    """Counts of deals. Verdicts are those of `Verdict`; NEVER is a deal nobody judged yet.

    `flips` has (verdict now, verdict then) -> deals, unchanged ones included. Bands count scores
    0–9, 10–19 … 90–100. `offers_more`: deals that would newly qualify and have no offer;
    `offers_less`: deals with an offer that would not have qualified. `contracts_missed`: signed or
    closed deals that the rules would have rejected.
    """

    deals: int
    flips: Mapping[tuple[str, str], int]
    bands_now: tuple[int, ...]
    bands_then: tuple[int, ...]
    rates: tuple[RuleRate, ...]
    offers_more: int
    offers_less: int
    contracts: int
    contracts_missed: int

    def count_now(self, verdict: str) -> int:
        return sum(count for (now, _), count in self.flips.items() if now == verdict)

    def count_then(self, verdict: str) -> int:
        return sum(count for (_, then), count in self.flips.items() if then == verdict)

    @property
    def flipped(self) -> int:
        return sum(count for (now, then), count in self.flips.items() if now != then)


@dataclass(frozen=True, slots=True)
class Flip:
    """A deal that would change its verdict; score and verdict now are empty if never judged."""

    key: int
    deal: UUID
    address: str
    stage: str
    verdict_now: str
    score_now: int | None
    verdict_then: str
    score_then: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """Deals that share masks and present verdict."""

    verdict_now: str
    pass_mask: int
    unknown_mask: int
    score: int
    verdict: str
    deals: int


def measure_impact(
    workspace: Workspace, draft: RuleSetSpec, current: RuleSetSpec | None = None
) -> Impact:
    """Judge every deal by the draft, writing nothing and locking nothing.

    `current` judged the deals so far. A rule that stands at the same place in both is the same.
    """
    kinds = _kinds(workspace, draft)
    flips: Counter[tuple[str, str]] = Counter()
    bands = [0] * BANDS
    for kind in kinds:
        flips[kind.verdict_now, kind.verdict] += kind.deals
        bands[_band(kind.score)] += kind.deals
    bands_now, before = _standing(workspace)
    advanced = _advanced(workspace, draft)
    return Impact(
        deals=sum(flips.values()),
        flips=dict(flips),
        bands_now=bands_now,
        bands_then=tuple(bands),
        rates=tuple(_rates(draft, kinds, before, current.bits if current else ())),
        offers_more=_newly_qualified(flips.items())
        - _newly_qualified(((now, then), n) for (_, now, then), n in advanced.items()),
        offers_less=sum(
            count
            for (stage, now, then), count in advanced.items()
            if stage in OFFERED and now == Verdict.QUALIFIED != then
        ),
        contracts=sum(n for (stage, _, _), n in advanced.items() if stage in CONTRACT),
        contracts_missed=sum(
            n
            for (stage, _, then), n in advanced.items()
            if stage in CONTRACT and then == Verdict.REJECTED
        ),
    )


def _newly_qualified(flips: Any) -> int:
    return sum(count for (now, then), count in flips if then == Verdict.QUALIFIED != now)


def _band(score: int) -> int:
    return min(score // 10, BANDS - 1)


def _kinds(workspace: Workspace, draft: RuleSetSpec) -> list[_Kind]:
    """Deals are many, kinds of deals are few: only kinds are weighed."""
    counted = count_masks(
        draft,
        source=f"{METRICS} m LEFT JOIN {SCORES} s ON s.deal_id = m.deal_id",
        scope=Sql("m.workspace_id = %s", (workspace.pk,)),
        carried={"was": _WAS},
    )
    judged = compile_judgement(draft, counted, ("was", "deals"))
    return [
        _Kind(was, passes, unknowns, score, verdict, deals)
        for was, deals, passes, unknowns, score, _, verdict in _rows(judged)
    ]


def _standing(workspace: Workspace) -> tuple[tuple[int, ...], list[tuple[int, int, int]]]:
    """Bands of the present scores, and how many deals share each pair of present masks."""
    bands = [0] * BANDS
    masks: Counter[tuple[int, int]] = Counter()
    statement = Sql(
        f"SELECT pass_mask, unknown_mask, score, COUNT(*) FROM {SCORES} WHERE workspace_id = %s"
        " GROUP BY pass_mask, unknown_mask, score",
        (workspace.pk,),
    )
    for passes, unknowns, score, count in _rows(statement):
        bands[_band(score)] += count
        masks[passes, unknowns] += count
    return tuple(bands), [(passes, unknowns, count) for (passes, unknowns), count in masks.items()]


def _rates(
    draft: RuleSetSpec,
    kinds: Sequence[_Kind],
    before: Sequence[tuple[int, int, int]],
    known: Sequence[int],
) -> Iterator[RuleRate]:
    deals = sum(kind.deals for kind in kinds)
    for bit, rule in zip(draft.bits, draft.rules, strict=True):
        passed = sum(kind.deals for kind in kinds if kind.pass_mask >> bit & 1)
        unknown = sum(kind.deals for kind in kinds if kind.unknown_mask >> bit & 1)
        had = bit in known
        yield RuleRate(
            name=rule.name,
            passed=passed,
            failed=deals - passed - unknown,
            unknown=unknown,
            passed_before=_having(before, 0, bit) if had else None,
            unknown_before=_having(before, 1, bit) if had else None,
        )


def _having(masks: Sequence[tuple[int, int, int]], which: int, bit: int) -> int:
    return sum(held[2] for held in masks if held[which] >> bit & 1)


def _advanced(workspace: Workspace, draft: RuleSetSpec) -> Counter[tuple[str, str, str]]:
    """Deals past the first stages by (kind of stage, verdict now, verdict then)."""
    stages = Stage.objects.in_workspace(workspace).exclude(kind__in=BEFORE_OFFER)
    kinds = dict(stages.values_list("pk", "kind"))
    if not kinds:
        return Counter()
    marks = ", ".join(["%s"] * len(kinds))
    masks = compile_masks(
        draft,
        source=f"deals_deal d JOIN {METRICS} m ON m.deal_id = d.id"
        f" LEFT JOIN {SCORES} s ON s.deal_id = d.id",
        scope=Sql(f"d.workspace_id = %s AND d.stage_id IN ({marks})", (workspace.pk, *kinds)),
        carried={"stage_id": "d.stage_id", "was": _WAS},
    )
    judged = compile_judgement(draft, masks, ("stage_id", "was"))
    counted = Sql(
        f"SELECT stage_id, was, verdict, COUNT(*) FROM ({judged.text}) judged"
        " GROUP BY stage_id, was, verdict",
        judged.params,
    )
    return Counter({(kinds[stage], was, now): n for stage, was, now, n in _rows(counted)})


def list_flips(
    workspace: Workspace,
    draft: RuleSetSpec,
    *,
    verdict_now: str | None = None,
    verdict_then: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Flip]:
    """The next `limit` deals in order of their key whose verdict would change.

    `after` is the key of the last one seen. `verdict_now` NEVER asks for deals not judged yet.
    """
    found: list[tuple[Any, ...]] = []
    rows = Deal.objects.in_workspace(workspace).order_by("pk")
    while len(found) < limit:
        last = rows.filter(pk__gt=after)[:LOOKED_AT].aggregate(last=Max("pk"))["last"]
        if last is None:
            break
        span = Span(workspace.pk, after, last)
        found += _flips(draft, span, verdict_now, verdict_then, limit - len(found))
        after = last
    return _shown(workspace, found)


def _flips(
    draft: RuleSetSpec, span: Span, now: str | None, then: str | None, limit: int
) -> list[tuple[Any, ...]]:
    masks = compile_masks(
        draft,
        source=f"{METRICS} m LEFT JOIN {SCORES} s ON s.deal_id = m.deal_id",
        scope=span.scope("m", "deal_id"),
        carried=_SHOWN,
    )
    judged = compile_judgement(draft, masks, tuple(_SHOWN))
    asked = [Sql("verdict <> was")]
    asked += [Sql("was = %s", (now,))] if now is not None else []
    asked += [Sql("verdict = %s", (then,))] if then is not None else []
    where = join_sql(" AND ", asked)
    return _rows(
        Sql(
            f"SELECT deal_id, was, score_was, verdict, score FROM ({judged.text}) judged"
            f" WHERE {where.text} ORDER BY deal_id LIMIT {int(limit)}",
            (*judged.params, *where.params),
        )
    )


def list_missed_contracts(
    workspace: Workspace, draft: RuleSetSpec, *, limit: int = 50
) -> list[Flip]:
    """Signed or closed deals that the draft would have rejected, the newest first."""
    masks = compile_masks(
        draft,
        source=f"{METRICS} m JOIN deals_deal d ON d.id = m.deal_id JOIN deals_stage g"
        f" ON g.id = d.stage_id LEFT JOIN {SCORES} s ON s.deal_id = m.deal_id",
        scope=Sql("d.workspace_id = %s AND g.kind IN (%s, %s)", (workspace.pk, *CONTRACT)),
        carried=_SHOWN,
    )
    judged = compile_judgement(draft, masks, tuple(_SHOWN))
    found = _rows(
        Sql(
            f"SELECT deal_id, was, score_was, verdict, score FROM ({judged.text}) judged"
            f" WHERE verdict = %s ORDER BY deal_id DESC LIMIT {int(limit)}",
            (*judged.params, Verdict.REJECTED.value),
        )
    )
    return _shown(workspace, found)


def _shown(workspace: Workspace, found: Sequence[tuple[Any, ...]]) -> list[Flip]:
    rows = Deal.objects.in_workspace(workspace).select_related("property", "stage")
    deals = {deal.pk: deal for deal in rows.filter(pk__any_of=Many(row[0] for row in found))}
    return [
        Flip(
            key=key,
            deal=deals[key].public_id,
            address=deals[key].property.address,
            stage=deals[key].stage.label,
            verdict_now=was,
            score_now=score_was,
            verdict_then=verdict,
            score_then=score,
        )
        for key, was, score_was, verdict, score in found
        if key in deals
    ]


def _rows(statement: Sql) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return cursor.fetchall()
