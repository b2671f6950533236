"""Where a property stands and where its owner gets mail, read from their columns."""

import re
from collections.abc import Callable

from apps.common.addresses import address_key, cleaned, normalize_state, normalize_zip
from apps.common.ids import digest
from apps.common.names import display_case
from apps.deals.ingestion import cells
from apps.deals.ingestion.notes import Note, Problem
from apps.deals.ingestion.types import PostalAddress

_COUNTY_WORD = re.compile(r"\b(COUNTY|PARISH|BOROUGH)$")
_APN_SEPARATORS = re.compile(r"[^A-Z0-9.]+")
_UNIT_AT_END = re.compile(r",?\s*(?:#|\bunit\b|\bapt\b\.?)\s*(\S+)$", re.IGNORECASE)


def postal_address(
    get: Callable[[str], str], prefix: str, problems: list[Problem]
) -> PostalAddress:
    """The address in the columns of that prefix; 'Mailing ' names the owner's."""
    line = cells.text_of(get(f"{prefix}Address"))
    unit = cells.text_of(get(f"{prefix}Unit #"))
    city = display_case(cells.text_of(get(f"{prefix}City")))
    written_state = cells.text_of(get(f"{prefix}State"))
    written_zip = cells.text_of(get(f"{prefix}Zip"))
    state = normalize_state(written_state)
    zip_code = normalize_zip(written_zip, state)
    if not state:
        problems.append(Problem(Note.STATE_UNKNOWN, written_state[:40]))
    if not zip_code:
        problems.append(Problem(Note.ZIP_UNKNOWN, written_zip[:40]))
    elif not written_zip.startswith(zip_code):
        problems.append(Problem(Note.ZIP_RESTORED, f"{written_zip} to {zip_code}"))
    key = address_key(line, unit, city, state, zip_code)
    street = street_without(line, unit)
    return PostalAddress(street[:160], unit[:40], city[:80], state, zip_code, bounded(key, 200))


def street_without(line: str, unit: str) -> str:
    """The street as written, less a unit that has its own cell: '21 Sample St #1' and '1'."""
    if unit and (match := _UNIT_AT_END.search(line)) and match[1].casefold() == unit.casefold():
        line = line[: match.start()]
    return display_case(line)


def parcel_keys(state: str, county: str, apn: str) -> tuple[str, str]:
    """County and APN in one spelling, '' unless both are known: APNs repeat across counties."""
    number = _APN_SEPARATORS.sub("-", apn.upper()).strip("-")
    name = _COUNTY_WORD.sub("", cleaned(county)).strip()
    if not number or not name:
        return "", ""
    return bounded(f"{state}|{name}", 100), bounded(number, 80)


def bounded(key: str, size: int) -> str:
    """A key that fits its column; an overlong one ends in its digest, so that none collide."""
    return key if len(key) <= size else key[: size - 16] + digest(key)[:16]
