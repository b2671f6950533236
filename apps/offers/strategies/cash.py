"""The highest cash price a wholesaler may offer (MAO), by the four formulas the field uses.

They give different numbers for the same house, so a price is always stored with the name and
version of the formula that made it. Amounts are Decimal dollars, `_pct` are fractions of one.
Arithmetic is exact; the one rounding, half-up to cents, is the last step.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

FORMULA_VERSION = 1

_CENT = Decimal("0.01")
# Exact for every sum and product of amounts under a trillion dollars and 12-place fractions.
_PRECISION = 60


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


@dataclass(frozen=True)
class Quote:
    """The answer: a price, or why there is none. `lines` explain it either way.

    `amount` is None exactly when `reason` is not empty; `missing` names the unknown inputs.
    """

    formula: Formula
    version: int
    amount: Decimal | None
    lines: tuple[Line, ...]
    reason: str = ""
    missing: tuple[str, ...] = ()


def quote(terms: CashTerms, *, arv_amount: Decimal | None, repairs_amount: Decimal | None) -> Quote:
    """Price one house. Never negative, never zero: such a result is "no offer" with a reason."""
    missing = _missing(arv_amount, repairs_amount)
    if missing or arv_amount is None or repairs_amount is None:
        verb = "is" if len(missing) == 1 else "are"
        reason = f"No offer can be priced yet: the {' and the '.join(missing)} {verb} unknown."
        return Quote(terms.formula, FORMULA_VERSION, None, (), reason, missing)
    with localcontext() as context:
        context.prec = _PRECISION
        lines = _FORMULAS[terms.formula](terms, arv_amount, repairs_amount)
        exact = lines[-1].amount
        amount = exact.quantize(_CENT, rounding=ROUND_HALF_UP)
    if amount <= 0:
        reason = f"No offer: the numbers leave {dollars_text(amount)} for the seller."
        return Quote(terms.formula, FORMULA_VERSION, None, tuple(lines), reason)
    return Quote(terms.formula, FORMULA_VERSION, amount, tuple(lines))


def _missing(arv_amount: Decimal | None, repairs_amount: Decimal | None) -> tuple[str, ...]:
    missing = []
    if arv_amount is None or not arv_amount.is_finite() or arv_amount <= 0:
        missing.append("ARV")
    if repairs_amount is None or not repairs_amount.is_finite() or repairs_amount < 0:
        missing.append("repair cost")
    return tuple(missing)


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
    rounded = amount.quantize(_CENT, rounding=ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}${abs(rounded):,.2f}"


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f}%"


_FORMULAS = {
    Formula.FLIP: _flip,
    Formula.WHOLESALE: _wholesale,
    Formula.ITEMISED: _itemised,
    Formula.COST_FIRST: _cost_first,
}
