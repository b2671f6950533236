"""Seller finance: the seller is the bank. Payment and balloon by `apps.common.amortization`.

Amortized, interest-only, with a balloon or without, at any rate from zero: 0 % is common when the
price is full. The seller sells free of loans: what they still owe comes out of the down payment, so
a balance above it is not feasible (that is subject-to, or a wrap, with the bank's say).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from apps.common import amortization
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


@dataclass(frozen=True, kw_only=True)
class SellerFinanceTerms:
    """`price_pct` is a share of the value as it stands; `balloon_months` 0: none."""

    price_pct: Decimal = Decimal("0.95")
    down_pct: Decimal = Decimal("0.10")
    rate_pct: Decimal = Decimal("0.05")
    amortization_months: int = 360
    balloon_months: int = 84
    is_interest_only: bool = False
    operating_pct: Decimal = Decimal("0.35")
    closing_amount: Decimal = Decimal(3_000)
    least_monthly_amount: Decimal = Decimal(100)

    def __post_init__(self) -> None:
        check_fractions(self, "down_pct", "rate_pct", "operating_pct")
        check_fractions(self, "price_pct", most=Decimal(2))
        check_amounts(self, "closing_amount", "least_monthly_amount")
        if not 1 <= self.amortization_months <= amortization.MOST_PAYMENTS:
            raise ValueError("amortization_months is from 1 to 600")
        if not 0 <= self.balloon_months <= self.amortization_months:
            raise ValueError("balloon_months is from 0 (none) to amortization_months")
        if self.is_interest_only and not self.balloon_months:
            raise ValueError("an interest-only loan needs balloon_months: it never ends by itself")

    @property
    def months(self) -> int:
        return self.balloon_months or self.amortization_months


def payments(terms: SellerFinanceTerms, loan: Decimal) -> Iterator[amortization.Payment]:
    """The schedule to the cent, the balloon in its last row."""
    return amortization.schedule(
        loan,
        terms.rate_pct,
        terms.amortization_months,
        balloon_at=terms.months,
        is_interest_only=terms.is_interest_only,
    )


def quote(terms: SellerFinanceTerms, facts: HouseFacts) -> StructureQuote:
    kind = StructureKind.SELLER_FINANCE
    values, missing = known(facts, "value_amount", "rent_amount", "repairs_amount")
    if missing:
        return unknown(kind, missing)
    value, rent, repairs = values
    price = cents(value * terms.price_pct)
    down = cents(price * terms.down_pct)
    loan = price - down
    rows = list(payments(terms, loan))
    payment = cents(
        amortization.interest_only_payment(loan, terms.rate_pct)
        if terms.is_interest_only
        else amortization.level_payment(loan, terms.rate_pct, terms.amortization_months)
    )
    # What is left after the last level payment, due together with it.
    balloon = rows[-1].amount - payment if terms.balloon_months else Decimal(0)
    paid = sum((row.amount for row in rows), Decimal(0))
    owed = facts.loan_balance_amount or Decimal(0)
    monthly = cents(rent * (1 - terms.operating_pct)) - payment
    entry = down + repairs + terms.closing_amount
    equity = max(value, facts.arv_amount or value) - balloon
    reasons = _objections(terms, owed, down, monthly)
    return StructureQuote(
        kind=kind,
        is_feasible=not reasons,
        reasons=reasons,
        warnings=_warnings(facts, balloon, terms),
        offer_amount=price,
        seller_now_amount=down - owed,
        seller_total_amount=down - owed + paid,
        entry_amount=entry,
        monthly_amount=monthly,
        profit_amount=monthly * len(rows) + equity - entry,
        months=terms.months,
        lines=(
            line("Price", price, f"{money(value)} × {share(terms.price_pct)}"),
            line("Down payment", -down, f"{money(price)} × {share(terms.down_pct)}"),
            line("Loan from the seller", loan, f"{share(terms.rate_pct)} a year"),
            line("Payment a month", payment, f"over {terms.amortization_months} months"),
            line("Interest in all", paid - loan),
            line("Balloon with the last payment", balloon),
            line("Rent after costs", cents(rent * (1 - terms.operating_pct))),
            line("Left a month", monthly),
        ),
    )


def _objections(
    terms: SellerFinanceTerms, owed: Decimal, down: Decimal, monthly: Decimal
) -> tuple[str, ...]:
    found = []
    if owed > down:
        found.append(
            f"The seller owes {money(owed)}, more than the down payment of {money(down)} pays off."
        )
    if monthly < terms.least_monthly_amount:
        found.append(
            f"It leaves {money(monthly)} a month, less than {money(terms.least_monthly_amount)}."
        )
    return tuple(found)


def _warnings(facts: HouseFacts, balloon: Decimal, terms: SellerFinanceTerms) -> tuple[str, ...]:
    found = []
    if facts.loan_balance_amount is None:
        found.append("The loan balance is unknown; it was taken as none.")
    if balloon:
        found.append(f"A balloon of {money(balloon)} falls due after {terms.months} months.")
    return tuple(found)
