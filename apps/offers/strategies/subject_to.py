"""Subject-to: the deed changes hands, the seller's loan stays in the seller's name.

Entry fee in its five parts: seller cash or equity, arrears, closing and agent, renovation,
assignment fee. Cash flow = rent − PITI − operating costs. Equity capture = value − takeover basis,
the basis being the loan taken over plus what went into the entry. Terms as taught in the field; the
worked example in the tests (payment 1,428, rent 2,450, cash to seller 14,000, repairs 18,500) gives
612 a month and an entry of 34,900.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.offers.strategies.structure import (
    HouseFacts,
    StructureKind,
    StructureQuote,
    cents,
    check_amounts,
    check_fractions,
    known,
    line,
    money,
    share,
    unknown,
)

FORMULA_VERSION = 1
WARNINGS = (
    "Due on sale: the lender may call the whole loan when the deed changes hands.",
    "The loan stays in the seller's name and on their credit; insurance must name both.",
)


@dataclass(frozen=True, kw_only=True)
class SubjectToTerms:
    """`operating_amount` a month is added to `operating_pct` of the rent."""

    seller_cash_amount: Decimal = Decimal(10_000)
    closing_amount: Decimal = Decimal(2_500)
    fee_amount: Decimal = Decimal(0)
    operating_pct: Decimal = Decimal("0.15")
    operating_amount: Decimal = Decimal(0)
    hold_months: int = 60
    most_rate_pct: Decimal = Decimal("0.055")
    most_ltv_pct: Decimal = Decimal("0.95")
    most_arrears_amount: Decimal = Decimal(15_000)
    least_monthly_amount: Decimal = Decimal(200)

    def __post_init__(self) -> None:
        check_fractions(self, "operating_pct", "most_rate_pct")
        check_fractions(self, "most_ltv_pct", most=Decimal(2))
        check_amounts(
            self, "seller_cash_amount", "closing_amount", "fee_amount", "operating_amount",
            "most_arrears_amount", "least_monthly_amount",
        )  # fmt: skip
        if not 1 <= self.hold_months <= 600:
            raise ValueError("hold_months is from 1 to 600")


def quote(terms: SubjectToTerms, facts: HouseFacts) -> StructureQuote:
    kind = StructureKind.SUBJECT_TO
    values, missing = known(
        facts, "value_amount", "loan_balance_amount", "piti_amount", "rent_amount", "repairs_amount"
    )
    if missing:
        return unknown(kind, missing)
    value, balance, piti, rent, repairs = values
    arrears = facts.arrears_amount or Decimal(0)
    entry = terms.seller_cash_amount + arrears + terms.closing_amount + repairs + terms.fee_amount
    operating = cents(rent * terms.operating_pct) + terms.operating_amount
    monthly = rent - piti - operating
    capture = max(value, facts.arv_amount or value) - balance - entry
    reasons = _objections(terms, facts, value, balance, arrears, monthly)
    return StructureQuote(
        kind=kind,
        is_feasible=not reasons,
        reasons=reasons,
        warnings=(*WARNINGS, *_unknowns(facts)),
        offer_amount=balance + terms.seller_cash_amount + arrears,
        seller_now_amount=terms.seller_cash_amount,
        # Arrears and loan are the seller's debts: paid, not pocketed, as at any other closing.
        seller_total_amount=terms.seller_cash_amount,
        entry_amount=entry,
        monthly_amount=monthly,
        profit_amount=capture + monthly * terms.hold_months,
        months=terms.hold_months,
        lines=(
            line("Loan taken over", balance),
            line("Cash to the seller", terms.seller_cash_amount),
            line("Arrears brought current", arrears),
            line("Closing and agent", terms.closing_amount),
            line("Renovation", repairs),
            line("Assignment fee", terms.fee_amount),
            line("Entry fee", entry, "the five above"),
            line("Left a month", monthly, f"{money(rent)} − {money(piti)} − {money(operating)}"),
            line("Equity captured", capture, "value − loan − entry fee"),
        ),
    )


def _objections(
    terms: SubjectToTerms,
    facts: HouseFacts,
    value: Decimal,
    balance: Decimal,
    arrears: Decimal,
    monthly: Decimal,
) -> tuple[str, ...]:
    found = []
    if not balance:
        found.append("There is no loan to take over.")
    if facts.loan_rate_pct is not None and facts.loan_rate_pct > terms.most_rate_pct:
        found.append(
            f"The loan costs {share(facts.loan_rate_pct)}, above {share(terms.most_rate_pct)}."
        )
    if value and balance / value > terms.most_ltv_pct:
        found.append(f"The loan is more than {share(terms.most_ltv_pct)} of the value.")
    if arrears > terms.most_arrears_amount:
        found.append(f"Arrears of {money(arrears)} are above {money(terms.most_arrears_amount)}.")
    if monthly < terms.least_monthly_amount:
        found.append(
            f"It leaves {money(monthly)} a month, less than {money(terms.least_monthly_amount)}."
        )
    return tuple(found)


def _unknowns(facts: HouseFacts) -> tuple[str, ...]:
    found = []
    if facts.loan_rate_pct is None:
        found.append("The loan's interest rate is unknown; it was not judged.")
    if facts.arrears_amount is None:
        found.append("Arrears are unknown; they were taken as none.")
    return tuple(found)
