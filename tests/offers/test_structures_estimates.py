"""Structures priced from an ordinary list: rent and payment estimated, and said to be."""

from decimal import Decimal

import pytest
from django.urls import reverse

from apps.common.amortization import level_payment
from apps.common.money import dollars
from apps.deals.actions import lay_pipeline, score_deals
from apps.deals.models import Deal
from apps.offers.actions import install_structures
from apps.offers.comparing import compare_deal, facts_of
from apps.offers.strategies.structure import StructureKind

D = Decimal
RENT = "Rent estimated at 0.8% of value a month."
PAYMENT = (
    "Loan payment estimated: the balance at {rate} over 30 years, and taxes and insurance at 1.6%"
    " of value a year."
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(workspace, system, now, strategy, make_deal):
    """listed(**property fields) -> a deal as a plain list leaves it, looked at once."""
    install_structures(workspace=workspace, actor=system, now=now)
    lay_pipeline(workspace=workspace, actor=system, now=now)

    def make(**home) -> Deal:
        known = {
            "est_value_amount": D(220_000),
            "loan_balance_amount": D(110_000),
            "building_sqft": 1_000,
            **home,
        }
        deal = make_deal(workspace, **known)
        score_deals(workspace=workspace, actor=system, deals=[deal.public_id], now=now)
        rows = Deal.objects.in_workspace(workspace).select_related("property", "metrics")
        return rows.get(pk=deal.pk)

    return make


def test_a_plain_list_prices_every_structure_by_estimates(listed, workspace, signed_in):
    deal = listed()
    facts = facts_of(deal)
    level = level_payment(D(110_000), D("0.07"), 360)
    assert facts.rent_amount == D("1760.00")
    assert facts.piti_amount == dollars(level + D(220_000) * D("0.016") / 12)
    assert list(facts.estimates.values()) == [
        RENT,
        PAYMENT.format(rate="7%, the market rate,"),
    ]
    comparison = compare_deal(workspace, deal)
    assert not any(quote.missing for quote in comparison.quotes)
    told = {quote.kind: quote.warnings for quote in comparison.quotes}
    assert RENT in told[StructureKind.SUBJECT_TO]
    assert RENT not in told[StructureKind.NOVATION]
    url = reverse("offers:structures_panel", args=[deal.public_id])
    page = signed_in(workspace, "read_only").get(url).content.decode()
    assert RENT in page
    assert "Loan payment estimated" in page


def test_what_a_list_gives_wins_and_is_no_estimate(listed):
    deal = listed(rent_amount=D(2_000), loan_payment_amount=D(900))
    facts = facts_of(deal)
    assert (facts.rent_amount, facts.piti_amount) == (D(2_000), D(900))
    assert not facts.estimates


def test_the_loan_s_own_rate_is_used_where_it_is_known(listed):
    facts = facts_of(listed(loan_rate_pct=D("0.0325")))
    assert facts.estimates["piti_amount"] == PAYMENT.format(rate="3.25%")


def test_free_and_clear_pays_taxes_and_insurance_only(listed):
    facts = facts_of(listed(loan_balance_amount=D(0)))
    assert facts.piti_amount == D("293.33")
    assert facts.estimates["piti_amount"].startswith("Monthly payment estimated: taxes")


def test_without_a_value_nothing_is_estimated(listed):
    facts = facts_of(listed(est_value_amount=None, loan_balance_amount=None))
    assert (facts.rent_amount, facts.piti_amount, facts.estimates) == (None, None, {})
