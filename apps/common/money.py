"""Money is Decimal dollars; rounding is half-up to cents, once, at the end."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def dollars(amount: Decimal | int | str) -> Decimal:
    """Round to cents, half-up."""
    return Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP)
