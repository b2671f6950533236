"""Numbers of a deal as people read them."""

from typing import Any

from django import template

from apps.deals.ingestion.fields import UnknownField, get_field
from apps.deals.ingestion.traces import KEPT
from apps.deals.known import BY_COLUMN, shown

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


@register.filter
def field_words(name: str) -> str:
    """A column or field as people call it: building_sqft is Living area."""
    if name in BY_COLUMN:
        return BY_COLUMN[name].label
    try:
        return get_field(name).label
    except UnknownField:
        return name.replace("_", " ").capitalize()


@register.filter
def change_words(value: Any, name: str) -> str:
    """A value before or after a change; “nothing” where there is none."""
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return shown(BY_COLUMN[name], value) if name in BY_COLUMN else str(value)


@register.filter
def kept_because(reason: str) -> str:
    """Why a row was left as it is, as a sentence."""
    why = reason.removeprefix(KEPT)
    return why[:1].upper() + why[1:]
