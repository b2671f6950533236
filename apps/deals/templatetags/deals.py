"""Numbers of a deal as people read them."""

from typing import Any

from django import template

from apps.common.phones import phone_text
from apps.deals.ingestion.fields import UnknownField, get_field
from apps.deals.ingestion.traces import KEPT
from apps.deals.known import BY_COLUMN, shown
from apps.deals.models import Signal

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


# Changes that are no columns of a property.
CHANGES = {
    "owners": "Owners",
    "people": "Further people",
    "phones": "Phones",
    "emails": "E-mails",
    "do_not_call": "Do not call",
    "is_litigator": "Litigator",
    "is_deceased": "Deceased",
    "lists": "On the list",
    "signals": "Signs of distress",
    "ended_signals": "Signs that ended",
    "deal": "Deal",
}


@register.filter
def field_words(name: str) -> str:
    """A column or field as people call it: building_sqft is Living area."""
    if name in CHANGES:
        return CHANGES[name]
    if name in BY_COLUMN:
        return BY_COLUMN[name].label
    try:
        return get_field(name).label
    except UnknownField:
        return name.replace("_", " ").capitalize()


@register.filter
def change_words(value: Any, name: str) -> str:
    """A value before or after a change; '' where there is none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(_one_word(part, name) for part in value)
    if name in BY_COLUMN:
        return shown(BY_COLUMN[name], value)
    return _one_word(value, name)


def _one_word(value: Any, name: str) -> str:
    if name in ("signals", "ended_signals") and value in Signal.Kind.values:
        return Signal.Kind(value).label
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return phone_text(text) if name in ("phones", "do_not_call") else text


@register.filter
def kept_because(reason: str) -> str:
    """Why a row was left as it is, as a sentence."""
    why = reason.removeprefix(KEPT)
    return why[:1].upper() + why[1:]
