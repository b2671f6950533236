"""Calls of BatchLeads and BatchData: a property, its owner, its people, its lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.calls.paths import child, text_of, word
from apps.deals.feeds.calls.shapes.batch import (
    Record,
    owner_of,
    people_of,
    place_of,
    reach_of,
    tags_of,
    values_of,
)

_NAMES = ("owner_name", "owner_first", "owner_last", "company")


def translate_batchleads(lead: Mapping[str, Any]) -> Record:
    """`property` (or `propertyAddress`), `owner`, `persons`, `phones`, `lists`, `tags`."""
    house = child(lead, "property")
    house = house if isinstance(house, Mapping) else lead
    owner = child(lead, "owner") or child(house, "owner") or child(lead, "contact")
    record = place_of(house) or place_of(lead)
    record |= values_of(house) | tags_of(lead)
    record |= people_of(child(lead, "persons", "contacts"))
    named = owner_of(owner if isinstance(owner, Mapping) else lead)
    if any(name in named for name in _NAMES):
        # The property's own owner is the county's word and goes before a traced person.
        record = {name: text for name, text in record.items() if name not in _NAMES}
    record |= named
    for node in (lead, house, owner):
        if not any(name.startswith("phone_") for name in record):
            record |= reach_of(node)
    return record | _rest(lead, house)


def _rest(lead: Mapping[str, Any], house: Mapping[str, Any]) -> Record:
    notes = [text_of(child(lead, "notes", "note")), word(lead, "status", "lead status")]
    rest = {
        "external_id": word(house, "id", "property id") or word(lead, "id", "property id"),
        "notes": ". ".join(text for text in notes if text),
    }
    return {name: text for name, text in rest.items() if text}
