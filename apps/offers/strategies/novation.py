"""Novation: the seller keeps an agreed net, we repair, list and sell to a retail buyer.

Gross = retail sale − seller's agreed net; profit = gross − agent − closing − repairs − concessions.
The worked example in the tests: value 200,000, net 140,000, sold at 185,000 gives 45,000 gross. It
needs the seller's written consent and takes 45–90 days; where net listings are unlawful it must not
look like one.
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
    "The seller must consent in writing to the new contract.",
    "Where net listings are unlawful, the papers must not read like one.",
)


@dataclass(frozen=True, kw_only=True)
class NovationTerms:
    """`light_repairs_pct` of the full repairs are done before listing."""

    sale_pct: Decimal = Decimal("0.97")
    seller_net_pct: Decimal = Decimal("0.80")
    agent_pct: Decimal = Decimal("0.05")
    closing_pct: Decimal = Decimal("0.02")
    concessions_pct: Decimal = Decimal("0.02")
    light_repairs_pct: Decimal = Decimal("0.25")
    months: int = 3
    least_profit_amount: Decimal = Decimal(10_000)

    def __post_init__(self) -> None:
        check_fractions(
            self, "seller_net_pct", "agent_pct", "closing_pct", "concessions_pct",
            "light_repairs_pct",
        )  # fmt: skip
        check_fractions(self, "sale_pct", most=Decimal(2))
        check_amounts(self, "least_profit_amount")
        if not 1 <= self.months <= 24:
            raise ValueError("months is from 1 to 24")


def quote(terms: NovationTerms, facts: HouseFacts) -> StructureQuote:
    kind = StructureKind.NOVATION
    values, missing = known(facts, "value_amount", "repairs_amount")
    if missing:
        return unknown(kind, missing)
    value, repairs = values
    sale, net = cents(value * terms.sale_pct), cents(value * terms.seller_net_pct)
    light = cents(repairs * terms.light_repairs_pct)
    costs = [
        ("Agents", cents(sale * terms.agent_pct)),
        ("Closing", cents(sale * terms.closing_pct)),
        ("Concessions", cents(sale * terms.concessions_pct)),
        ("Light repairs", light),
    ]
    gross = sale - net
    profit = gross - sum((amount for _, amount in costs), Decimal(0))
    owed = facts.loan_balance_amount or Decimal(0)
    reasons = _objections(terms, profit, owed, net)
    return StructureQuote(
        kind=kind,
        is_feasible=not reasons,
        reasons=reasons,
        warnings=WARNINGS,
        offer_amount=net,
        seller_now_amount=net - owed,
        seller_total_amount=net - owed,
        entry_amount=light,
        monthly_amount=None,
        profit_amount=profit,
        months=terms.months,
        lines=(
            line("Retail sale", sale, f"{money(value)} × {share(terms.sale_pct)}"),
            line("Seller's net", -net, f"{money(value)} × {share(terms.seller_net_pct)}"),
            line("Gross", gross),
            *(line(label, -amount) for label, amount in costs),
            line("Our profit", profit),
        ),
    )


def _objections(
    terms: NovationTerms, profit: Decimal, owed: Decimal, net: Decimal
) -> tuple[str, ...]:
    found = []
    if profit < terms.least_profit_amount:
        found.append(f"It earns {money(profit)}, less than {money(terms.least_profit_amount)}.")
    if owed > net:
        found.append("The seller's net does not pay off the open loans.")
    return tuple(found)
