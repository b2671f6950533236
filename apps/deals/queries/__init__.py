"""Reading deals."""

from apps.deals.queries.facts import get_property_panel
from apps.deals.queries.lists import list_list_choices
from apps.deals.queries.one import (
    explain_deal,
    find_score,
    get_deal,
    list_computed_facts,
    list_parties,
    list_stages,
    primary_seller,
)
from apps.deals.queries.page import count_deals, has_unscored, list_deals
from apps.deals.queries.timeline import list_timeline

__all__ = [
    "count_deals",
    "explain_deal",
    "find_score",
    "get_deal",
    "get_property_panel",
    "has_unscored",
    "list_computed_facts",
    "list_deals",
    "list_list_choices",
    "list_parties",
    "list_stages",
    "list_timeline",
    "primary_seller",
]
