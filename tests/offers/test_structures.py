"""Every way of buying: published examples, what is missing, what always holds."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.offers.strategies.cash import CashTerms, Formula, quote
from apps.offers.strategies.compare import (
    TERMS,
    TermsRefused,
    frontier,
    quote_cash,
    quote_creative,
    read_terms,
    write_terms,
)
from apps.offers.strategies.lease_option import LeaseOptionTerms
from apps.offers.strategies.novation import NovationTerms
from apps.offers.strategies.seller_finance import SellerFinanceTerms, payments
from apps.offers.strategies.structure import HouseFacts, StructureKind, StructureQuote
from apps.offers.strategies.subject_to import SubjectToTerms

D = Decimal

HOUSE = HouseFacts(
    value_amount=D(200_000),
    arv_amount=D(240_000),
    repairs_amount=D(20_000),
    loan_balance_amount=D(0),
    loan_rate_pct=D("0.03"),
    piti_amount=D(0),
    rent_amount=D(2_000),
    arrears_amount=D(0),
)


def amounts(answer: StructureQuote) -> dict[str, D]:
    return {line.label: line.amount for line in answer.lines}


def test_subject_to_as_published():
    """Payment 1,428, rent 2,450, cash to seller 14,000, repairs 18,500: 612 a month, 34,900 in."""
    terms = SubjectToTerms(
        seller_cash_amount=D(14_000),
        closing_amount=D(2_400),
        operating_pct=D(0),
        operating_amount=D(410),
    )
    house = replace(
        HOUSE,
        piti_amount=D(1_428),
        rent_amount=D(2_450),
        repairs_amount=D(18_500),
        loan_balance_amount=D(150_000),
    )
    answer = quote_creative(terms, house)
    assert answer.is_feasible, answer.reasons
    assert (answer.monthly_amount, answer.entry_amount) == (D(612), D(34_900))
    assert any("Due on sale" in warning for warning in answer.warnings)


def test_lease_option_as_published():
    """A $100,000 house: 400 a month, 4,900 of option money, 10,000 between the strike prices."""
    terms = LeaseOptionTerms(
        rent_in_pct=D("0.85"),
        rent_out_pct=D("1.25"),
        option_in_amount=D(100),
        option_out_pct=D("0.05"),
        strike_in_pct=D("0.85"),
        strike_out_pct=D("0.95"),
    )
    answer = quote_creative(
        terms, replace(HOUSE, value_amount=D(100_000), rent_amount=D(1_000), piti_amount=D(500))
    )
    assert answer.is_feasible
    centers = amounts(answer)
    assert centers["Rent spread a month"] == D(400)
    assert centers["Option money spread"] == D(4_900)
    assert centers["Strike spread"] == D(10_000)
    assert answer.profit_amount == D(4_900) + 36 * D(400) + D(10_000) - D(1_500)


def test_novation_as_published():
    """Value 200,000, seller's net 140,000, sold at 185,000: 45,000 before costs."""
    terms = NovationTerms(sale_pct=D("0.925"), seller_net_pct=D("0.70"))
    answer = quote_creative(terms, HOUSE)
    assert answer.offer_amount == D(140_000)
    assert amounts(answer)["Gross"] == D(45_000)
    # 9 % of the sale and a quarter of the repairs leave.
    assert answer.profit_amount == D(45_000) - D("0.09") * D(185_000) - D(5_000)


def test_seller_finance_names_payment_and_balloon():
    """180,000 at 5 % over 30 years: 966.28 a month and a balloon of 158,300.94 after 84."""
    terms = SellerFinanceTerms(price_pct=D(1), down_pct=D("0.10"), operating_pct=D("0.30"))
    answer = quote_creative(terms, HOUSE)
    shown = amounts(answer)
    assert shown["Loan from the seller"] == D(180_000)
    assert shown["Payment a month"] == D("966.28")
    assert shown["Balloon with the last payment"] == D("158300.94")
    assert answer.monthly_amount == D(1_400) - D("966.28")
    rows = list(payments(terms, D(180_000)))
    assert answer.seller_total_amount == D(20_000) + sum(row.amount for row in rows)
    assert answer.entry_amount == D(20_000) + D(20_000) + D(3_000)
    assert answer.is_feasible


def test_zero_interest_and_interest_only():
    free = quote_creative(
        SellerFinanceTerms(price_pct=D(1), rate_pct=D(0), balloon_months=0), HOUSE
    )
    assert amounts(free)["Payment a month"] == D(500)
    assert free.seller_total_amount == D(200_000)
    only = quote_creative(
        SellerFinanceTerms(price_pct=D(1), rate_pct=D("0.06"), is_interest_only=True), HOUSE
    )
    assert amounts(only)["Payment a month"] == D(900)
    assert amounts(only)["Balloon with the last payment"] == D(180_000)


def test_what_stands_in_the_way_is_said():
    owed = replace(HOUSE, loan_balance_amount=D(150_000), piti_amount=D(1_900))
    financed = quote_creative(SellerFinanceTerms(), owed)
    assert not financed.is_feasible
    assert "more than the down payment" in financed.reasons[0]
    dear = quote_creative(SubjectToTerms(), replace(owed, loan_rate_pct=D("0.07")))
    assert any("7%" in reason for reason in dear.reasons)
    assert any("a month" in reason for reason in dear.reasons)
    free = quote_creative(SubjectToTerms(), HOUSE)
    assert "There is no loan to take over." in free.reasons
    leased = quote_creative(LeaseOptionTerms(), owed)
    assert any("does not carry" in reason for reason in leased.reasons)


@pytest.mark.parametrize("kind", list(TERMS))
def test_unknown_is_never_zero(kind):
    answer = quote_creative(TERMS[kind](), HouseFacts())
    assert not answer.is_feasible
    assert answer.missing
    assert answer.offer_amount is None
    assert all(name in answer.reasons[0] for name in answer.missing)


@pytest.mark.parametrize("kind", list(TERMS))
def test_terms_survive_their_row(kind):
    terms = TERMS[kind]()
    assert read_terms(kind, write_terms(terms)) == terms
    assert read_terms(kind, {}) == terms


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("seller_finance", {"down_pct": "10"}, "down_pct"),
        ("seller_finance", {"is_interest_only": "True", "balloon_months": "0"}, "interest-only"),
        ("seller_finance", {"balloon_months": "400"}, "balloon_months"),
        ("subject_to", {"closing_amount": "-1"}, "closing_amount"),
        ("lease_option", {"months": "many"}, "months is not a number"),
        ("novation", {"agent_pct": "NaN"}, "agent_pct"),
    ],
)
def test_senseless_terms_are_refused_with_a_sentence(kind, values, said):
    with pytest.raises(TermsRefused, match=said):
        read_terms(StructureKind(kind), values)


def cash(house: HouseFacts) -> StructureQuote:
    terms = CashTerms(formula=Formula.WHOLESALE, fee_amount=D(10_000))
    price = quote(terms, arv_amount=house.arv_amount, repairs_amount=house.repairs_amount)
    return quote_cash(price, house, fee_amount=D(10_000), emd_amount=D(1_000), closing_days=30)


def test_cash_is_the_assignment():
    answer = cash(HOUSE)
    assert answer.offer_amount == D(138_000)
    assert (answer.entry_amount, answer.profit_amount) == (D(1_000), D(10_000))
    owing = cash(replace(HOUSE, loan_balance_amount=D(170_000)))
    assert not owing.is_feasible
    assert owing.seller_now_amount == D(-32_000)


def test_the_frontier_keeps_what_nothing_beats():
    quotes = [
        StructureQuote(
            kind=kind,
            is_feasible=feasible,
            seller_total_amount=D(seller),
            profit_amount=D(ours),
        )
        for kind, seller, ours, feasible in [
            (StructureKind.CASH, 100, 10, True),
            (StructureKind.SELLER_FINANCE, 150, 30, True),
            (StructureKind.NOVATION, 140, 20, True),
            (StructureKind.LEASE_OPTION, 90, 50, True),
            (StructureKind.SUBJECT_TO, 500, 500, False),
        ]
    ]
    assert frontier(quotes) == {StructureKind.SELLER_FINANCE, StructureKind.LEASE_OPTION}


money = st.integers(1, 10**8).map(lambda n: D(n) / 100)
houses = st.builds(
    HouseFacts,
    value_amount=money,
    arv_amount=money,
    repairs_amount=money,
    loan_balance_amount=money,
    loan_rate_pct=st.integers(0, 1500).map(lambda n: D(n) / 10_000),
    piti_amount=money,
    rent_amount=money,
    arrears_amount=money,
)


@given(st.sampled_from(list(TERMS)), houses)
def test_every_figure_is_whole_cents_and_every_no_has_a_reason(kind, house):
    answer = quote_creative(TERMS[kind](), house)
    assert answer.is_feasible == (not answer.reasons)
    for amount in (
        answer.offer_amount,
        answer.seller_now_amount,
        answer.seller_total_amount,
        answer.entry_amount,
        answer.profit_amount,
    ):
        assert amount is not None
        assert amount == amount.quantize(D("0.01"))


@given(houses, money)
def test_more_repairs_never_earn_more(house, more):
    worse = replace(house, repairs_amount=house.repairs_amount + more)
    for terms in (SellerFinanceTerms(), SubjectToTerms(), NovationTerms()):
        assert (
            quote_creative(terms, worse).profit_amount <= quote_creative(terms, house).profit_amount
        )


@given(houses, money)
def test_more_rent_never_leaves_less(house, more):
    better = replace(house, rent_amount=house.rent_amount + more)
    for terms in (SellerFinanceTerms(), SubjectToTerms(), LeaseOptionTerms()):
        assert (
            quote_creative(terms, better).monthly_amount
            >= quote_creative(terms, house).monthly_amount
        )
