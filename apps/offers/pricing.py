"""A deal's numbers through a strategy's formula."""

from __future__ import annotations

from typing import Any

from apps.deals.models import Deal
from apps.offers.models import Strategy
from apps.offers.rules import Figure, figure
from apps.offers.strategies.cash import Quote, quote


def arv_of(deal: Deal) -> Figure:
    metrics = getattr(deal, "metrics", None)
    return figure(
        deal.arv_amount,
        deal.arv_source,
        metrics and metrics.arv,
        metrics and metrics.is_arv_estimate,
    )


def repairs_of(deal: Deal) -> Figure:
    metrics = getattr(deal, "metrics", None)
    return figure(
        deal.repairs_amount,
        deal.repairs_source,
        metrics and metrics.repairs,
        metrics and metrics.is_repairs_estimate,
    )


def price_deal(deal: Deal, strategy: Strategy) -> Quote:
    """What the strategy would pay for the deal now, or why nothing."""
    arv, repairs = arv_of(deal), repairs_of(deal)
    return quote(strategy.terms(), arv_amount=arv.amount, repairs_amount=repairs.amount)


def numbers_of(deal: Deal, strategy: Strategy) -> dict[str, Any]:
    """Every input of a price as it stands now, JSON-safe, with sources."""
    inputs: dict[str, Any] = {"terms": strategy.values()}
    for name, given in (("arv", arv_of(deal)), ("repairs", repairs_of(deal))):
        inputs[name] = {
            "amount": str(given.amount),
            "source": given.source,
            "is_estimate": given.is_estimate,
        }
    return inputs
