"""Where a property stands and where its owner gets mail, read from their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from apps.common.addresses import address_key, normalize_state, normalize_zip
from apps.common.names import display_case
from apps.deals.ingestion.cells import text_of
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.counties import bounded, county_by_fips, county_key
from apps.deals.ingestion.notes import Note, Problem
from apps.deals.ingestion.one_line import split_address
from apps.deals.ingestion.types import PostalAddress

_APN_SEPARATORS = re.compile(r"[^A-Z0-9.]+")
_UNIT_AT_END = re.compile(r",?\s*(?:#|\bunit\b|\bapt\b\.?)\s*(\S+)$", re.IGNORECASE)
_PARTS = ("line", "unit", "city", "state", "zip")
Place = tuple[PostalAddress, tuple[Problem, ...]]


def place_reader(columns: Columns, prefix: str = "") -> Callable[[Sequence[str]], Place]:
    """What reads the address under the columns of that prefix; 'mailing_' names the owner's.

    The parts have columns of their own, or fill in from an address in one cell. The function gives
    the address and what is odd about it.
    """
    line, unit, city, state, zip_code = (columns[prefix + part] for part in _PARTS)
    whole = columns[f"{prefix}address"]
    number, street = columns[f"{prefix}house_number"], columns[f"{prefix}street_name"]
    is_in_pieces = f"{prefix}street_name" in columns

    def read(row: Sequence[str]) -> Place:
        written = row[line]
        if is_in_pieces and not written:
            written = f"{row[number]} {row[street]}"
        elif row[number] and written[:1].isalpha():
            written = f"{row[number]} {written}"
        if not row[whole]:
            return _postal(written, row[unit], row[city], row[state], row[zip_code])
        parts = split_address(row[whole])
        return _postal(
            written or parts.line,
            row[unit] or parts.unit,
            row[city] or parts.city,
            row[state] or parts.state,
            row[zip_code] or parts.zip_code,
        )

    return read


def place_in(text: str) -> PostalAddress:
    """The address in one line; its key is '' where none can be read."""
    return _postal(*split_address(text))[0]


@lru_cache(maxsize=20_000)
def _postal(line: str, unit: str, city: str, state: str, zip_code: str) -> Place:
    line, unit = text_of(line), text_of(unit)
    city, written_zip = display_case(text_of(city)), text_of(zip_code)
    written_state = text_of(state)
    state = normalize_state(written_state)
    zip_code = normalize_zip(written_zip, state)
    problems: list[Problem] = []
    if not state:
        problems.append(Problem(Note.STATE_UNKNOWN, written_state[:40]))
    if not zip_code:
        problems.append(Problem(Note.ZIP_UNKNOWN, written_zip[:40]))
    elif not written_zip.startswith(zip_code):
        problems.append(Problem(Note.ZIP_RESTORED, f"{written_zip} to {zip_code}"))
    key = bounded(address_key(line, unit, city, state, zip_code), 200)
    street = street_without(line, unit)
    place = PostalAddress(street[:160], unit[:40], city[:80], state, zip_code, key)
    return place, tuple(problems)


def street_without(line: str, unit: str) -> str:
    """The street as written, less a unit that has its own cell: '21 Sample St #1' and '1'."""
    if unit and (match := _UNIT_AT_END.search(line)) and match[1].casefold() == unit.casefold():
        line = line[: match.start()]
    return display_case(line)


def parcel_keys(state: str, county: str, apn: str, fips: str = "") -> tuple[str, str]:
    """County and APN in one spelling, '' unless both are known: APNs repeat across counties."""
    number = _APN_SEPARATORS.sub("-", apn.upper()).strip("-")
    place = county_key(state, county, fips)
    return (place, bounded(number, 80)) if number and place else ("", "")


@lru_cache(maxsize=5_000)
def county_of(cell: str) -> str:
    """The county as it is to be read."""
    return display_case(text_of(cell))[:80]


def county_named_by(fips: str) -> str:
    """The county's name by its code, '' for a code of none."""
    found = county_by_fips(fips)
    return found.name if found else ""
