"""The metrics of a deal by its property, owner, signals and lists, on the database under test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.common.amortization import level_payment
from apps.contacts.models import EmailAddress, Phone
from apps.deals.actions import save_estimate_policy, score_deals, value_deal
from apps.deals.models import (
    Deal,
    DealMetrics,
    EstimatePolicy,
    LeadList,
    ListMembership,
    Signal,
)
from apps.deals.qualification.metric import Metric
from apps.deals.qualification.metrics import GROUPS, METRICS
from apps.deals.qualification.reckoned import RECKONED
from apps.deals.qualification.reference import metrics_page
from apps.deals.qualification.registry.flags import SIGNAL_FLAGS
from apps.deals.qualification.types import Kind
from apps.deals.qualification.what_if import TURNED, with_changes
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from tests.deals.conftest import MakeDeal

TODAY = date(2026, 11, 20)
Judge = Callable[..., DealMetrics]
HOUSE = {
    "est_value_amount": 200_000,
    "loan_balance_amount": 100_000,
    "building_sqft": 1_000,
    "year_built": 1960,
    "mls_amount": 120_000,
}


@pytest.fixture
def judged(desk: Workspace, system: Actor, now: datetime) -> Judge:
    def judge(deal: Deal) -> DealMetrics:
        score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
        return DealMetrics.objects.get(deal=deal)

    return judge


def test_every_metric_is_a_column_and_says_what_makes_it_unknown() -> None:
    columns = {field.name: field for field in DealMetrics._meta.get_fields()}
    assert len(METRICS) == sum(map(len, GROUPS.values())) >= 60
    for metric in METRICS.values():
        assert metric.name in columns
        assert metric.label
        assert metric.description.endswith(".")
        assert not metric.unknown_when.endswith(".")


def test_every_kind_of_signal_has_a_flag() -> None:
    told = {kind for kinds in SIGNAL_FLAGS.values() for kind in kinds}
    assert told == set(Signal.Kind)
    assert all(METRICS[name].kind is Kind.BOOL for name in SIGNAL_FLAGS)


@pytest.mark.parametrize(
    ("fields", "metric", "value"),
    [
        # 200,000 × 70% − 1,000 sq ft × $35
        (HOUSE, "mao", 105_000.0),
        (HOUSE, "mao_headroom", -15_000.0),
        ({**HOUSE, "mls_amount": None}, "mao_headroom", None),
        (HOUSE, "arv_spread", 80_000.0),
        (HOUSE, "arv_uplift", 0.0),
        (HOUSE, "equity_amount", 100_000.0),
        (HOUSE, "price_per_sqft", 200.0),
        ({**HOUSE, "building_sqft": 0}, "price_per_sqft", None),
        (HOUSE, "asking_per_sqft", 120.0),
        ({**HOUSE, "assessed_amount": 140_000}, "assessed_ratio", 0.7),
        ({**HOUSE, "lien_amount": 10_000}, "lien_ratio", 0.05),
        ({**HOUSE, "last_sale_amount": 160_000}, "appreciation_pct", 0.25),
        ({**HOUSE, "last_sale_amount": 10}, "appreciation_pct", None),
        ({"last_sale_amount": 999}, "last_sale_price", None),
        (HOUSE, "monthly_rent", 1_600.0),
        (HOUSE, "is_rent_estimate", True),
        ({**HOUSE, "rent_amount": 1_950}, "monthly_rent", 1_950.0),
        ({**HOUSE, "rent_amount": 1_950}, "is_rent_estimate", False),
        ({"building_sqft": 1_000}, "monthly_rent", None),
        ({**HOUSE, "rent_amount": 1_800}, "rent_to_price", 0.015),
        ({**HOUSE, "loan_payment_amount": 800}, "loan_payment", 800.0),
        ({**HOUSE, "loan_payment_amount": 800}, "piti", 800.0),
        ({**HOUSE, "loan_payment_amount": 800}, "rent_to_piti", 2.0),
        ({**HOUSE, "loan_payment_amount": 800}, "rent_surplus", 800.0),
        ({**HOUSE, "loan_payment_amount": 800}, "is_payment_estimate", False),
        ({"loan_balance_amount": 0, "est_value_amount": 120_000}, "loan_payment", 0.0),
        # Taxes and insurance alone: 120,000 × 1.6% ÷ 12
        ({"loan_balance_amount": 0, "est_value_amount": 120_000}, "piti", 160.0),
        ({"est_value_amount": 120_000}, "loan_payment", None),
        ({"loan_rate_pct": "0.04"}, "loan_rate_below_market", 0.03),
        ({"loan_rate_pct": None}, "loan_rate_below_market", None),
        ({"loan_rate_pct": 7}, "loan_rate", None),
        ({"as_of": "2026-11-01"}, "data_age", 19),
        ({"as_of": None}, "data_age", None),
        ({"mls_status": "EXPIRED", "mls_on": "2026-08-12"}, "days_since_listing", 100),
        ({"mls_on": "2026-12-01"}, "days_since_listing", None),
        ({"mls_status": "Active"}, "is_listed", True),
        ({"mls_status": "EXPIRED"}, "is_listed", False),
        ({}, "is_listed", None),
        ({"year_built": 1960}, "building_age", 66),
        ({"year_built": 0}, "building_age", None),
        ({"units": 3}, "units", 3),
        ({"effective_year_built": 1990}, "effective_year_built", 1990),
        ({"last_sale_on": "2016-11-20"}, "last_sale_on", date(2016, 11, 20)),
        ({"city": "New Haven"}, "city", "new haven"),
        ({"zip": ""}, "zip", None),
        ({"seller": {"kind": "company"}}, "is_owner_company", True),
        ({"seller": {"kind": "company"}}, "is_owner_trust", False),
        ({"seller": {"is_litigator": True}}, "is_litigator", True),
        ({"seller": {"is_deceased": True}}, "has_deceased_owner", True),
        ({}, "has_deceased_owner", None),
        ({}, "portfolio_count", 1),
    ],
)
def test_a_metric_from_what_is_known(
    desk: Workspace,
    make_deal: MakeDeal,
    judged: Judge,
    fields: dict[str, Any],
    metric: str,
    value: Any,
) -> None:
    found = getattr(judged(make_deal(desk, **fields)), metric)
    assert found == pytest.approx(value) if isinstance(value, float) else found == value


@pytest.mark.parametrize(("rate", "used"), [(None, "0.07"), ("0.045", "0.045"), ("6.5", "0.07")])
def test_an_unknown_payment_is_the_level_payment(
    desk: Workspace, make_deal: MakeDeal, judged: Judge, rate: str | None, used: str
) -> None:
    metrics = judged(make_deal(desk, **HOUSE, loan_rate_pct=rate))
    level = float(level_payment(Decimal(100_000), Decimal(used), 360))
    assert metrics.loan_payment == pytest.approx(level)
    assert metrics.piti == pytest.approx(level + 200_000 * 0.016 / 12)
    assert metrics.is_payment_estimate


def test_the_policy_sets_shares_rate_and_term(
    desk: Workspace, make_deal: MakeDeal, judged: Judge, system: Actor, now: datetime
) -> None:
    policy = EstimatePolicy.objects.in_workspace(desk).get()
    policy.mao_share_of_arv, policy.rent_share_of_value = 0.75, 0.01
    policy.market_rate_pct, policy.loan_term_years = 0.06, 15
    save_estimate_policy(workspace=desk, actor=system, policy=policy, now=now)
    metrics = judged(make_deal(desk, **HOUSE))
    assert (metrics.mao, metrics.monthly_rent) == (115_000.0, 2_000.0)
    level = float(level_payment(Decimal(100_000), Decimal("0.06"), 180))
    assert metrics.loan_payment == pytest.approx(level)


def test_each_kind_of_signal_says_yes_then_no(
    desk: Workspace, make_deal: MakeDeal, judged: Judge
) -> None:
    deal = make_deal(desk)
    before = judged(deal)
    assert {getattr(before, name) for name in SIGNAL_FLAGS} == {None}
    for kind in Signal.Kind:
        Signal.objects.create(
            workspace=desk, property=deal.property, kind=kind, source="x",
            observed_on=TODAY - timedelta(days=30), as_of=TODAY,
        )  # fmt: skip
    said = judged(deal)
    assert {getattr(said, name) for name in SIGNAL_FLAGS} == {True}
    assert (said.signal_count, said.signal_age) == (len(Signal.Kind), 30)
    Signal.objects.in_workspace(desk).update(ended_on=TODAY)
    ended = judged(deal)
    assert {getattr(ended, name) for name in SIGNAL_FLAGS} == {False}
    assert (ended.signal_count, ended.signal_age, ended.tax_delinquent_years) == (0, None, 0)


def test_unpaid_tax_counts_from_its_oldest_open_sign(
    desk: Workspace, make_deal: MakeDeal, judged: Judge
) -> None:
    deal = make_deal(desk)

    def owes(kind: str, since: str, **more: Any) -> None:
        Signal.objects.create(
            workspace=desk, property=deal.property, kind=kind, observed_on=since, as_of=TODAY,
            source="county", **more,
        )  # fmt: skip

    owes("tax_delinquent", "2019-01-01", amount=900, ended_on="2020-02-01")
    owes("tax_delinquent", "2022-01-01", amount=4_500)
    owes("tax_lien", "2024-05-01", amount=7_000)
    metrics = judged(deal)
    assert (metrics.tax_delinquent_years, metrics.tax_owed) == (4, 7_000.0)


def test_the_next_auction_counts_and_a_past_one_does_not(
    desk: Workspace, make_deal: MakeDeal, judged: Judge
) -> None:
    deal = make_deal(desk)
    for day in ("2026-10-01", "2026-12-20", "2027-03-01"):
        Signal.objects.create(
            workspace=desk, property=deal.property, kind="auction", observed_on=day, as_of=TODAY
        )
    assert judged(deal).days_to_auction == 30
    Signal.objects.in_workspace(desk).exclude(observed_on="2026-10-01").update(ended_on=TODAY)
    assert judged(deal).days_to_auction is None


def test_a_list_ages_from_its_last_file(
    desk: Workspace, make_deal: MakeDeal, judged: Judge
) -> None:
    deal = make_deal(desk)
    assert judged(deal).list_age is None
    for name, day in (("a", "2026-09-01"), ("b", "2026-11-10")):
        held = LeadList.objects.create(workspace=desk, name=name, key=name)
        ListMembership.objects.create(
            workspace=desk, lead_list=held, property=deal.property,
            first_seen_on="2026-01-01", last_seen_on=day,
        )  # fmt: skip
    metrics = judged(deal)
    assert (metrics.list_age, metrics.stack_count) == (10, 2)


@pytest.mark.parametrize(
    ("phones", "emails", "mailing", "worth"),
    [
        ([], [], "", 0),
        ([{}], [], "", 20),
        ([{"line_type": "mobile"}], [], "", 35),
        ([{"status": "verified"}], [], "", 50),
        ([{"status": "verified"}, {}], ["a@example.com"], "1 Elm St", 100),
        ([{"is_dnc": True}, {"status": "wrong_number"}], ["a@example.com"], "", 20),
        ([{"is_dnc": True, "status": "verified"}, {}], [], "1 Elm St", 40),
    ],
)
def test_contactability_adds_up_what_can_be_used(
    desk: Workspace,
    make_deal: MakeDeal,
    judged: Judge,
    phones: list[dict[str, Any]],
    emails: list[str],
    mailing: str,
    worth: int,
) -> None:
    deal = make_deal(desk, seller={"mailing_line": mailing})
    for number, phone in enumerate(phones):
        Phone.objects.create(
            workspace=desk, contact=deal.seller, e164=f"+1203555010{number}", **phone
        )
    for address in emails:
        EmailAddress.objects.create(workspace=desk, contact=deal.seller, address=address)
    EmailAddress.objects.create(
        workspace=desk, contact=deal.seller, address="dead@example.com", status="bounced"
    )
    metrics = judged(deal)
    assert metrics.contactability == worth
    assert metrics.email_count == len(emails)
    usable = [phone for phone in phones if phone.get("status") != "wrong_number"]
    assert metrics.phone_count == len(usable)
    assert metrics.callable_phone_count == len([p for p in usable if not p.get("is_dnc")])


def test_an_owner_of_several_properties_is_counted(
    desk: Workspace, make_deal: MakeDeal, judged: Judge
) -> None:
    first, second = make_deal(desk), make_deal(desk)
    second.parties.update(contact=first.seller)
    Deal.objects.in_workspace(desk).filter(pk=second.pk).update(seller=first.seller)
    assert judged(first).portfolio_count == 2
    assert judged(second).portfolio_count == 2


def test_what_is_tried_changes_everything_that_rests_on_it(
    desk: Workspace, make_deal: MakeDeal, judged: Judge, system: Actor, now: datetime
) -> None:
    deal = make_deal(desk, **HOUSE, rent_amount=1_500)
    changes = {"arv": 260_000.0, "repairs": 12_000.0}
    tried = with_changes(vars(judged(deal)), changes)
    value_deal(
        workspace=desk, actor=system, deal=deal, now=now,
        arv_amount=Decimal(260_000), repairs_amount=Decimal(12_000),
    )  # fmt: skip
    stored = vars(judged(deal))
    assert {name: tried[name] for name in METRICS} == pytest.approx(
        {name: stored[name] for name in METRICS}
    )
    priced = with_changes(stored, {"asking_price": 100_000.0})
    assert priced["mao_headroom"] == pytest.approx(260_000 * 0.7 - 12_000 - 100_000)
    assert priced["rent_to_price"] == 0.015
    assert with_changes(stored, {"asking_price": None})["arv_spread"] is None


def test_what_if_reckons_with_registered_metrics_only() -> None:
    def is_number(metric: Metric) -> bool:
        return metric.kind in (Kind.FLOAT, Kind.INT)

    for name, formula in RECKONED.items():
        assert is_number(METRICS[name])
        # None rests on another of them: each is reckoned once, in any order.
        assert not formula.reads & set(RECKONED)
    assert set(TURNED) <= set(METRICS)


def test_the_manual_lists_every_metric() -> None:
    page = Path(settings.BASE_DIR, "docs", "metrics.md").read_text(encoding="utf-8")
    assert page == metrics_page(), "write it anew: manage.py metrics > docs/metrics.md"
