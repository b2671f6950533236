"""Lease option as a sandwich: we lease with an option from the seller and to a tenant-buyer.

Three profit centers: the spread of option money, of monthly rent, and of strike prices. The worked
example in the tests ($100,000 house) gives 400 a month, 4,900 and 10,000. Terms in the field:
option 3–5 %, rent about 105 % of market, 36 months, credit only for rent paid on time.
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


@dataclass(frozen=True, kw_only=True)
class LeaseOptionTerms:
    """`_in_` is what we agree with the seller, `_out_` with the tenant-buyer."""

    rent_in_pct: Decimal = Decimal("0.80")
    rent_out_pct: Decimal = Decimal("1.05")
    option_in_amount: Decimal = Decimal(100)
    option_out_pct: Decimal = Decimal("0.04")
    strike_in_pct: Decimal = Decimal("0.90")
    strike_out_pct: Decimal = Decimal(1)
    credit_pct: Decimal = Decimal(0)
    months: int = 36
    closing_amount: Decimal = Decimal(1_500)
    least_monthly_amount: Decimal = Decimal(100)

    def __post_init__(self) -> None:
        check_fractions(self, "option_out_pct", "credit_pct")
        check_fractions(
            self, "rent_in_pct", "rent_out_pct", "strike_in_pct", "strike_out_pct", most=Decimal(2)
        )
        check_amounts(self, "option_in_amount", "closing_amount", "least_monthly_amount")
        if not 1 <= self.months <= 120:
            raise ValueError("months is from 1 to 120")


def quote(terms: LeaseOptionTerms, facts: HouseFacts) -> StructureQuote:
    kind = StructureKind.LEASE_OPTION
    values, missing = known(facts, "value_amount", "rent_amount")
    if missing:
        return unknown(kind, missing)
    value, rent = values
    rent_in, rent_out = cents(rent * terms.rent_in_pct), cents(rent * terms.rent_out_pct)
    option_out = cents(value * terms.option_out_pct)
    strike_in, strike_out = cents(value * terms.strike_in_pct), cents(value * terms.strike_out_pct)
    monthly = rent_out - rent_in
    credit = cents(rent_out * terms.credit_pct) * terms.months
    option_spread = option_out - terms.option_in_amount
    strike_spread = strike_out - strike_in - credit
    owed = facts.loan_balance_amount or Decimal(0)
    reasons = _objections(terms, facts, monthly, rent_in, strike_in)
    return StructureQuote(
        kind=kind,
        is_feasible=not reasons,
        reasons=reasons,
        warnings=_warnings(facts),
        offer_amount=strike_in,
        seller_now_amount=terms.option_in_amount,
        seller_total_amount=rent_in * terms.months + strike_in - owed,
        entry_amount=terms.option_in_amount + terms.closing_amount,
        monthly_amount=monthly,
        profit_amount=option_spread + monthly * terms.months + strike_spread - terms.closing_amount,
        months=terms.months,
        lines=(
            line("Rent to the seller", -rent_in, f"{money(rent)} × {share(terms.rent_in_pct)}"),
            line("Rent from the tenant", rent_out, f"{money(rent)} × {share(terms.rent_out_pct)}"),
            line("Rent spread a month", monthly),
            line("Option money spread", option_spread,
                 f"{money(option_out)} − {money(terms.option_in_amount)}"),
            line("Strike spread", strike_spread, f"{money(strike_out)} − {money(strike_in)}"),
        ),
    )  # fmt: skip


def _objections(
    terms: LeaseOptionTerms,
    facts: HouseFacts,
    monthly: Decimal,
    rent_in: Decimal,
    strike_in: Decimal,
) -> tuple[str, ...]:
    found = []
    if monthly < terms.least_monthly_amount:
        found.append(
            f"The rents leave {money(monthly)} a month, less than"
            f" {money(terms.least_monthly_amount)}."
        )
    if facts.piti_amount is not None and facts.piti_amount > rent_in:
        found.append(
            f"The rent of {money(rent_in)} does not carry the seller's payment of"
            f" {money(facts.piti_amount)}."
        )
    if facts.loan_balance_amount is not None and facts.loan_balance_amount > strike_in:
        found.append("The strike price does not pay off the seller's loan.")
    return tuple(found)


def _warnings(facts: HouseFacts) -> tuple[str, ...]:
    warnings = ["Some states treat a lease with option as a sale; have the papers read there."]
    if facts.loan_balance_amount is None:
        warnings.append("The loan balance is unknown; it was taken as none.")
    return tuple(warnings)
