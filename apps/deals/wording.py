"""Changes of a property and its people in words: the same in a preview and on the timeline."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from apps.common.phones import phone_text
from apps.deals.ingestion.fields import UnknownField, get_field
from apps.deals.known import BY_COLUMN, read_stored, shown
from apps.deals.models import Signal

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


def change_words(value: Any, name: str) -> str:
    """A value before or after a change, typed or as a fact keeps it; '' where there is none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(_one_word(part, name) for part in value)
    if name in BY_COLUMN:
        try:
            return shown(BY_COLUMN[name], read_stored(name, value))
        except ValidationError:
            # A fact outlives the column's type: what it says is shown as it stands.
            return str(value)
    return _one_word(value, name)


def _one_word(value: Any, name: str) -> str:
    if name in ("signals", "ended_signals") and value in Signal.Kind.values:
        return Signal.Kind(value).label
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return phone_text(text) if name in ("phones", "do_not_call") else text
