"""An address that stands in one cell, taken apart."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from apps.common.addresses import cleaned, normalize_state, split_unit
from apps.common.pub28 import DIRECTIONALS, LONE_DESIGNATORS, STREET_SUFFIXES, UNIT_DESIGNATORS
from apps.deals.ingestion.cells import text_of

_COUNTRY = re.compile(
    r",?\s*\b(?:USA?|U\.S\.A?\.?|United States(?: of America)?)\.?$", re.IGNORECASE
)
_ZIP_AT_END = re.compile(r"[\s,]+(\d{5})(?:-?\d{4})?$")
_LOOSE = re.compile(r"[A-Za-z]+\.?(?: [A-Za-z]+)?$")
_LONGEST = 300


class AddressParts(NamedTuple):
    """As written; '' for what is not there."""

    line: str
    unit: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""


@lru_cache(maxsize=50_000)
def split_address(cell: str) -> AddressParts:
    """'272 Bassett St, New Haven, Ct 06511' in its parts. A street alone is only a line.

    Commas show the parts in nearly all files; what has none goes to a trained parser.
    """
    text = _COUNTRY.sub("", text_of(cell).strip(" ,"))
    if len(text) > _LONGEST:
        return AddressParts(text)
    rest, zip_code = text, ""
    if match := _ZIP_AT_END.search(text):
        rest, zip_code = text[: match.start()].rstrip(" ,"), match[0].strip(" ,")
    rest, state = _cut_state(rest, has_zip=bool(zip_code))
    if not (state or zip_code):
        return _without_state(text)
    before, comma, city = rest.rpartition(",")
    if not comma:
        if state and (_is_town(rest) or _has_town(zip_code, rest)):
            return AddressParts("", "", rest, state, zip_code)
        return _by_parser(text)
    line, unit = _cut_unit(before.strip(" ,"))
    return AddressParts(line, unit, city.strip(), state, zip_code)


def _cut_state(text: str, *, has_zip: bool) -> tuple[str, str]:
    before, comma, last = text.rpartition(",")
    if comma and normalize_state(last.strip()):
        return before.rstrip(" ,"), last.strip()
    match = _LOOSE.search(text)
    if not match or (match.start() == 0 and not has_zip):
        return text, ""
    words = match[0].split(" ")
    for size in (2, 1):
        candidate = " ".join(words[-size:])
        # A street called 'Florida' needs something behind it to be the state.
        is_state = normalize_state(candidate) and (len(candidate) == 2 or comma)
        if is_state and len(candidate) < len(text):
            return text[: -len(candidate)].rstrip(" ,"), candidate
    return text, ""


def _without_state(text: str) -> AddressParts:
    """'272 Bassett St, New Haven' or a street alone."""
    before, comma, city = text.rpartition(",")
    if not comma or _is_unit(city.strip()) or any(letter.isdigit() for letter in city):
        line, unit = _cut_unit(text)
        return AddressParts(line, unit)
    line, unit = _cut_unit(before.strip(" ,"))
    return AddressParts(line, unit, city.strip())


def _cut_unit(line: str) -> tuple[str, str]:
    """A unit behind a comma gets its own cell; one in the line stays there, as lists write it."""
    before, comma, last = line.rpartition(",")
    if comma and _is_unit(last.strip()):
        return before.strip(" ,"), last.strip()
    return line, ""


def _is_unit(text: str) -> bool:
    first = text.upper().replace("#", "# ").replace(".", "").split(" ")[0]
    if first in UNIT_DESIGNATORS or first in LONE_DESIGNATORS:
        return True
    return len(text) <= 4 and any(letter.isdigit() for letter in text)


def _is_town(text: str) -> bool:
    """'Soldotna' before its state is a town without a street, 'Ridgecrest Drive' is a street."""
    words = cleaned(text).split()
    if not words or any(letter.isdigit() for letter in text):
        return False
    return not any(word in STREET_SUFFIXES or word == "BOX" for word in words[1:])


def _by_parser(text: str) -> AddressParts:
    import usaddress  # heavy to load, and few files need it

    try:
        tagged, kind = usaddress.tag(text)
    except (usaddress.RepeatedLabelError, ValueError, UnicodeError):
        return AddressParts(text)
    if kind not in ("Street Address", "PO Box"):
        return AddressParts(text)
    city = tagged.pop("PlaceName", "")
    state, zip_code = tagged.pop("StateName", ""), tagged.pop("ZipCode", "")
    unit = f"{tagged.pop('OccupancyType', '')} {tagged.pop('OccupancyIdentifier', '')}".strip()
    line = " ".join(tagged.values())
    if not split_unit(line)[0]:
        return AddressParts(text)
    direction, _, town = city.partition(" ")
    if direction.upper() in DIRECTIONALS and _has_town(zip_code, town):
        # 'Fargo' is a town of that ZIP: '13th Avenue South' ends before it.
        line, city = f"{line} {direction}", town
    return AddressParts(line, unit, city, state, zip_code)


def _has_town(zip_code: str, town: str) -> bool:
    import zipcodes  # heavy to load, and few files need it

    try:
        places = zipcodes.matching(zip_code[:5])
    except (ValueError, TypeError):
        return False
    names = {name for place in places for name in (place["city"], *place["acceptable_cities"])}
    return bool(town) and town.casefold() in {name.casefold() for name in names}
