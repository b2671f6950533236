"""Going from one version of the rules to the next: by delta, in full and as announced before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.models import Deal, DealMetrics, DealScore, RuleSet, Stage
from apps.deals.qualification.delta import find_delta
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.scoring import Span, Stamp, apply_delta, judge_span
from apps.deals.qualification.types import RuleSetSpec
from apps.deals.qualification.versions import published_spec
from apps.deals.queries.impact import list_flips, list_missed_contracts, measure_impact
from apps.workspaces.models import Workspace
from tests.deals.conftest import MakeDeal
from tests.deals.qualification_strategies import deals as deal_rows
from tests.deals.qualification_strategies import rule_set_pairs

DEALS = 8
BLANK = {
    field.name: None
    for field in DealMetrics._meta.concrete_fields
    if field.null and not field.generated
}
PROPERTY_TEST = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def street(desk: Workspace, make_deal: MakeDeal, now: datetime) -> list[Deal]:
    deals = [make_deal(desk) for _ in range(DEALS)]
    DealMetrics.objects.bulk_create(
        DealMetrics(deal=deal, workspace_id=desk.pk, computed_on=now.date()) for deal in deals
    )
    return deals


def fill(deals: Sequence[Deal], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the deals these metrics; returns what the database then holds, derived ones too."""
    for deal, row in zip(deals, rows, strict=True):
        given_ones = {name: _fit(name, value) for name, value in row.items() if name in BLANK}
        DealMetrics.objects.filter(deal=deal).update(**{**BLANK, **given_ones})
    by_deal = {held.pk: vars(held) for held in DealMetrics.objects.all()}
    return [by_deal[deal.pk] for deal in deals]


def _fit(name: str, value: Any) -> Any:
    """Text as long as its column takes."""
    width = getattr(DealMetrics._meta.get_field(name), "max_length", None)
    return value[:width] if width and isinstance(value, str) else value


def stored() -> dict[int, tuple[Any, ...]]:
    rows = DealScore.objects.values_list(
        "deal_id", "pass_mask", "unknown_mask", "score", "coverage", "verdict"
    )
    return {row[0]: row[1:] for row in rows}


def expected(spec: RuleSetSpec, deals: Sequence[Deal], held: Sequence[Any]) -> dict[int, Any]:
    found = {}
    for deal, metrics in zip(deals, held, strict=True):
        one = judge(spec, metrics)
        found[deal.pk] = (
            one.pass_mask,
            one.unknown_mask,
            one.score,
            one.coverage,
            one.verdict.value,
        )
    return found


def whole(desk: Workspace) -> Span:
    return Span(desk.pk, 0, 2**40)


def stamp(desk: Workspace, version: int) -> Stamp:
    return Stamp(desk.pk, RuleSet.objects.in_workspace(desk).get().pk, version)


@PROPERTY_TEST
@given(data=st.data())
def test_a_delta_ends_where_judging_in_full_ends(
    street: list[Deal], desk: Workspace, data: st.DataObject
) -> None:
    old, new = data.draw(rule_set_pairs())
    held = fill(street, [data.draw(deal_rows(new)) for _ in street])
    DealScore.objects.all().delete()
    judge_span(old, stamp=stamp(desk, 1), span=whole(desk))
    assert stored() == expected(old, street, held)
    before = stored()
    changes = apply_delta(new, find_delta(old, new), stamp=stamp(desk, 2), span=whole(desk))
    assert stored() == expected(new, street, held)
    moved = {key for key, row in stored().items() if row[-1] != before[key][-1]}
    assert {change.deal_id for change in changes} == moved
    # Only what differs was written, and doing it again writes nothing.
    written = set(DealScore.objects.filter(rule_set_version=2).values_list("deal_id", flat=True))
    assert written == {key for key, row in stored().items() if row != before[key]}
    assert apply_delta(new, find_delta(old, new), stamp=stamp(desk, 3), span=whole(desk)) == []
    assert not DealScore.objects.filter(rule_set_version=3).exists()


@PROPERTY_TEST
@given(data=st.data())
def test_the_impact_told_is_what_publishing_does(
    street: list[Deal], desk: Workspace, data: st.DataObject
) -> None:
    old, new = data.draw(rule_set_pairs())
    held = fill(street, [data.draw(deal_rows(new)) for _ in street])
    stages = {stage.kind: stage for stage in Stage.objects.in_workspace(desk)}
    for deal in street:
        kind = data.draw(st.sampled_from(sorted(stages)))
        Deal.objects.in_workspace(desk).filter(pk=deal.pk).update(stage=stages[kind])
        deal.stage = stages[kind]
    DealScore.objects.all().delete()
    judge_span(old, stamp=stamp(desk, 1), span=whole(desk))
    unjudged = data.draw(st.sampled_from([None, street[3].pk]))
    DealScore.objects.filter(deal_id=unjudged).delete()
    was = {deal.pk: "" for deal in street} | {key: row[-1] for key, row in stored().items()}
    then = {key: row[-1] for key, row in expected(new, street, held).items()}

    impact = measure_impact(desk, new, old)
    assert impact.deals == DEALS
    assert impact.flips == dict(Counter((was[deal.pk], then[deal.pk]) for deal in street))
    assert sum(impact.bands_then) == DEALS
    assert sum(impact.bands_now) == len(stored())
    for place, (rule, bit) in enumerate(zip(new.rules, new.bits, strict=True)):
        rate = impact.rates[place]
        masks = [row[:2] for row in expected(new, street, held).values()]
        assert rate.name == rule.name
        assert rate.passed == sum(passes >> bit & 1 for passes, _ in masks)
        assert rate.unknown == sum(unknowns >> bit & 1 for _, unknowns in masks)
        assert (rate.passed_before is None) == (bit not in old.bits)
    kinds = {deal.pk: deal.stage.kind for deal in street}
    early = ("new", "qualified")
    assert impact.offers_more == sum(
        then[key] == "qualified" != was[key] and kinds[key] in early for key in then
    )
    signed = [key for key in then if kinds[key] in ("under_contract", "closed")]
    assert impact.contracts == len(signed)
    missed = [key for key in signed if then[key] == "rejected"]
    assert impact.contracts_missed == len(missed)
    assert [flip.key for flip in list_missed_contracts(desk, new)] == sorted(missed, reverse=True)

    flipped = sorted(key for key in then if was[key] != then[key])
    seen: list[int] = []
    while page := list_flips(desk, new, after=seen[-1] if seen else 0, limit=5):
        seen += [flip.key for flip in page]
        assert all((flip.verdict_now, flip.verdict_then) == (was[flip.key], then[flip.key])
                   for flip in page)  # fmt: skip
    assert seen == flipped
    only = list_flips(desk, new, verdict_then="rejected")
    assert [flip.key for flip in only] == [key for key in flipped if then[key] == "rejected"]


def test_impact_and_flips_stay_in_their_workspace(
    desk: Workspace, other_workspace: Workspace, street: list[Deal]
) -> None:
    rules = published_spec(RuleSet.objects.in_workspace(desk).get())
    assert measure_impact(desk, rules).deals == DEALS
    assert measure_impact(other_workspace, rules).deals == 0
    assert list_flips(other_workspace, rules) == []
    assert {flip.deal for flip in list_flips(desk, rules)} == {d.public_id for d in street}
