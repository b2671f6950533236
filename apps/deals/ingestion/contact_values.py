"""The columns of a contact and what a row puts into them."""

from __future__ import annotations

from typing import Any

from apps.common.names import Name, NameKind, name_key
from apps.deals.ingestion.places import bounded
from apps.deals.ingestion.types import LeadRow, PostalAddress

MAILING = ("mailing_line", "mailing_unit", "mailing_city", "mailing_state", "mailing_zip")
CHANGING = (*MAILING, "mailing_key", "is_do_not_mail", "is_litigator")
COLUMNS = (
    "kind", "name", "first_name", "last_name", "care_of", "match_key", *CHANGING,
)  # fmt: skip


def owners_of(row: LeadRow) -> tuple[Name, ...]:
    """The owners a row names; one with phones but no name is still somebody."""
    if row.owners or not (row.phones or row.emails):
        return row.owners
    return (Name(NameKind.PERSON, f"Owner of {row.place.line or row.apn}"),)


def comparable_name(name: Name) -> str:
    """Names in other scripts have no ASCII key and stand for themselves."""
    return bounded(name_key(name) or name.full, 180)


def match_key(name: Name, row: LeadRow) -> str:
    """Where there is no mailing address the property keeps namesakes apart."""
    place = row.mailing.key or row.place.key or f"{row.county_key} {row.apn_key}"
    return f"{comparable_name(name)} @ {bounded(place, 200)}"


def contact_values(name: Name, row: LeadRow, key: str) -> dict[str, Any]:
    given = f"{name.first} {name.middle}".strip()
    return {
        "kind": name.kind.value,
        "name": name.full[:200],
        "first_name": given[:80],
        "last_name": f"{name.last} {name.suffix}".strip()[:120],
        "care_of": row.care_of,
        "match_key": key,
        "is_do_not_mail": row.is_do_not_mail,
        "is_litigator": row.is_litigator,
        **mailing_values(row.mailing),
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
