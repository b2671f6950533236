"""Repairs room by room: the sums, what is refused, the page, the unit costs in admin."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.deals import actions
from apps.deals.models import Deal, DealMetrics, RepairCost, RepairEstimate
from apps.deals.repairs.estimating import EstimateRefused, Pick, UnitCost, estimate
from apps.events.models import Event

D = Decimal
ROOF = UnitCost("roof", "Roof", "sq ft", D(5), D(9))
BATH = UnitCost("bath", "Bathroom", "each", D(6_000), D(14_000))


def test_a_range_with_its_contingency():
    found = estimate([ROOF, BATH], {"roof": D(1_200), "bath": D("1.5")}, D("0.10"))
    # (1,200 × 5 + 1.5 × 6,000) × 1.1 and (1,200 × 9 + 1.5 × 14,000) × 1.1
    assert (found.low_amount, found.high_amount) == (D(16_500), D(34_980))
    assert found.picked(Pick.LOW) == D(16_500)
    assert found.picked(Pick.MIDDLE) == D(25_740)
    assert found.picked(Pick.HIGH) == D(34_980)
    assert [line.cost.key for line in found.lines] == ["roof", "bath"]


@pytest.mark.parametrize(
    ("quantity", "contingency", "said"),
    [("-1", "0.1", "Roof"), ("NaN", "0.1", "Roof"), ("1e7", "0", "Roof"), ("1", "0.6", "contin")],
)
def test_what_cannot_be_is_refused(quantity, contingency, said):
    with pytest.raises(EstimateRefused, match=said):
        estimate([ROOF], {"roof": D(quantity)}, D(contingency))


amounts = st.integers(0, 10**6).map(lambda n: D(n) / 100)
costs = st.tuples(amounts, amounts).map(lambda two: UnitCost("x", "X", "each", *sorted(two)))


@given(costs, amounts, amounts, st.integers(0, 50).map(lambda n: D(n) / 100))
def test_more_never_costs_less_and_the_middle_lies_between(cost, quantity, more, contingency):
    base = estimate([cost], {"x": quantity}, contingency)
    assert base.low_amount <= base.picked(Pick.MIDDLE) <= base.high_amount
    larger = estimate([cost], {"x": quantity + more}, contingency)
    assert larger.low_amount >= base.low_amount
    assert larger.high_amount >= base.high_amount


@pytest.fixture
def priced(workspace, system, now):
    actions.install_repair_costs(workspace=workspace, actor=system, now=now)
    return {row.key: row for row in RepairCost.objects.in_workspace(workspace)}


@pytest.fixture
def deal(desk, make_deal):
    return make_deal(desk)


@pytest.mark.django_db
def test_installing_is_repeatable(workspace, system, now, priced):
    assert len(priced) >= 25
    assert all(row.low_amount <= row.high_amount for row in priced.values())
    assert actions.install_repair_costs(workspace=workspace, actor=system, now=now) == 0


@pytest.mark.django_db
def test_a_kept_estimate_is_what_the_deal_reckons_with(
    workspace, system, now, priced, deal, deliver
):
    row = actions.estimate_repairs(
        workspace=workspace,
        actor=system,
        deal=deal,
        quantities={"kitchen_full": D(1), "bath_full": D(2)},
        contingency_pct=D("0.10"),
        pick=Pick.HIGH,
        now=now,
    )
    assert (row.low_amount, row.high_amount) == (D(26_400), D(61_600))
    deal.refresh_from_db()
    assert deal.repairs_amount == D(61_600)
    assert deal.repairs_source.startswith("room by room (high)")
    facts = Event.objects.filter(name="deals.repairs_estimated.v1", subject=deal.public_id)
    assert facts.count() == 1
    deliver()
    assert DealMetrics.objects.get(deal=deal).repairs == 61_600
    with pytest.raises(EstimateRefused, match="at least one"):
        actions.estimate_repairs(
            workspace=workspace,
            actor=system,
            deal=deal,
            quantities={},
            contingency_pct=D(0),
            pick=Pick.LOW,
            now=now,
        )


@pytest.mark.django_db
def test_an_estimate_keeps_the_costs_of_its_day(workspace, system, now, priced, deal):
    def keep():
        return actions.estimate_repairs(
            workspace=workspace,
            actor=system,
            deal=deal,
            quantities={"panel": D(1)},
            contingency_pct=D(0),
            pick=Pick.LOW,
            now=now,
        )

    before = keep()
    cost = priced["panel"]
    cost.low_amount = D(2_500)
    actions.save_repair_cost(workspace=workspace, actor=system, cost=cost, now=now)
    assert keep().low_amount == D(2_500)
    before.refresh_from_db()
    assert before.low_amount == D(1_800)
    assert before.lines[0]["low"] == "1800.00"


@pytest.mark.django_db
def test_the_page_reckons_without_keeping_and_keeps_when_told(
    workspace, other_workspace, priced, deal, signed_in
):
    client = signed_in(workspace)
    page = client.get(reverse("deals:repairs", args=[deal.public_id])).content.decode()
    assert "Kitchen, full replacement" in page
    address = reverse("deals:estimate_repairs", args=[deal.public_id])
    values = {"q_kitchen_full": "1", "contingency": "10", "pick": "middle"}
    told = client.post(address, values, headers={"HX-Request": "true"}).content.decode()
    assert "$13,200 to $30,800" in told
    assert not RepairEstimate.objects.in_workspace(workspace).exists()
    bad = client.post(address, {**values, "q_kitchen_full": "-2"})
    assert bad.status_code == 422
    empty = client.post(address, {"contingency": "10", "pick": "low", "keep": "1"})
    assert empty.status_code == 422
    assert "at least one repair" in empty.content.decode()
    assert client.post(address, {**values, "keep": "1"}).status_code == 302
    assert Deal.objects.in_workspace(workspace).get(pk=deal.pk).repairs_amount == D(22_000)
    again = client.get(reverse("deals:repairs", args=[deal.public_id])).content.decode()
    assert "Kept before" in again
    assert signed_in(other_workspace).post(address, values).status_code == 404
    assert signed_in(workspace, "read_only").post(address, values).status_code == 403


@pytest.mark.django_db
def test_admin_refuses_a_range_upside_down(workspace, make_user, priced):
    client = Client()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    row = priced["roof"]
    address = reverse("admin:deals_repaircost_change", args=[row.pk])
    values = {
        "label": row.label,
        "group": row.group,
        "unit": row.unit,
        "low_amount": "12",
        "high_amount": "9",
        "suggestion": row.suggestion,
        "position": row.position,
        "is_active": "on",
    }
    refused = client.post(address, values)
    assert b"must not be below" in refused.content
    assert client.post(address, {**values, "low_amount": "6"}).status_code == 302
    row.refresh_from_db()
    assert row.low_amount == D(6)
