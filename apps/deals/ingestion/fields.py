"""What a column of any list, feed or call can mean: the closed list of fields.

A mapping is `{column header: field name}`. The reader turns the cells under mapped columns into a
`LeadRow`; vendors' presets, the mapping screen and the feeds all speak in these names.

Numbered fields stand for any n from 1: `phone_3`, `phone_3_type`. Person fields carry the number of
the person: `person_2_name`, `person_2_phone_1`. `owner_*` are the first owner, `co_owner_*` the
second; phones and e-mails without a person are the first owner's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_PHONES = 30
MOST_EMAILS = 10
MOST_PEOPLE = 10


class FieldKind(StrEnum):
    """How a cell is read, and what the guess by values looks for."""

    TEXT = "text"
    NAME = "name"
    STREET = "street"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"
    ADDRESS = "address"
    PHONE = "phone"
    LINE_TYPE = "line_type"
    EMAIL = "email"
    MONEY = "money"
    NUMBER = "number"
    INTEGER = "integer"
    YEAR = "year"
    DATE = "date"
    FLAG = "flag"
    FLAGS = "flags"
    PERCENT = "percent"
    COORDINATE = "coordinate"


@dataclass(frozen=True, slots=True)
class Field:
    """`group` is the heading it stands under on the mapping screen."""

    name: str
    label: str
    kind: FieldKind
    group: str


def _group(heading: str, *rows: tuple[str, str, FieldKind]) -> tuple[Field, ...]:
    return tuple(Field(name, label, kind, heading) for name, label, kind in rows)


_K = FieldKind
_PLACE = _group(
    "Property",
    ("address", "Whole address in one cell", _K.ADDRESS),
    ("line", "Street address", _K.STREET),
    ("house_number", "House number", _K.TEXT),
    ("street_name", "Street name", _K.TEXT),
    ("unit", "Unit", _K.TEXT),
    ("city", "City", _K.CITY),
    ("state", "State", _K.STATE),
    ("zip", "ZIP", _K.ZIP),
    ("county", "County", _K.TEXT),
    ("fips", "County FIPS", _K.TEXT),
    ("apn", "APN (parcel number)", _K.TEXT),
    ("latitude", "Latitude", _K.COORDINATE),
    ("longitude", "Longitude", _K.COORDINATE),
)
_OWNER = _group(
    "Owner",
    ("owner_name", "Owner, whole name", _K.NAME),
    ("owner_first", "Owner first name", _K.NAME),
    ("owner_last", "Owner last name", _K.NAME),
    ("company", "Company name", _K.NAME),
    ("co_owner_name", "Second owner, whole name", _K.NAME),
    ("co_owner_first", "Second owner first name", _K.NAME),
    ("co_owner_last", "Second owner last name", _K.NAME),
    ("care_of", "Mailing care of", _K.NAME),
    ("owner_occupied", "Owner-occupied", _K.FLAG),
    ("deceased", "Owner deceased", _K.FLAG),
    ("litigator", "Litigator", _K.FLAG),
    ("do_not_mail", "Do not mail", _K.FLAG),
    ("do_not_call", "Do not call (person)", _K.FLAG),
    ("contact_flags", "Contact flags", _K.FLAGS),
)
_MAILING = _group(
    "Owner's mailing address",
    ("mailing_address", "Whole mailing address in one cell", _K.ADDRESS),
    ("mailing_line", "Mailing street", _K.STREET),
    ("mailing_unit", "Mailing unit", _K.TEXT),
    ("mailing_city", "Mailing city", _K.CITY),
    ("mailing_state", "Mailing state", _K.STATE),
    ("mailing_zip", "Mailing ZIP", _K.ZIP),
)
_VALUES = _group(
    "House and value",
    ("property_type", "Property type", _K.TEXT),
    ("bedrooms", "Bedrooms", _K.NUMBER),
    ("bathrooms", "Bathrooms", _K.NUMBER),
    ("building_sqft", "Living area (sq ft)", _K.INTEGER),
    ("lot_sqft", "Lot size (sq ft; acres are seen)", _K.NUMBER),
    ("lot_acres", "Lot size (acres)", _K.NUMBER),
    ("year_built", "Year built", _K.YEAR),
    ("effective_year_built", "Effective year built", _K.YEAR),
    ("units", "Number of units", _K.INTEGER),
    ("assessed_amount", "Assessed value", _K.MONEY),
    ("est_value_amount", "Estimated value", _K.MONEY),
    ("arv_amount", "ARV", _K.MONEY),
    ("rent_amount", "Monthly rent", _K.MONEY),
    ("last_sale_on", "Last sale date", _K.DATE),
    ("last_sale_amount", "Last sale amount", _K.MONEY),
)
_LOANS = _group(
    "Loans and liens",
    ("open_loans", "Number of open loans", _K.INTEGER),
    ("loan_balance_amount", "Balance of open loans", _K.MONEY),
    ("loan_rate_pct", "Loan interest rate", _K.PERCENT),
    ("loan_payment_amount", "Monthly loan payment", _K.MONEY),
    ("lien_amount", "Lien amount", _K.MONEY),
)
_LISTING = _group(
    "Listing",
    ("mls_status", "MLS status", _K.TEXT),
    ("mls_on", "MLS date", _K.DATE),
    ("mls_amount", "MLS price", _K.MONEY),
)
_DISTRESS = _group(
    "Distress",
    ("vacant", "Vacant", _K.FLAG),
    ("tax_delinquent", "Tax delinquent", _K.FLAG),
    ("tax_delinquent_year", "Tax delinquent since (year)", _K.YEAR),
    ("tax_delinquent_amount", "Tax owed", _K.MONEY),
    ("lien_on", "Lien date", _K.DATE),
    ("pre_foreclosure_on", "Pre-foreclosure date", _K.DATE),
    ("auction_on", "Auction date", _K.DATE),
    ("bankruptcy_on", "Bankruptcy date", _K.DATE),
    ("divorce_on", "Divorce date", _K.DATE),
    ("probate_on", "Probate date", _K.DATE),
    ("violation_on", "Code violation date", _K.DATE),
    ("violation_number", "Code violation case number", _K.TEXT),
    ("violation_status", "Code violation status", _K.TEXT),
    ("violation_closed_on", "Code violation closed on", _K.DATE),
    ("signals", "Signals: kind#case:date:amount, several by |", _K.TEXT),
)
_LIST = _group(
    "List",
    ("list_name", "Name of the list", _K.TEXT),
    ("lists", "Lists or tags, comma-joined", _K.FLAGS),
    ("marketing_lists", "Number of the vendor's lists", _K.INTEGER),
    ("listed_on", "Date added to the list", _K.DATE),
    ("as_of", "As-of date of the row", _K.DATE),
    ("external_id", "Vendor's id of the record", _K.TEXT),
    ("notes", "Notes", _K.TEXT),
)
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        *_PLACE, *_OWNER, *_MAILING, *_VALUES, *_LOANS, *_LISTING, *_DISTRESS, *_LIST
    )
}  # fmt: skip

# Ending of a phone's field -> (label, kind).
_PHONE_PARTS = {
    "": ("Phone {n}", _K.PHONE),
    "_type": ("Phone {n} line type", _K.LINE_TYPE),
    "_dnc": ("Phone {n} do not call", _K.FLAG),
    "_carrier": ("Phone {n} carrier", _K.TEXT),
    "_reachable": ("Phone {n} reachable", _K.FLAG),
    "_litigator": ("Phone {n} litigator", _K.FLAG),
}
_PERSON_PARTS = {
    "name": ("Person {p} name", _K.NAME),
    "first": ("Person {p} first name", _K.NAME),
    "last": ("Person {p} last name", _K.NAME),
    "flags": ("Person {p} flags", _K.FLAGS),
}
_NUMBERED = re.compile(
    r"(?:person_(?P<p>\d{1,2})_)?"
    r"(?:phone_(?P<n>\d{1,2})(?P<part>_[a-z]+)?|email_(?P<e>\d{1,2})|(?P<own>[a-z]+))"
)


class UnknownField(KeyError):
    """No field of that name exists."""


def get_field(name: str) -> Field:
    """Raises UnknownField."""
    if name in FIELDS:
        return FIELDS[name]
    found = _numbered(name)
    if found is None:
        raise UnknownField(name)
    return found


def _numbered(name: str) -> Field | None:
    match = _NUMBERED.fullmatch(name)
    if match is None:
        return None
    person = match["p"]
    if person is not None and not 1 <= int(person) <= MOST_PEOPLE:
        return None
    heading = f"Person {person}" if person else "Phones and e-mails"
    before = f"Person {person}: " if person else ""
    if match["n"]:
        part = _PHONE_PARTS.get(match["part"] or "")
        if part is None or not 1 <= int(match["n"]) <= MOST_PHONES:
            return None
        return Field(name, before + part[0].format(n=int(match["n"])), part[1], heading)
    if match["e"]:
        if not 1 <= int(match["e"]) <= MOST_EMAILS:
            return None
        return Field(name, f"{before}E-mail {int(match['e'])}", _K.EMAIL, heading)
    if person and match["own"] in _PERSON_PARTS:
        label, kind = _PERSON_PARTS[match["own"]]
        return Field(name, label.format(p=int(person)), kind, heading)
    return None
