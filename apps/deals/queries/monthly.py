"""Rent and monthly payment of a deal: as a list gives them, else as the policy reckons them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.deals.models import Deal, EstimatePolicy
from apps.deals.queries.one import find_metrics


@dataclass(frozen=True, slots=True)
class Monthly:
    """Dollars a month to the cent. The sentences are empty where the figure was given."""

    rent_amount: Decimal | None
    rent_estimate: str
    payment_amount: Decimal | None
    payment_estimate: str


def monthly_figures(deal: Deal) -> Monthly:
    """`payment_amount` is the whole of it, taxes and insurance included."""
    home, metrics = deal.property, find_metrics(deal)
    rent, payment = home.rent_amount or None, home.loan_payment_amount or None
    if metrics is None or (rent and payment):
        return Monthly(rent, "", payment, "")
    policy = EstimatePolicy.objects.in_workspace(deal.workspace_id).first()
    found_rent = rent or (_cents(metrics.monthly_rent) if metrics.is_rent_estimate else None)
    found_payment = payment or (_cents(metrics.piti) if metrics.is_payment_estimate else None)
    return Monthly(
        rent_amount=found_rent,
        rent_estimate=_rent_words(policy) if found_rent and not rent else "",
        payment_amount=found_payment,
        payment_estimate=_payment_words(deal, policy) if found_payment and not payment else "",
    )


def _rent_words(policy: EstimatePolicy | None) -> str:
    if policy is None:
        return "Rent estimated."
    return f"Rent estimated at {_percent(policy.rent_share_of_value)} of value a month."


def _payment_words(deal: Deal, policy: EstimatePolicy | None) -> str:
    if policy is None:
        return "Loan payment estimated."
    rest = f"{_percent(policy.tax_insurance_share_of_value)} of value a year"
    if not deal.property.loan_balance_amount:
        return f"Monthly payment estimated: taxes and insurance at {rest}."
    held = deal.property.loan_rate_pct
    market = f"{_percent(policy.market_rate_pct)}, the market rate,"
    rate = _percent(float(held)) if held and 0 < held <= 1 else market
    return (
        f"Loan payment estimated: the balance at {rate} over {policy.loan_term_years} years,"
        f" and taxes and insurance at {rest}."
    )


def _percent(share: float) -> str:
    return f"{round(share * 100, 3):g}%"


def _cents(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount)).quantize(Decimal("0.01"))
