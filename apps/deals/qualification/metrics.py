"""The typed registry of what a rule may ask about a deal.

Each metric is a column of the same name on `DealMetrics`; NULL there means unknown.
"""

from __future__ import annotations

from .metric import OPERATORS, Metric
from .registry import counts, flags, money, people, shares, texts

__all__ = ["GROUPS", "METRICS", "OPERATORS", "Metric", "UnknownMetric", "get_metric"]


class UnknownMetric(KeyError):
    """No metric of that name is registered."""


# Heading -> its metrics, in the order people look for them.
GROUPS: dict[str, tuple[Metric, ...]] = {
    "Shares and ratios": shares.SHARES,
    "Money": money.MONEY,
    "Listing, lists and time": counts.TIMES,
    "Owner and contact": people.PEOPLE,
    "House": counts.HOUSE,
    "Signs of distress": flags.DISTRESS,
    "Place and kind": texts.TEXTS,
}
METRICS: dict[str, Metric] = {metric.name: metric for group in GROUPS.values() for metric in group}


def get_metric(name: str) -> Metric:
    """Raises UnknownMetric."""
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownMetric(name) from None
