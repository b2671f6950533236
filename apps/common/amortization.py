"""Loans: the payment and the schedule to the cent.

Amounts are Decimal dollars, rates are fractions of one per year (0.06 is 6 %), paid monthly in
arrears. Source of the formula: the ordinary annuity of the mathematics of finance,
P = L·i / (1 − (1 + i)^−n) with i = rate / 12. Arithmetic is exact to 40 places; cents are rounded
half-up, once, where a docstring says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from apps.common.money import dollars

MONTHS = 12
MOST_PAYMENTS = 600
_PRECISION = 40


class LoanRefused(ValueError):
    """A loan that cannot be: negative, endless, or at a rate no one may charge."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of a schedule, all in whole cents. `balance` is what is owed after it."""

    number: int
    amount: Decimal
    interest: Decimal
    principal: Decimal
    balance: Decimal


def level_payment(loan: Decimal, rate: Decimal, months: int) -> Decimal:
    """The exact monthly payment that clears the loan in `months`; at no interest, loan ÷ months."""
    _check(loan, rate, months)
    with localcontext() as context:
        context.prec = _PRECISION
        if not rate:
            return loan / months
        monthly = rate / MONTHS
        return loan * monthly / (1 - (1 + monthly) ** -months)


def interest_only_payment(loan: Decimal, rate: Decimal) -> Decimal:
    """The exact monthly interest; the loan itself stays."""
    _check(loan, rate, 1)
    with localcontext() as context:
        context.prec = _PRECISION
        return loan * rate / MONTHS


def schedule(
    loan: Decimal,
    rate: Decimal,
    months: int,
    *,
    balloon_at: int | None = None,
    is_interest_only: bool = False,
) -> Iterator[Payment]:
    """Payments as a servicer books them: payment and interest of each month in whole cents.

    The last row clears what is left, so the principals add up to the loan exactly. With
    `balloon_at` the schedule ends there, and its last row holds the balloon beside the payment.
    Raises LoanRefused.
    """
    _check(loan, rate, months)
    last = months if balloon_at is None else balloon_at
    if not 1 <= last <= months:
        raise LoanRefused("A balloon falls between the first and the last payment.")
    return _rows(loan, rate, months, last, is_interest_only)


def _rows(
    loan: Decimal, rate: Decimal, months: int, last: int, is_interest_only: bool
) -> Iterator[Payment]:
    level = dollars(
        interest_only_payment(loan, rate) if is_interest_only else level_payment(loan, rate, months)
    )
    balance = dollars(loan)
    for number in range(1, last + 1):
        interest = dollars(balance * rate / MONTHS)
        principal = balance if number == last else min(level - interest, balance)
        balance -= principal
        yield Payment(number, interest + principal, interest, principal, balance)


def _check(loan: Decimal, rate: Decimal, months: int) -> None:
    if not loan.is_finite() or loan < 0:
        raise LoanRefused("A loan is an amount of zero or more.")
    if not rate.is_finite() or not 0 <= rate <= 1:
        raise LoanRefused("A yearly rate is a fraction from 0 to 1: 0.06 is 6 %.")
    if not 1 <= months <= MOST_PAYMENTS:
        raise LoanRefused(f"A loan runs from 1 to {MOST_PAYMENTS} months.")
