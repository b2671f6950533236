"""Other numbers for a deal: the rules answer as they would if these were stored, and nothing is."""

from decimal import Decimal

import pytest
from django.urls import reverse

from apps.deals import actions
from apps.deals.models import Deal, DealMetrics, DealScore
from apps.deals.qualification.what_if import with_changes
from apps.deals.queries.what_if import try_numbers
from apps.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(desk, make_deal, system, now):
    made = make_deal(
        desk,
        est_value_amount=Decimal(300_000),
        loan_balance_amount=Decimal(90_000),
        building_sqft=1_400,
        year_built=1950,
        mls_status="ACTIVE",
        mls_on="2026-06-01",
        mls_amount=Decimal(280_000),
    )
    actions.score_deals(workspace=desk, actor=system, deals=[made.public_id], now=now)
    return Deal.objects.in_workspace(desk).select_related("metrics", "score").get(pk=made.pk)


def test_unchanged_numbers_give_the_stored_score(desk, deal):
    trial = try_numbers(desk, deal, {})
    assert (trial.then.score, trial.then.verdict) == (deal.score.score, deal.score.verdict)
    assert trial.then == trial.now
    assert not trial.turned
    assert not trial.is_changed


@pytest.mark.parametrize(
    ("arv", "repairs"), [(300_000, 20_000), (200_000, 90_000), (500_000, 0), (1, 250_000)]
)
def test_what_is_tried_is_what_storing_would_give(desk, deal, system, now, arv, repairs):
    tried = try_numbers(desk, deal, {"arv": float(arv), "repairs": float(repairs)})
    reckoned = with_changes(vars(deal.metrics), {"arv": float(arv), "repairs": float(repairs)})
    actions.value_deal(
        workspace=desk,
        actor=system,
        deal=deal,
        arv_amount=Decimal(arv),
        repairs_amount=Decimal(repairs),
        now=now,
    )
    actions.score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    stored = DealMetrics.objects.get(pk=deal.pk)
    for name in ("arv", "repairs", "repair_ratio", "asking_ratio", "price_reduction_pct"):
        assert getattr(stored, name) == pytest.approx(reckoned[name]), name
    score = DealScore.objects.get(pk=deal.pk)
    assert (score.score, score.coverage, score.verdict) == (
        tried.then.score,
        tried.then.coverage,
        tried.then.verdict,
    )
    assert (score.pass_mask, score.unknown_mask) == (tried.then.pass_mask, tried.then.unknown_mask)


def test_a_lower_price_is_a_cut_and_a_higher_one_is_none(deal):
    lower = with_changes(vars(deal.metrics), {"asking_price": 252_000.0})
    assert lower["price_reduction_pct"] == pytest.approx(0.10)
    higher = with_changes(vars(deal.metrics), {"asking_price": 300_000.0})
    assert higher["price_reduction_pct"] is None
    assert with_changes(vars(deal.metrics), {"arv": 0.0})["repair_ratio"] is None


def test_the_panel_names_the_rules_that_turn(desk, deal, signed_in):
    client = signed_in(desk, "read_only")
    address = reverse("deals:what_if", args=[deal.public_id])
    before = Event.objects.count(), DealMetrics.objects.get(pk=deal.pk).repairs
    panel = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "as it stands" in panel
    told = client.get(
        f"{address}?repairs=200000&arv=300000", headers={"HX-Request": "true"}
    ).content.decode()
    assert "Repairs under 30% of ARV</span> would be failed" in told
    assert f"now {deal.score.score}" in told
    assert client.get(f"{address}?repairs=200000").status_code == 200
    # Senseless values leave what stands.
    odd = client.get(f"{address}?repairs=nan&arv=-5", headers={"HX-Request": "true"})
    assert "as it stands" in odd.content.decode()
    assert (Event.objects.count(), DealMetrics.objects.get(pk=deal.pk).repairs) == before


def test_strangers_find_nothing(deal, other_workspace, signed_in):
    address = reverse("deals:what_if", args=[deal.public_id])
    assert signed_in(other_workspace).get(address).status_code == 404


def test_it_costs_few_queries(desk, deal, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        try_numbers(desk, deal, {"repairs": 50_000.0})
