"""What calls of BatchData, BatchLeads and BatchDialer have in common: nested places and people.

The three write the same things under slightly different words (`phones` or `phoneNumbers`, `zip`
or `zipCode`, a name in parts or whole), so each is looked for under all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.calls.paths import child, items_of, text_of, word
from apps.deals.ingestion.fields import MOST_EMAILS, MOST_PEOPLE, MOST_PHONES

Record = dict[str, str]
_VALUES = {
    "property_type": ("property type", "property type detail", "type"),
    "bedrooms": ("bedrooms", "bedroom count", "beds"),
    "bathrooms": ("bathrooms", "bathroom count", "baths"),
    "building_sqft": ("living area square feet", "square feet", "sqft", "building sqft"),
    "lot_sqft": ("lot size square feet", "lot size", "lot sqft"),
    "year_built": ("year built",),
    "est_value_amount": ("estimated value", "est value", "avm"),
    "assessed_amount": ("total assessed value", "assessed value"),
    "loan_balance_amount": ("total open lien balance", "mortgage balance", "loan balance"),
    "open_loans": ("total open lien count", "open loans"),
    "last_sale_amount": ("last sale price", "last sale amount"),
    "last_sale_on": ("last sale date",),
    "mls_status": ("mls status",),
    "vacant": ("vacant", "is vacant"),
    "tax_delinquent": ("tax delinquent", "tax default"),
    "list_name": ("list name",),
}
_STREETS = ("street", "street address", "address line 1", "line", "property address", "address")
_SECTIONS = (
    "building", "general", "valuation", "assessment", "open lien", "lot", "quick lists", "sale"
)  # fmt: skip


def place_of(node: Any) -> Record:
    """The property's place, from its own address block or from words beside each other."""
    block = child(node, "address", "property address")
    if not isinstance(block, Mapping):
        block = node
    record = {
        "line": word(block, *_STREETS),
        "unit": word(block, "unit", "unit number", "apt"),
        "city": word(block, "city", "property city"),
        "state": word(block, "state", "property state"),
        "zip": word(block, "zip", "zip code", "postal code", "property zip"),
        "county": word(block, "county", "property county"),
        "latitude": word(block, "latitude", "lat"),
        "longitude": word(block, "longitude", "lng", "lon"),
        "apn": word(child(node, "ids"), "apn") or word(node, "apn", "parcel number"),
        "fips": word(child(node, "ids"), "fips code") or word(node, "fips", "fips code"),
    }  # fmt: skip
    whole = word(block, "full address", "formatted address")
    if whole and not (record["line"] and record["city"]):
        return {"address": whole, **_said({"apn": record["apn"], "fips": record["fips"]})}
    return _said(record)


def values_of(node: Any) -> Record:
    """House, value, loans and signs of distress."""
    blocks = [node, *(child(node, section) for section in _SECTIONS)]
    found = {
        name: next((text for block in blocks if (text := word(block, *words))), "")
        for name, words in _VALUES.items()
    }
    return _said(found)


def owner_of(node: Any) -> Record:
    """The owner's name and mailing address."""
    names = items_of(child(node, "names"))
    name = child(node, "name") if isinstance(child(node, "name"), Mapping) else None
    block = name or (names[0] if names else node)
    mailing = child(node, "mailing address")
    record = {
        "owner_first": word(block, "first", "first name", "owner 1 first name"),
        "owner_last": word(block, "last", "last name", "owner 1 last name"),
        "owner_name": word(block, "full", "full name", "name"),
        "company": word(node, "company", "company name"),
        "mailing_line": word(mailing, "street", "street address") or word(node, "mailing street"),
        "mailing_unit": word(mailing, "unit"),
        "mailing_city": word(mailing, "city") or word(node, "mailing city"),
        "mailing_state": word(mailing, "state") or word(node, "mailing state"),
        "mailing_zip": word(mailing, "zip", "zip code") or word(node, "mailing zip"),
    }
    if not record["mailing_line"]:
        record["mailing_address"] = text_of(mailing) or word(mailing, "full address")
    # Two spellings of one name would make two owners of it.
    if record["owner_first"] or record["owner_last"]:
        record["owner_name"] = ""
    return _said(record)


def reach_of(node: Any, before: str = "") -> Record:
    """Phones and e-mails under `node`; `before` is 'person_2_' for somebody who is no owner."""
    record: Record = {}
    phones = items_of(child(node, "phones", "phone numbers")) or _flat(node, "phone", MOST_PHONES)
    for n, phone in enumerate(phones[:MOST_PHONES], 1):
        parts = {"": text_of(phone)}
        if isinstance(phone, Mapping):
            parts = {
                "": word(phone, "number", "phone", "phone number"),
                "_type": word(phone, "type", "phone type", "line type"),
                "_dnc": word(phone, "dnc", "is dnc", "do not call"),
                "_carrier": word(phone, "carrier"),
                "_reachable": word(phone, "reachable"),
                "_litigator": word(phone, "tcpa", "litigator"),
            }
        if parts[""]:
            record |= {f"{before}phone_{n}{part}": text for part, text in parts.items() if text}
    emails = items_of(child(node, "emails")) or _flat(node, "email", MOST_EMAILS)
    for n, email in enumerate(emails[:MOST_EMAILS], 1):
        if text := text_of(email) or word(email, "email", "address"):
            record[f"{before}email_{n}"] = text
    return record


def people_of(persons: Any) -> Record:
    """Persons of a skip trace: owners give their phones to the row, others stand beside."""
    record: Record = {}
    others = 0
    for person in items_of(persons):
        if not isinstance(person, Mapping):
            continue
        is_owner = word(person, "property owner", "is owner", "owner") != "No"
        if is_owner and not any(name.startswith("phone_") for name in record):
            record |= owner_of(person) | reach_of(person)
            record |= _said({
                "litigator": word(person, "litigator"),
                "deceased": word(person, "deceased") or word(child(person, "death"), "deceased"),
            })  # fmt: skip
        elif others < MOST_PEOPLE:
            others += 1
            before = f"person_{others}_"
            record |= {
                before + name.removeprefix("owner_"): text
                for name, text in owner_of(person).items()
                if name.startswith("owner_")
            }
            record |= reach_of(person, before)
    return record


def tags_of(node: Any) -> Record:
    """The vendor's lists and tags."""
    found = [*items_of(child(node, "lists", "list")), *items_of(child(node, "tags"))]
    names = [text_of(item) or word(item, "name", "label", "title") for item in found]
    return _said({"lists": ", ".join(name.replace(",", " ") for name in names if name)})


def _flat(node: Any, name: str, most: int) -> list[Any]:
    """phone, phone1, phone 2… as one list of texts or, with type and do-not-call, of blocks."""
    found: list[Record] = []
    for n in ("", *range(1, most + 1)):
        text = word(node, f"{name}{n}", f"{name} {n} number", f"{name} number {n}")
        if text and text not in [item["number"] for item in found]:
            block = {"number": text, "email": text, "type": word(node, f"{name} {n} type")}
            found.append(block | {"dnc": word(node, f"{name} {n} dnc")})
    return found


def _said(record: Record) -> Record:
    return {name: text for name, text in record.items() if text}
