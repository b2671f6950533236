from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.deals.actions import (
    due_rule_sets,
    rescore_batch,
    save_estimate_policy,
    save_rule_set,
    score_deals,
    scoring,
    value_deal,
)
from apps.deals.models import (
    Deal,
    DealMetrics,
    DealScore,
    EstimatePolicy,
    LeadImport,
    Property,
    Rule,
    RuleSet,
)
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.rows import find_active_rule_set
from apps.deals.qualification.versions import published_spec
from apps.deals.queries.judging import judged_by
from apps.deals.tasks import rescore_due
from apps.events.actions import Actor, action
from apps.events.catalog.imports import ImportChunkApplied
from apps.events.catalog.judging import DealScored
from apps.events.publish import publish
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal
from tests.deals.rule_drafts import SaveDraft


def scored_facts(workspace: Workspace) -> list[dict[str, Any]]:
    facts = list_facts(workspace.pk, names=[DealScored.name], newest_first=False)
    return [fact.payload for fact in facts]


def metrics_of(deal: Deal) -> DealMetrics:
    return DealMetrics.objects.get(deal=deal)


def test_a_good_lead_qualifies_and_its_fact_tells_the_move(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk, **GOOD_LEAD)
    assert score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now) == 1
    deal.refresh_from_db()
    assert (deal.stage.kind, deal.stage_entered_at) == ("qualified", now)
    assert (deal.score.verdict, deal.score.score, deal.score.coverage) == ("qualified", 100, 75)
    [fact] = scored_facts(desk)
    assert (fact["from_stage"], fact["to_stage"]) == ("new", "qualified")
    assert fact["seller"] == str(deal.seller.public_id)
    assert (
        deal.history.order_by("-history_id")[0].history_change_reason
        == "deals qualified by their score"
    )


def test_scoring_again_writes_and_tells_nothing(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk, **GOOD_LEAD)
    for _ in range(2):
        moved = score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    assert moved == 0
    assert len(scored_facts(desk)) == 1


def test_a_lead_of_which_nothing_is_known_goes_to_review(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    score = DealScore.objects.get(deal=deal)
    assert (score.verdict, score.score, score.coverage) == ("review", 0, 0)
    assert metrics_of(deal).equity_pct is None
    assert Deal.objects.in_workspace(desk).get(pk=deal.pk).stage.kind == "new"


@pytest.mark.parametrize(
    ("fields", "metric", "value"),
    [
        ({"est_value_amount": 200_000, "loan_balance_amount": 50_000}, "equity_pct", 0.75),
        ({"est_value_amount": 200_000, "loan_balance_amount": 250_000}, "ltv", 1.25),
        ({"est_value_amount": 0, "loan_balance_amount": 50_000}, "equity_pct", None),
        ({"est_value_amount": 200_000, "open_loans": 0}, "equity_pct", 1.0),
        ({"open_loans": 1, "loan_balance_amount": None}, "is_free_and_clear", False),
        ({"open_loans": None, "loan_balance_amount": 0}, "is_free_and_clear", True),
        ({}, "is_free_and_clear", None),
        ({"last_sale_on": "2016-11-20"}, "ownership_years", 10),
        ({"last_sale_on": "2016-11-21"}, "ownership_years", 9),
        ({"last_sale_on": "2031-01-01"}, "ownership_years", None),
        ({"mls_status": "ACTIVE", "mls_on": "2026-08-12"}, "days_on_market", 100),
        ({"mls_status": "EXPIRED", "mls_on": "2026-08-12"}, "days_on_market", None),
        ({"mls_status": "REMOVED"}, "has_failed_listing", True),
        ({"mls_status": "ACTIVE"}, "has_failed_listing", False),
        ({"mls_status": ""}, "has_failed_listing", None),
        ({"is_mailing_same": None}, "is_absentee", None),
        ({"is_mailing_same": True}, "is_absentee", False),
        ({"seller": {"mailing_state": "NY"}}, "is_out_of_state", True),
        ({"seller": {"mailing_state": ""}}, "is_out_of_state", None),
        ({"seller": {"kind": "trust"}}, "owner_kind", "trust"),
        ({"property_type": "Duplex"}, "property_kind", "duplex"),
        ({"property_type": ""}, "property_kind", None),
        ({"phones": ["+12035550101", "+12035550102"]}, "phone_count", 2),
        ({"building_sqft": 1000, "year_built": 1960}, "repairs", 35_000.0),
        ({"building_sqft": 1000, "year_built": 1990}, "repairs", 25_000.0),
        ({"building_sqft": 1000, "year_built": 2015}, "repairs", 15_000.0),
        ({"building_sqft": 1000, "year_built": None}, "repairs", 25_000.0),
        ({"building_sqft": 0, "year_built": 1960}, "repairs", None),
        (
            {"building_sqft": 1000, "year_built": 1990, "est_value_amount": 100_000},
            "repair_ratio",
            0.25,
        ),
    ],
)
def test_metrics_of_a_property(
    desk: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    fields: dict[str, Any],
    metric: str,
    value: object,
) -> None:
    deal = make_deal(desk, **fields)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    assert getattr(metrics_of(deal), metric) == value


def test_a_lower_asking_price_in_a_later_list_is_a_price_cut(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk, mls_status="ACTIVE", mls_amount=200_000)
    seen = []
    for amount, status in [
        (200_000, "ACTIVE"),
        (180_000, "ACTIVE"),
        (180_000, "EXPIRED"),
        (150_000, "ACTIVE"),
    ]:
        Property.objects.in_workspace(desk).update(mls_amount=amount, mls_status=status)
        score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
        seen.append(metrics_of(deal).price_reduction_pct)
    assert seen == [None, pytest.approx(0.1), pytest.approx(0.1), None]


def test_values_by_hand_stand_above_estimates(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal, deliver: Any
) -> None:
    deal = make_deal(desk, **GOOD_LEAD)
    value_deal(
        workspace=desk,
        actor=system,
        deal=deal,
        arv_amount=Decimal(300_000),
        repairs_amount=Decimal(120_000),
        now=now,
    )
    deliver()
    metrics = metrics_of(deal)
    assert (metrics.arv, metrics.is_arv_estimate) == (300_000.0, False)
    assert (metrics.repairs, metrics.is_repairs_estimate) == (120_000.0, False)
    deal.refresh_from_db()
    assert deal.arv_source == "tests, Nov 20, 2026"
    assert deal.score.score == 80


@action
def apply_chunk(*, workspace: Workspace, actor: Actor, deals: list[Deal], now: datetime) -> None:
    held = LeadImport.objects.create(
        workspace=workspace, file_name="l.csv", sha256="", byte_count=1, vendor="propstream"
    )
    fact = ImportChunkApplied(
        subject=held.public_id,
        first_row=1,
        last_row=2,
        counts={},
        deals=[deal.public_id for deal in deals],
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)


def test_every_deal_of_an_import_is_scored(
    desk: Workspace,
    other_workspace: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    deliver: Any,
) -> None:
    deliver()
    here = [make_deal(desk, **GOOD_LEAD), make_deal(desk)]
    there = make_deal(other_workspace, **GOOD_LEAD)
    apply_chunk(workspace=desk, actor=system, deals=here, now=now)
    apply_chunk(workspace=other_workspace, actor=system, deals=[there], now=now)
    deliver()
    scores = dict(DealScore.objects.values_list("deal_id", "verdict"))
    assert scores == {here[0].pk: "qualified", here[1].pk: "review", there.pk: "qualified"}
    assert DealScore.objects.get(deal=there).workspace_id == other_workspace.pk


def test_another_workspaces_deal_is_never_scored_by_mistake(
    desk: Workspace,
    other_workspace: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    deliver: Any,
) -> None:
    deliver()
    there = make_deal(other_workspace, **GOOD_LEAD)
    score_deals(workspace=desk, actor=system, deals=[there.public_id], now=now)
    assert not DealMetrics.objects.exists()


def test_stored_scores_say_what_the_plain_reading_says(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deals = [
        make_deal(
            desk,
            est_value_amount=value,
            loan_balance_amount=loan,
            building_sqft=size,
            year_built=1950,
            is_mailing_same=same,
            mls_status=status,
        )
        for value in (None, 90_000, 200_000)
        for loan in (None, 0, 190_000)
        for size, same, status in ((None, True, ""), (1_500, False, "EXPIRED"))
    ]
    score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
    rule_set = find_active_rule_set(desk)
    assert rule_set is not None
    spec = published_spec(rule_set)
    for score in DealScore.objects.select_related("deal__metrics"):
        judged = judge(spec, vars(score.deal.metrics))
        assert (score.score, score.coverage, score.verdict) == (
            judged.score,
            judged.coverage,
            judged.verdict.value,
        )
        assert (score.pass_mask, score.unknown_mask) == (judged.pass_mask, judged.unknown_mask)


def rescore_until_done(system: Actor, now: datetime, size: int) -> int:
    batches = 0
    while due := due_rule_sets(now):
        rescore_batch(actor=system, rule_set=due[0], now=now, size=size)
        batches += 1
    return batches


def test_published_rules_rescore_every_deal_in_batches(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal, publish_draft: Any
) -> None:
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(5)]
    score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
    rescore_until_done(system, now, 2)
    rule_set = RuleSet.objects.in_workspace(desk).get()
    strict = Rule(workspace=desk, rule_set=rule_set, name="In Ohio", weight=100, position=9)

    def write() -> None:
        strict.save()
        strict.conditions.create(workspace=desk, metric="state", operator="is", value="oh")

    save_rule_set(workspace=desk, actor=system, rule_set=rule_set, write_rules=write, now=now)
    assert rescore_until_done(system, now, 2) == 0
    publish_draft(rule_set)
    assert rescore_until_done(system, now, 2) == 3
    assert set(DealScore.objects.values_list("verdict", "rule_set_version")) == {("review", 2)}
    assert len(scored_facts(desk)) == 10
    assert scored_facts(desk)[-1]["previous_verdict"] == "qualified"


def test_a_new_day_counts_days_and_years_anew(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk, mls_status="ACTIVE", mls_on=date(2026, 11, 10))
    rescore_until_done(system, now, 100)
    assert metrics_of(deal).days_on_market == 10
    assert rescore_until_done(system, now, 100) == 0
    rescore_until_done(system, now + timedelta(days=3), 100)
    assert metrics_of(deal).days_on_market == 13


def test_a_batch_never_moves_more_deals_than_people_can_wait_for(
    desk: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    publish_draft: Any,
    save_draft: SaveDraft,
    monkeypatch: Any,
) -> None:
    """Deals that move on are locked to the end of the transaction."""
    for _ in range(7):
        make_deal(desk, **GOOD_LEAD)
    rule_set = save_draft(RuleSet.objects.in_workspace(desk).get(), qualified_from=100)
    publish_draft(rule_set)
    rescore_until_done(system, now, 100)
    before = len(scored_facts(desk))
    publish_draft(save_draft(rule_set, qualified_from=0, review_from=0, min_coverage=99))
    monkeypatch.setattr(scoring, "NEWS_AT_ONCE", 2)
    assert rescore_until_done(system, now, 100) >= 4
    assert len(scored_facts(desk)) == before + 7
    assert set(DealScore.objects.values_list("verdict", flat=True)) == {"review"}


def test_deals_are_judged_upwards_in_whatever_order_they_are_named(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal, monkeypatch: Any
) -> None:
    """Two that judge the same deals at once then wait for each other; slices of their own order
    ended in a deadlock."""
    deals = [make_deal(desk) for _ in range(5)]
    judged: list[int] = []
    plain = scoring.refresh_metrics

    def watched(*, scope: Any, today: Any) -> None:
        judged.extend(scope.params)
        plain(scope=scope, today=today)

    monkeypatch.setattr(scoring, "IDS", 2)
    monkeypatch.setattr(scoring, "refresh_metrics", watched)
    named = [deals[at].public_id for at in (4, 0, 3, 1, 2)]
    score_deals(workspace=desk, actor=system, deals=named, now=now)
    assert judged == sorted(deal.pk for deal in deals)


def test_judging_never_holds_what_a_new_row_must_name(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    """FOR UPDATE shuts out rows that point here until it ends: two re-scorings ended in a
    deadlock at the commit of one."""
    make_deal(desk, **GOOD_LEAD)
    rule_set = find_active_rule_set(desk)
    with CaptureQueriesContext(connection) as queries:
        assert rescore_batch(actor=system, rule_set=rule_set, now=now) == 1
    locks = [query["sql"] for query in queries if " UPDATE" in query["sql"][-60:]]
    assert not [sql for sql in locks if "FOR UPDATE" in sql]
    assert len([sql for sql in locks if "FOR NO KEY UPDATE" in sql]) == (
        2 if connection.vendor == "postgresql" else 0
    )


def test_a_changed_estimate_changes_repairs_of_all(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk, building_sqft=1000, year_built=1900)
    rescore_until_done(system, now, 100)
    policy = EstimatePolicy.objects.in_workspace(desk).get()
    policy.repair_per_sqft_old = Decimal(50)
    save_estimate_policy(workspace=desk, actor=system, policy=policy, now=now)
    rescore_until_done(system, now, 100)
    assert metrics_of(deal).repairs == 50_000.0


def test_estimates_that_changed_while_a_set_rested_reach_every_deal(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal, publish_draft: Any
) -> None:
    deal = make_deal(desk, building_sqft=1000, year_built=1900)
    classic = RuleSet.objects.in_workspace(desk).get()
    other = RuleSet.objects.create(workspace=desk, name="Other", is_active=False)
    rule = Rule.objects.create(workspace=desk, rule_set=other, name="Old", weight=1)
    rule.conditions.create(workspace=desk, metric="year_built", operator="lt", value="1950")
    rescore_until_done(system, now, 100)
    publish_draft(other)
    rescore_until_done(system, now, 100)
    policy = EstimatePolicy.objects.in_workspace(desk).get()
    policy.repair_per_sqft_old = Decimal(50)
    save_estimate_policy(workspace=desk, actor=system, policy=policy, now=now)
    # Taken into use before the other one's metrics were reckoned anew.
    publish_draft(classic)
    rescore_until_done(system, now, 100)
    assert metrics_of(deal).repairs == 50_000.0


def test_rules_nobody_can_evaluate_hold_up_no_other_workspace(
    desk: Workspace,
    other_workspace: Workspace,
    system: Actor,
    make_deal: MakeDeal,
    deliver: Any,
    monkeypatch: Any,
) -> None:
    deliver()
    make_deal(desk, **GOOD_LEAD)
    there = make_deal(other_workspace, **GOOD_LEAD)
    broken = RuleSet.objects.in_workspace(desk).get().published_id
    plain = scoring.spec_of

    def picky(version: Any) -> Any:
        if version.pk == broken:
            raise ValueError("no such metric")
        return plain(version)

    monkeypatch.setattr(scoring, "spec_of", picky)
    rescore_due()
    assert DealScore.objects.get().deal == there


def test_a_refresh_carries_a_publication_along_deal_by_deal(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal,
    publish_draft: Any, save_draft: SaveDraft,
) -> None:  # fmt: skip
    """Until it has come by, a deal stands judged by the version before, and its page says so."""
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(4)]
    rescore_until_done(system, now, 100)
    rule_set = RuleSet.objects.in_workspace(desk).get()
    publish_draft(save_draft(rule_set, qualified_from=99))
    tomorrow = now + timedelta(days=1)
    rescore_batch(actor=system, rule_set=rule_set, now=tomorrow, size=2)
    held = find_active_rule_set(desk)
    assert held is not None
    scores = {score.deal_id: score for score in DealScore.objects.all()}
    stands = [judged_by(held, deal, scores[deal.pk]).number for deal in deals]
    assert stands == [2, 2, 1, 1]
    rescore_until_done(system, tomorrow, 2)
    held.refresh_from_db()
    assert (held.rescore_from_deal, held.rescore_base, held.refresh_from_deal) == (None, None, None)
    # Nothing was judged twice: three batches for four deals, the last of them empty.
    assert len(list_facts(desk.pk, names=["deals.rescore_advanced.v1"])) == 1 + 3
