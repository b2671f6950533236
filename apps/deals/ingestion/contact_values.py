"""The columns of a contact and what a row puts into them."""

from __future__ import annotations

from typing import Any

from apps.common.names import Name, NameKind, name_key
from apps.deals.ingestion.places import bounded
from apps.deals.ingestion.types import LeadRow, PersonCell, PostalAddress

# A deed may name more; letters go to two.
MOST_OWNERS = 2
MAILING = ("mailing_line", "mailing_unit", "mailing_city", "mailing_state", "mailing_zip")
CHANGING = (*MAILING, "mailing_key", "is_do_not_mail", "is_litigator", "is_deceased")
COLUMNS = (
    "kind", "name", "first_name", "last_name", "care_of", "match_key", *CHANGING,
)  # fmt: skip


def owners_of(row: LeadRow) -> tuple[Name, ...]:
    """The owners a row names; one with phones but no name is still somebody."""
    if row.owners or not (row.phones or row.emails):
        return row.owners[:MOST_OWNERS]
    return (Name(NameKind.PERSON, f"Owner of {row.place.line or row.apn}"),)


def comparable_name(name: Name) -> str:
    """Names in other scripts have no ASCII key and stand for themselves."""
    return bounded(name_key(name) or name.full, 180)


def match_key(name: Name, row: LeadRow) -> str:
    """Where there is no mailing address the property keeps namesakes apart."""
    return f"{comparable_name(name)} @ {bounded(row.mailing.key or _here(row), 200)}"


def person_key(person: PersonCell, row: LeadRow) -> str:
    """An owner gets the row's mail; anybody else is known at the property."""
    if person.part == "owner":
        return match_key(person.name, row)
    return f"{comparable_name(person.name)} @ {bounded(_here(row), 200)}"


def keys_of(row: LeadRow) -> list[str]:
    """The match keys of everybody the row names."""
    found = [match_key(name, row) for name in owners_of(row)]
    return found + [person_key(person, row) for person in row.people]


def _here(row: LeadRow) -> str:
    return row.place.key or f"{row.county_key} {row.apn_key}"


def contact_values(name: Name, row: LeadRow, key: str, mailing: PostalAddress) -> dict[str, Any]:
    given = f"{name.first} {name.middle}".strip()
    return {
        "kind": name.kind.value,
        "name": name.full[:200],
        "first_name": given[:80],
        "last_name": f"{name.last} {name.suffix}".strip()[:120],
        "care_of": row.care_of if mailing is row.mailing else "",
        "match_key": key,
        "is_do_not_mail": False,
        "is_litigator": False,
        "is_deceased": False,
        **mailing_values(mailing),
    }


def mailing_values(mailing: PostalAddress) -> dict[str, Any]:
    return {
        "mailing_line": mailing.line,
        "mailing_unit": mailing.unit,
        "mailing_city": mailing.city,
        "mailing_state": mailing.state,
        "mailing_zip": mailing.zip_code,
        "mailing_key": mailing.key,
    }
