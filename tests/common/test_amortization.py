"""Loans to the cent: worked tables, whole schedules of public sources, and what always holds."""

import csv
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.amortization import (
    LoanRefused,
    interest_only_payment,
    level_payment,
    schedule,
)
from apps.common.money import dollars
from tests.conftest import SHARED_DATA

D = Decimal


def left_after(loan, rate, months, paid):
    """What is owed after exact payments: B = L(1 + i)^k − P((1 + i)^k − 1) / i, a check from the
    outside of what the schedule books in cents."""
    payment = level_payment(loan, rate, months)
    if not rate:
        return loan - payment * paid
    growth = (1 + rate / 12) ** paid
    return loan * growth - payment * (growth - 1) / (rate / 12)


FINANCE = SHARED_DATA / "finance"


@pytest.mark.parametrize(
    ("loan", "rate", "months", "paid", "payment", "exact", "booked"),
    [
        ("280000", "0.075", 240, 84, "2255.66", "224361.18", "224361.28"),
        ("200000", "0.06", 360, 60, "1199.10", "186108.71", "186108.80"),
        ("135000", "0.06", 360, 60, "809.39", "125623.38", "125623.61"),
        ("100000", "0.08", 360, 60, "733.76", "95069.86", "95070.21"),
        ("250000", "0.07", 360, 60, "1663.26", "235328.97", "235328.75"),
        ("180000", "0.05", 360, 84, "966.28", "158301.03", "158300.94"),
        ("90000", "0", 120, 60, "750.00", "45000.00", "45000.00"),
    ],
)
def test_payment_and_balloon(loan, rate, months, paid, payment, exact, booked):
    assert dollars(level_payment(D(loan), D(rate), months)) == D(payment)
    assert dollars(left_after(D(loan), D(rate), months, paid)) == D(exact)
    rows = list(schedule(D(loan), D(rate), months))
    assert rows[paid - 1].balance == D(booked)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "loan", "rate", "months", "balloon_at"),
    [
        ("schedule_15000_8_60.csv", "15000", "0.08", 60, None),
        ("schedule_180000_4.25_360.csv", "180000", "0.0425", 360, None),
        ("schedule_sellerfinance_120000_6_360_balloon60.csv", "120000", "0.06", 360, 60),
    ],
)
def test_whole_schedules_to_the_cent(name, loan, rate, months, balloon_at):
    with (FINANCE / name).open(encoding="utf-8", newline="") as source:
        wanted = [
            tuple(map(D, (row["payment"], row["interest"], row["principal"], row["balance"])))
            for row in csv.DictReader(source)
        ]
    ours = list(schedule(D(loan), D(rate), months, balloon_at=balloon_at))
    assert [(p.amount, p.interest, p.principal, p.balance) for p in ours] == wanted


@pytest.mark.shared_data
def test_public_calculators_agree_where_they_ask_the_same():
    """CFPB's level-payment cases without extra payments or partial months, and numpy's pmt."""
    seen = 0
    for case in json.loads((FINANCE / "cfpb_amortize_cases.json").read_text())["cases"]:
        asked = case.get("input", {})
        if set(asked) != {"amount", "rate", "totalTerm", "amortizeTerm"}:
            continue
        loan, rate = D(str(asked["amount"])), D(str(asked["rate"])) / 100
        months, paid = int(asked["totalTerm"]), int(asked["amortizeTerm"])
        payment = level_payment(loan, rate, months)
        left = left_after(loan, rate, months, paid)
        answers = {
            "paymentRound": dollars(payment),
            "principalRound": dollars(loan - left),
            "interestRound": dollars(payment * paid - (loan - left)),
            "interest": payment * paid - (loan - left),
        }
        assert abs(answers[case["output"]] - D(case["expected"])) < D("0.000001"), case["says"]
        seen += 1
    for case in json.loads((FINANCE / "npf_cases.json").read_text())["cases"]:
        if case["fn"] != "pmt" or not all(isinstance(x, int | float) for x in case["args"]):
            continue
        if len(case["args"]) != 3 or case["kwargs"]:
            continue
        rate, months, loan = case["args"]
        ours = level_payment(D(str(loan)), D(str(rate)) * 12, int(months))
        assert abs(-float(ours) - case["expected"]) < 0.01
        seen += 1
    assert seen >= 5


loans = st.integers(1, 10**9).map(lambda n: D(n) / 100)
rates = st.integers(0, 3000).map(lambda n: D(n) / 10_000)
terms = st.integers(1, 480)


@given(loans, rates, terms)
def test_a_schedule_pays_the_loan_exactly_and_never_owes_less_than_nothing(loan, rate, months):
    rows = list(schedule(loan, rate, months))
    assert sum(row.principal for row in rows) == loan
    assert rows[-1].balance == 0
    assert all(row.balance >= 0 for row in rows)
    assert all(row.amount == row.interest + row.principal for row in rows)


@given(loans, rates, terms, st.data())
def test_what_is_booked_follows_the_formula(loan, rate, months, data):
    """Rounding each month to the cent moves the balance by cents, which interest lets grow."""
    paid = data.draw(st.integers(1, months))
    rows = list(schedule(loan, rate, months))
    grown = sum((1 + rate / 12) ** k for k in range(paid))
    if paid < months:
        exact = left_after(loan, rate, months, paid)
        assert abs(rows[paid - 1].balance - exact) <= D("0.011") * grown + D("0.01")


@given(loans, rates, st.integers(2, 120))
def test_interest_only_owes_the_loan_at_its_balloon(loan, rate, months):
    rows = list(schedule(loan, rate, 480, balloon_at=months, is_interest_only=True))
    interest = dollars(interest_only_payment(loan, rate))
    assert rows[0].interest == interest
    assert all(row.principal == 0 for row in rows[:-1])
    assert rows[-1].principal == loan


@pytest.mark.parametrize(
    ("loan", "rate", "months"),
    [("-1", "0.05", 12), ("NaN", "0.05", 12), ("1", "5", 12), ("1", "0.05", 0), ("1", "0.05", 601)],
)
def test_senseless_loans_are_refused(loan, rate, months):
    with pytest.raises(LoanRefused):
        level_payment(D(loan), D(rate), months)
    with pytest.raises(LoanRefused):
        schedule(D(loan), D(rate), months)
