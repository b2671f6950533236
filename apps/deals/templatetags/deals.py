"""Numbers of a deal as people read them."""

from typing import Any

from django import template

from apps.deals.ingestion.traces import KEPT
from apps.deals.wording import change_words, field_words

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """0.634 is 63%."""
    return f"{round(share * 100)}%"


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """The value under a key that is a variable."""
    return mapping.get(key)


OUTCOMES = {
    "created": "new",
    "updated": "updated",
    "unchanged": "unchanged",
    "duplicate": "duplicates",
    "rejected": "rejected",
}


@register.filter
def outcome_words(outcome: str) -> str:
    """What rows of an outcome are called before they are imported."""
    return OUTCOMES.get(outcome, outcome)


register.filter(field_words)
register.filter(change_words)


@register.filter
def kept_because(reason: str) -> str:
    """Why a row was left as it is, as a sentence."""
    why = reason.removeprefix(KEPT)
    return why[:1].upper() + why[1:]
