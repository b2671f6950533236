"""The four formulas and what they take: exact arithmetic, one line per step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

CENT = Decimal("0.01")


class Formula(StrEnum):
    """The named variants. Public rules of thumb, each with its source's own example in tests."""

    FLIP = "mao_flip"
    WHOLESALE = "mao_wholesale"
    ITEMISED = "mao_itemised"
    COST_FIRST = "mao_cost_first"


@dataclass(frozen=True, kw_only=True)
class CashTerms:
    """What the strategy fixes, whatever the house."""

    formula: Formula
    arv_pct: Decimal = Decimal("0.70")
    profit_pct: Decimal = Decimal(0)
    fee_amount: Decimal = Decimal(0)
    closing_amount: Decimal = Decimal(0)
    holding_amount: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for name in ("arv_pct", "profit_pct"):
            if not Decimal(0) <= getattr(self, name) <= Decimal(1):
                raise ValueError(f"{name} is a fraction of one, from 0 to 1")
        for name in ("fee_amount", "closing_amount", "holding_amount"):
            amount = getattr(self, name)
            if not amount.is_finite() or amount < 0:
                raise ValueError(f"{name} is a dollar amount, zero or more")


@dataclass(frozen=True)
class Line:
    """One step of a derivation: what it is, how it came about, the exact amount in dollars."""

    label: str
    expression: str
    amount: Decimal


def _flip(terms: CashTerms, arv: Decimal, repairs: Decimal) -> list[Line]:
    """ARV x p - repairs: the flipper's 70% rule, no fee for anybody in between."""
    share = arv * terms.arv_pct
    return [
        *_opening(terms, arv, share),
        _minus("Repairs", repairs),
        Line("Maximum offer", f"{dollars_text(share)} − {dollars_text(repairs)}", share - repairs),
    ]


def _wholesale(terms: CashTerms, arv: Decimal, repairs: Decimal) -> list[Line]:
    """ARV x p - repairs - assignment fee: the flipper's rule with the wholesaler paid."""
    share = arv * terms.arv_pct
    sum_text = f"{dollars_text(share)} − {dollars_text(repairs)} − {dollars_text(terms.fee_amount)}"
    return [
        *_opening(terms, arv, share),
        _minus("Repairs", repairs),
        _minus("Assignment fee", terms.fee_amount),
        Line("Maximum offer", sum_text, share - repairs - terms.fee_amount),
    ]


def _itemised(terms: CashTerms, arv: Decimal, repairs: Decimal) -> list[Line]:
    """ARV less every cost and the buyer's profit as a share of ARV."""
    profit = arv * terms.profit_pct
    costs = _costs(terms, repairs)
    total = sum((line.amount for line in costs), Decimal(0))
    return [
        Line("After-repair value (ARV)", "", arv),
        *costs,
        Line("Buyer's profit", f"{dollars_text(arv)} × {_percent(terms.profit_pct)}", -profit),
        Line(
            "Maximum offer",
            f"{dollars_text(arv)} − {dollars_text(-total)} − {dollars_text(profit)}",
            arv + total - profit,
        ),
    ]


def _cost_first(terms: CashTerms, arv: Decimal, repairs: Decimal) -> list[Line]:
    """(ARV - all costs of the flip) x p: costs leave before the percentage is taken."""
    costs = _costs(terms, repairs)
    rest = arv + sum((line.amount for line in costs), Decimal(0))
    return [
        Line("After-repair value (ARV)", "", arv),
        *costs,
        Line("Left after all costs", f"{dollars_text(arv)} − {dollars_text(arv - rest)}", rest),
        Line(
            "Maximum offer",
            f"{dollars_text(rest)} × {_percent(terms.arv_pct)}",
            rest * terms.arv_pct,
        ),
    ]


def _opening(terms: CashTerms, arv: Decimal, share: Decimal) -> list[Line]:
    return [
        Line("After-repair value (ARV)", "", arv),
        Line("Share of ARV", f"{dollars_text(arv)} × {_percent(terms.arv_pct)}", share),
    ]


def _costs(terms: CashTerms, repairs: Decimal) -> list[Line]:
    return [
        _minus("Repairs", repairs),
        _minus("Closing costs", terms.closing_amount),
        _minus("Holding costs", terms.holding_amount),
        _minus("Assignment fee", terms.fee_amount),
    ]


def _minus(label: str, amount: Decimal) -> Line:
    return Line(label, "", -amount)


def dollars_text(amount: Decimal) -> str:
    """`-1234.5` -> `−$1,234.50`, rounded half-up to cents."""
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}${abs(rounded):,.2f}"


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f}%"


FORMULAS = {
    Formula.FLIP: _flip,
    Formula.WHOLESALE: _wholesale,
    Formula.ITEMISED: _itemised,
    Formula.COST_FIRST: _cost_first,
}
