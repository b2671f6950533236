"""From recorded sales to the deal's ARV, through the actions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.deals.actions import ValueRefused
from apps.deals.comps.actions import estimate_arv, save_comp_policy, use_arv
from apps.deals.comps.queries import appraise
from apps.deals.models import ArvEstimate, ComparableSale, CompPolicy, Deal, DealMetrics
from apps.deals.replay import Replay
from apps.deals.sales.actions import record_sales
from apps.deals.sales.types import SaleRow
from apps.events.models import Event

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
HERE = {"latitude": 41.390, "longitude": -72.920, "property_type": "Single Family Residential"}
HOUSE = {**HERE, "city": "Hamden", "zip": "06514", "building_sqft": 1500, "bedrooms": 3}


def row(number: int, amount: int = 300_000, **other) -> SaleRow:
    values = {
        "line": f"{number} Sample St", "city": "Hamden", "state": "CT", "kind": "single_family",
        "sold_on": TODAY - timedelta(days=30 * number), "amount": Decimal(amount),
        "latitude": 41.390 + number / 10_000, "longitude": -72.920, "building_sqft": 1500,
    }  # fmt: skip
    return SaleRow(row_no=number, external_id=str(number), **{**values, **other})


@pytest.fixture
def record(desk, system, now):
    """record(rows) stores sales of one source."""

    def run(*rows: SaleRow, workspace=desk) -> None:
        record_sales(workspace=workspace, actor=system, source_label="County", rows=rows, now=now)

    return run


@pytest.fixture
def given(desk, system, now):
    return {"workspace": desk, "actor": system, "now": now}


def test_an_estimate_is_kept_dated_and_explained(desk, make_deal, record, given):
    record(*(row(at, 300_000 + 1000 * at) for at in range(1, 6)))
    deal = make_deal(desk, **HOUSE)
    estimate = estimate_arv(**given, deal=deal)
    assert (estimate.amount, estimate.made_on) == (Decimal(303_000), TODAY)
    assert estimate.low_amount < estimate.amount < estimate.high_amount
    assert next(comp["address"] for comp in estimate.comps) == "1 Sample St, Hamden"
    assert estimate.settings["max_miles"] == 0.5
    assert estimate.settings["criteria"]["widened"] == []
    fact = Event.objects.get(name="deals.arv_estimated.v1")
    assert (fact.subject, fact.payload["amount"]) == (deal.public_id, "303000.00")
    assert len(fact.payload["sales"]) == 5
    deal.refresh_from_db()
    assert deal.arv_amount is None


def test_used_it_becomes_the_deals_arv_and_the_score_follows(
    desk, make_deal, record, given, deliver
):
    record(*(row(at) for at in range(1, 6)))
    deal = make_deal(desk, **HOUSE, est_value_amount=200_000)
    use_arv(**given, deal=deal, estimate=estimate_arv(**given, deal=deal))
    deliver()
    held = Deal.objects.in_workspace(desk).get(pk=deal.pk)
    assert (held.arv_amount, held.arv_source) == (300_000, "5 comparable sales, Nov 20, 2026")
    metrics = DealMetrics.objects.get(deal=deal)
    assert (metrics.arv, metrics.is_arv_estimate) == (300_000.0, False)
    assert list(Replay().differences(desk)) == []
    use_arv(**given, deal=deal, estimate=ArvEstimate.objects.in_workspace(desk).get())
    assert Event.objects.filter(name="deals.arv_adopted.v1").count() == 1


def test_a_person_picks_the_sales(desk, make_deal, record, given):
    record(row(1, 300_000), row(2, 310_000), row(3, 320_000), row(4, 500_000, building_sqft=2400))
    deal = make_deal(desk, **HOUSE)
    ids = dict(ComparableSale.objects.in_workspace(desk).values_list("external_id", "public_id"))
    estimate = estimate_arv(**given, deal=deal, picked=[ids["1"]])
    assert (estimate.amount, estimate.is_picked) == (Decimal(300_000), True)
    both = estimate_arv(**given, deal=deal, picked=[ids["1"], ids["4"]])
    assert {comp["address"][:1] for comp in both.comps} == {"1", "4"}
    use_arv(**given, deal=deal, estimate=estimate)
    deal.refresh_from_db()
    assert deal.arv_source == "1 picked sale, Nov 20, 2026"
    nothing = estimate_arv(**given, deal=deal, picked=[])
    assert nothing.amount is None
    with pytest.raises(ValueRefused, match="not enough sales"):
        use_arv(**given, deal=deal, estimate=nothing)
    other = make_deal(desk, **HOUSE)
    with pytest.raises(ValueRefused, match="another deal"):
        use_arv(**given, deal=other, estimate=estimate)


def test_too_few_sales_widen_the_search_and_say_so(desk, make_deal, record):
    record(*(row(at, latitude=41.390 + 0.012) for at in range(1, 5)))
    deal = make_deal(desk, **HOUSE)
    made = appraise(desk, deal.property, TODAY)
    assert made.value.amount == 300_000
    assert made.notes == (
        "Too few sales, so the search was widened: sold within 2 years instead of 1 year,"
        " within 1 miles instead of 0.5.",
    )
    assert "miles away" in " ".join(made.value.reasons)
    record(row(9, 999_000, line="Gift Rd 9", non_use="02 - Love and Affection"))
    assert appraise(desk, deal.property, TODAY).value == made.value


def test_without_sales_the_answer_is_that_there_are_none(desk, make_deal, given):
    estimate = estimate_arv(**given, deal=make_deal(desk, **HOUSE))
    assert estimate.amount is None
    assert estimate.reasons[-1] == "Not enough sales: 0 comparable sales; 3 are needed."


def test_the_own_sale_gives_the_place_and_is_no_comp(desk, make_deal, record):
    record(*(row(at, building_sqft=None, assessed_amount=Decimal(150_000)) for at in range(1, 6)))
    record(row(8, 900_000, line="77 Elm St", building_sqft=None, assessed_amount=Decimal(165_000)))
    deal = make_deal(
        desk, line="77 Elm Street", city="Whitneyville", zip="06517",
        property_type="Single Family", assessed_amount=90_000,
    )  # fmt: skip
    made = appraise(desk, deal.property, TODAY)
    assert made.subject.house.is_point_exact
    assert made.subject.house.assessed == 165_000
    assert "77 Elm St, Hamden" not in {c.likeness.sale.address for c in made.value.comps}
    assert made.value.amount == Decimal(330_000)
    assert "assessed values tell how sizes differ" in made.notes[0]


def test_our_own_records_give_a_sale_its_living_area(desk, make_deal, record):
    record(*(row(at, building_sqft=None) for at in range(1, 4)))
    for at in range(1, 4):
        there = make_deal(desk, line=f"{at} Sample Street", building_sqft=1400).property
        there.address_key = f"{at} SAMPLE ST||06514"
        there.save()
    value = appraise(desk, make_deal(desk, **HOUSE).property, TODAY).value
    assert [comp.likeness.sale.house.area for comp in value.comps] == [1400] * 3
    assert value.amount > 300_000


def test_without_a_point_the_middle_of_the_zip_stands_in(desk, make_deal, record):
    center = (41.3789, -72.9305)
    record(*(row(at, latitude=center[0], longitude=center[1]) for at in range(1, 6)))
    deal = make_deal(desk, **{**HOUSE, "latitude": None, "longitude": None})
    made = appraise(desk, deal.property, TODAY)
    assert not made.subject.house.is_point_exact
    assert "middle of ZIP 06514" in made.notes[0]
    assert made.value.amount == 300_000
    assert any("middle of its ZIP" in reason for reason in made.value.reasons)
    nowhere = make_deal(desk, **{**HOUSE, "latitude": None, "longitude": None, "zip": ""})
    value = appraise(desk, nowhere.property, TODAY).value
    assert value.reasons == ("Nobody knows where this property lies.",)


def test_settings_are_a_row_that_changes_the_choice(desk, make_deal, record, given):
    record(*(row(at, latitude=41.390 + 0.012) for at in range(1, 5)))
    deal = make_deal(desk, **HOUSE)
    save_comp_policy(**given, policy=CompPolicy(max_miles=1.0, widest_miles=1.0, annual_trend=0.10))
    made = appraise(desk, deal.property, TODAY)
    assert made.criteria.widened == ()
    assert made.value.amount > 300_000
    assert CompPolicy.objects.in_workspace(desk).get().history.count() == 1


def test_other_workspaces_sales_do_not_count(desk, other_workspace, make_deal, record, deliver):
    deliver()
    record(*(row(at) for at in range(1, 6)), workspace=other_workspace)
    assert appraise(desk, make_deal(desk, **HOUSE).property, TODAY).value.amount is None
