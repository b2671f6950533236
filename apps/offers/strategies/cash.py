"""The highest cash price a wholesaler may offer (MAO), by the four formulas the field uses.

They give different numbers for the same house, so a price is always stored with the name and
version of the formula that made it. Amounts are Decimal dollars, `_pct` are fractions of one.
Arithmetic is exact; the one rounding, half-up to cents, is the last step.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from apps.offers.strategies.formulas import (
    CENT,
    FORMULAS,
    CashTerms,
    Formula,
    Line,
    dollars_text,
)

__all__ = ["CashTerms", "Formula", "Line", "Quote", "dollars_text", "quote"]

FORMULA_VERSION = 1

# Exact for every sum and product of amounts under a trillion dollars and 12-place fractions.
_PRECISION = 60


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
        lines = FORMULAS[terms.formula](terms, arv_amount, repairs_amount)
        exact = lines[-1].amount
        amount = exact.quantize(CENT, rounding=ROUND_HALF_UP)
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
