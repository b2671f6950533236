"""What every way of buying answers, and what it may know of a house.

Amounts are Decimal dollars, `_pct` are fractions of one, months are whole. Arithmetic is exact;
cents are rounded half-up when a figure leaves its module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from apps.common.money import dollars
from apps.offers.strategies.formulas import Line, dollars_text


class StructureKind(StrEnum):
    CASH = "cash"
    SELLER_FINANCE = "seller_finance"
    SUBJECT_TO = "subject_to"
    LEASE_OPTION = "lease_option"
    NOVATION = "novation"


LABELS = {
    StructureKind.CASH: "Cash",
    StructureKind.SELLER_FINANCE: "Seller finance",
    StructureKind.SUBJECT_TO: "Subject-to",
    StructureKind.LEASE_OPTION: "Lease option",
    StructureKind.NOVATION: "Novation",
}


@dataclass(frozen=True, kw_only=True)
class HouseFacts:
    """A deal as the structures see it; None is unknown, never zero.

    `value_amount` is what it would sell for as it stands, `piti_amount` the whole monthly payment
    of the open loans, `rent_amount` the market rent of a month. `estimates` says of each figure
    that nobody gave how it was reckoned: field -> words.
    """

    value_amount: Decimal | None = None
    arv_amount: Decimal | None = None
    repairs_amount: Decimal | None = None
    loan_balance_amount: Decimal | None = None
    loan_rate_pct: Decimal | None = None
    piti_amount: Decimal | None = None
    rent_amount: Decimal | None = None
    arrears_amount: Decimal | None = None
    estimates: Mapping[str, str] = field(default_factory=dict)


WORDS = {
    "value_amount": "value as it stands",
    "arv_amount": "ARV",
    "repairs_amount": "repair cost",
    "loan_balance_amount": "loan balance",
    "loan_rate_pct": "loan's interest rate",
    "piti_amount": "loan payment",
    "rent_amount": "market rent",
    "arrears_amount": "arrears",
}


@dataclass(frozen=True, kw_only=True)
class StructureQuote:
    """One way to buy one house.

    `seller_now_amount` is the seller's cash at closing after their debts on the house are dealt
    with, `seller_total_amount` all they receive over time, likewise. `entry_amount` is the cash we
    need, `monthly_amount` what it leaves us a month, `profit_amount` all we earn. None: does not
    apply or unknown. Not feasible: `reasons` say why; `missing` names what must be known first.
    """

    kind: StructureKind
    is_feasible: bool
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    offer_amount: Decimal | None = None
    seller_now_amount: Decimal | None = None
    seller_total_amount: Decimal | None = None
    entry_amount: Decimal | None = None
    monthly_amount: Decimal | None = None
    profit_amount: Decimal | None = None
    months: int | None = None
    lines: tuple[Line, ...] = field(default=())

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def return_pct(self) -> Decimal | None:
        """Profit ÷ cash we put in, over the whole time; None without cash in."""
        if not self.entry_amount or self.profit_amount is None:
            return None
        return self.profit_amount / self.entry_amount


def known(facts: HouseFacts, *names: str) -> tuple[list[Decimal], tuple[str, ...]]:
    """The values of these, and in words which are unknown or senseless; where none is, all are."""
    values = [getattr(facts, name) for name in names]
    missing = [
        WORDS[name]
        for name, value in zip(names, values, strict=True)
        if value is None or not value.is_finite() or value < 0
    ]
    return values, tuple(missing)


def unknown(kind: StructureKind, missing: tuple[str, ...]) -> StructureQuote:
    verb = "is" if len(missing) == 1 else "are"
    reason = f"Cannot be said yet: the {' and the '.join(missing)} {verb} unknown."
    return StructureQuote(kind=kind, is_feasible=False, reasons=(reason,), missing=missing)


def line(label: str, amount: Decimal, expression: str = "") -> Line:
    return Line(label, expression, amount)


def cents(amount: Decimal) -> Decimal:
    return dollars(amount)


def money(amount: Decimal) -> str:
    return dollars_text(amount)


def share(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f}%"


def check_fractions(terms: object, *names: str, most: Decimal = Decimal(1)) -> None:
    for name in names:
        value = getattr(terms, name)
        if not value.is_finite() or not 0 <= value <= most:
            raise ValueError(f"{name} is a fraction of one, from 0 to {most}")


def check_amounts(terms: object, *names: str) -> None:
    for name in names:
        amount = getattr(terms, name)
        if not amount.is_finite() or amount < 0:
            raise ValueError(f"{name} is a dollar amount, zero or more")
