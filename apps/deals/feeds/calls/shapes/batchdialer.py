"""Calls of BatchDialer: somebody was reached by phone, and this is what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.calls.paths import child, plain_key, text_of, word
from apps.deals.feeds.calls.shapes.batch import Record, owner_of, place_of, reach_of, tags_of

_NEVER_AGAIN = ("donotcall", "dnc", "removefromlist", "optout")
_NOT_THEIRS = ("wrongnumber", "disconnected", "notinservice", "badnumber", "deadnumber")


def translate_batchdialer(lead: Mapping[str, Any]) -> Record:
    """`contact`, `property` or the contact's address, `disposition`, `campaign`, `notes`."""
    contact = child(lead, "contact", "lead", "customer")
    contact = contact if isinstance(contact, Mapping) else lead
    house = child(lead, "property") or child(contact, "property")
    record = place_of(house) if isinstance(house, Mapping) else place_of(contact)
    record |= owner_of(contact) | tags_of(contact) | reach_of(contact)
    called = word(lead, "customer number", "phone number", "called number", "phone", "to")
    if called and not any(name.startswith("phone_") for name in record):
        record["phone_1"] = called
    record |= _outcome(lead, record, called)
    external_id = word(contact, "id", "contact id", "vendor lead code")
    return record | ({"external_id": external_id} if external_id else {})


def _outcome(lead: Mapping[str, Any], record: Record, called: str) -> Record:
    said = child(lead, "disposition", "call disposition", "disposition name")
    disposition = text_of(said) or word(said, "name", "label")
    found: Record = {}
    key = plain_key(disposition)
    if any(phrase in key for phrase in _NEVER_AGAIN):
        found["do_not_call"] = "Yes"
    elif any(phrase in key for phrase in _NOT_THEIRS):
        n = _number_of(record, called)
        found[f"phone_{n}_reachable"] = "No"
    campaign = child(lead, "campaign")
    name = word(campaign, "name") or text_of(campaign) or word(lead, "campaign name")
    notes = [
        f"BatchDialer: {disposition}" if disposition else "",
        f"campaign {name}" if name else "",
        text_of(child(lead, "notes", "note", "comments")),
    ]
    return found | {"notes": ". ".join(note for note in notes if note)}


def _number_of(record: Record, called: str) -> int:
    """Which of the phones was called; the first where nobody says."""
    digits = _last_ten(called)
    numbers = [name for name in record if name.startswith("phone_") and name[6:].isdecimal()]
    return next(
        (int(name[6:]) for name in numbers if digits and _last_ten(record[name]) == digits), 1
    )


def _last_ten(number: str) -> str:
    return "".join(letter for letter in number if letter.isdecimal())[-10:]
