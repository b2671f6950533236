"""A deal's numbers through a strategy's formula."""

from __future__ import annotations

from typing import Any

from apps.deals.models import Deal
from apps.deals.queries.one import find_metrics, metric_sources
from apps.offers.models import Strategy
from apps.offers.rules import Figure, figure
from apps.offers.strategies.cash import Quote, quote


def arv_of(deal: Deal) -> Figure:
    metrics = find_metrics(deal)
    return figure(
        deal.arv_amount,
        metric_sources(deal, metrics)["arv"],
        metrics.arv if metrics else None,
        metrics is not None and metrics.is_arv_estimate,
    )


def repairs_of(deal: Deal) -> Figure:
    metrics = find_metrics(deal)
    return figure(
        deal.repairs_amount,
        metric_sources(deal, metrics)["repairs"],
        metrics.repairs if metrics else None,
        metrics is not None and metrics.is_repairs_estimate,
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
