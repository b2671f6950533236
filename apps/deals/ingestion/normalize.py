"""A row of cells turned into a `LeadRow`. Pure: same cells, same row; nothing raises."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from apps.common.addresses import address_key, cleaned, normalize_state, normalize_zip
from apps.common.ids import digest
from apps.common.names import display_case
from apps.common.phones import PhoneProblem, parse_phone
from apps.deals.ingestion import cells
from apps.deals.ingestion.owners import first_owner, second_owner
from apps.deals.ingestion.types import LeadRow, Note, PhoneCell, PostalAddress, Problem
from apps.deals.ingestion.vendors import Header

Value = TypeVar("Value")

_EMAIL = re.compile(r"[A-Z0-9._%+'-]{1,64}@(?:[A-Z0-9-]{1,63}\.)+[A-Z]{2,24}", re.IGNORECASE)
_COUNTY_WORD = re.compile(r"\b(COUNTY|PARISH|BOROUGH)$")
_APN_SEPARATORS = re.compile(r"[^A-Z0-9.]+")
_UNIT_AT_END = re.compile(r",?\s*(?:#|\bunit\b|\bapt\b\.?)\s*(\S+)$", re.IGNORECASE)
_NO_DNC = frozenset({"", "no", "n", "false", "0"})
_YEARS = range(1600, 2101)

_INTEGERS = {"bedrooms": "Bedrooms", "building_sqft": "Building Sqft"}
_COUNTS = {"open_loans": "Total Open Loans", "marketing_lists": "Marketing Lists"}
_AMOUNTS = {
    "assessed_amount": "Total Assessed Value",
    "last_sale_amount": "Last Sale Amount",
    "loan_balance_amount": "Est. Remaining balance of Open Loans",
    "estimated_value_amount": "Est. Value",
    "mls_amount": "MLS Amount",
    "lien_amount": "Lien Amount",
}
_DATES = {
    "last_sale_on": "Last Sale Recording Date",
    "mls_on": "MLS Date",
    "listed_on": "Date Added to List",
}
_YEAR_COLUMNS = {"year_built": "Year Built", "effective_year_built": "Effective Year Built"}


class RowReader:
    """Reads the rows of one file. Build it once per header."""

    def __init__(self, header: Header) -> None:
        self._width = len(header.names)
        # The cell past the end is always empty: absent columns point at it.
        self._at = {name: at for at, name in enumerate(header.names)}
        self._phones = [n for n in range(1, 6) if f"Phone {n}" in self._at]
        self._emails = [n for n in range(1, 5) if f"Email {n}" in self._at]

    def read(self, row_no: int, row: Sequence[str]) -> LeadRow:
        """The row in our terms; `problems` says what is odd, `rejection` whether it must go."""
        if refused := self._unreadable(row):
            return _rejected(row_no, refused)
        problems: list[Problem] = []
        if len(row) < self._width:
            problems.append(Problem(Note.SHORT_ROW))
        padded = [*row[: self._width], *[""] * (self._width - len(row) + 1)]

        def get(name: str) -> str:
            return padded[self._at.get(name, self._width)]

        return self._build(row_no, get, problems)

    def _unreadable(self, row: Sequence[str]) -> Note | None:
        if not any(cell.strip() for cell in row):
            return Note.EMPTY_ROW
        if any(cell.strip() for cell in row[self._width :]):
            return Note.TOO_MANY_CELLS
        return None

    def _build(self, row_no: int, get: Callable[[str], str], problems: list[Problem]) -> LeadRow:
        place = _postal(get, "", problems)
        mailing = _postal(get, "Mailing ", [])
        county = display_case(cells.text_of(get("County")))[:80]
        apn = cells.text_of(get("APN"))[:200]
        county_key, apn_key = parcel_keys(place.state, county, apn)
        _note_identity(place, county, apn, apn_key, problems)
        values = _values(get, problems)
        vendor_flag = cells.flag_of(get("Owner Occupied"))
        is_absentee = place.key != mailing.key if place.key and mailing.key else None
        if vendor_flag is not None and vendor_flag == is_absentee:
            problems.append(Problem(Note.OCCUPANCY_CONTRADICTS))
        if not mailing.key:
            problems.append(Problem(Note.MAILING_MISSING))
        return LeadRow(
            row_no=row_no,
            place=place,
            county=county,
            apn=apn[:80],
            county_key=county_key,
            apn_key=apn_key,
            mailing=mailing,
            is_owner_occupied_by_vendor=vendor_flag,
            is_absentee=is_absentee,
            **_owners(get, problems),
            phones=tuple(self._read_phones(get, problems)),
            emails=tuple(self._read_emails(get, problems)),
            **values,
            problems=tuple(problems),
        )

    def _read_phones(self, get: Callable[[str], str], problems: list[Problem]) -> list[PhoneCell]:
        found: dict[str, PhoneCell] = {}
        for n in self._phones:
            number, problem = parse_phone(get(f"Phone {n}"))
            if problem and problem is not PhoneProblem.EMPTY:
                problems.append(Problem(Note.BAD_PHONE, f"Phone {n}: {problem.sentence}"))
            is_dnc = get(f"Phone {n} DNC").strip().casefold() not in _NO_DNC
            if number and number in found:
                is_dnc = is_dnc or found[number].is_dnc
            if number:
                found[number] = PhoneCell(number, _line_type(get(f"Phone {n} Type")), is_dnc)
        return list(found.values())

    def _read_emails(self, get: Callable[[str], str], problems: list[Problem]) -> list[str]:
        found: dict[str, None] = {}
        for n in self._emails:
            address = get(f"Email {n}").strip()
            if address and not _EMAIL.fullmatch(address):
                problems.append(Problem(Note.BAD_EMAIL, f"Email {n}"))
            elif address:
                found[address.lower()] = None
        return list(found)


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


def _rejected(row_no: int, note: Note) -> LeadRow:
    return LeadRow(row_no, PostalAddress(), "", "", "", "", problems=(Problem(note),))


def _postal(get: Callable[[str], str], prefix: str, problems: list[Problem]) -> PostalAddress:
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
    """The street as written, less a unit that has its own cell: '19 Hawkins St #1' and '1'."""
    if unit and (match := _UNIT_AT_END.search(line)) and match[1].casefold() == unit.casefold():
        line = line[: match.start()]
    return display_case(line)


def _note_identity(
    place: PostalAddress, county: str, apn: str, key: str, problems: list[Problem]
) -> None:
    if not place.key and not key:
        problems.append(Problem(Note.NO_IDENTITY))
        return
    if not place.key:
        problems.append(Problem(Note.ADDRESS_MISSING))
    elif not place.key[0].isdigit():
        problems.append(Problem(Note.ADDRESS_UNNUMBERED))
    if not apn:
        problems.append(Problem(Note.APN_MISSING))
    if not county:
        problems.append(Problem(Note.COUNTY_MISSING))


def _owners(get: Callable[[str], str], problems: list[Problem]) -> dict[str, Any]:
    care_of = cells.text_of(get("Mailing Care of Name"))
    other = second_owner(
        cells.text_of(get("Owner 2 First Name")), cells.text_of(get("Owner 2 Last Name"))
    )
    owner, was_helped = first_owner(
        cells.text_of(get("Owner 1 First Name")),
        cells.text_of(get("Owner 1 Last Name")),
        care_of,
        other,
    )
    if owner is None:
        problems.append(Problem(Note.OWNER_MISSING))
    if was_helped:
        problems.append(Problem(Note.OWNER_FROM_CARE_OF))
    return {
        "owners": tuple(name for name in (owner, other) if name),
        "care_of": care_of[:200],
        "is_litigator": cells.flag_of(get("Litigator")) is True,
        "is_do_not_mail": cells.flag_of(get("Do Not Mail")) is True,
    }


def _values(get: Callable[[str], str], problems: list[Problem]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "property_type": cells.text_of(get("Property Type"))[:80],
        "mls_status": cells.text_of(get("MLS Status")).upper()[:40],
    }
    for field, column in _AMOUNTS.items():
        values[field] = _checked(cells.money_of, get(column), column, problems)
    for field, column in _DATES.items():
        values[field] = _checked(cells.date_of, get(column), column, problems, Note.BAD_DATE)
    for field, column in (_INTEGERS | _COUNTS | _YEAR_COLUMNS).items():
        values[field] = _checked(cells.integer_of, get(column), column, problems)
    _drop_senseless(values, problems)
    values["bathrooms"] = _checked(cells.number_of, get("Total Bathrooms"), "Bathrooms", problems)
    if values["bathrooms"] is not None and not 0 <= values["bathrooms"] < 1000:
        values["bathrooms"] = None
    values["lot_sqft"], was_acres = cells.lot_sqft_of(get("Lot Size Sqft"))
    if was_acres:
        problems.append(Problem(Note.LOT_IN_ACRES))
    return values


def _checked(
    read: Callable[[str], Value | None],
    cell: str,
    column: str,
    problems: list[Problem],
    note: Note = Note.BAD_NUMBER,
) -> Value | None:
    if not cell:
        return None
    value = read(cell)
    if value is None and cell.strip():
        problems.append(Problem(note, column))
    return value


def _drop_senseless(values: dict[str, Any], problems: list[Problem]) -> None:
    """Years outside history and negative counts become unknown rather than wrong."""
    for field, column in _YEAR_COLUMNS.items():
        if values[field] is not None and values[field] not in _YEARS:
            values[field] = None
            problems.append(Problem(Note.BAD_NUMBER, column))
    for field, column in (_INTEGERS | _COUNTS).items():
        if values[field] is not None and values[field] < 0:
            values[field] = None
            problems.append(Problem(Note.BAD_NUMBER, column))
    for field in ("bedrooms", "open_loans", "marketing_lists"):
        if (values[field] or 0) > 10_000:
            values[field] = None


def _line_type(text: str) -> str:
    """'mobile', 'landline', 'voip' or '' when the list does not say."""
    word = re.sub(r"[^a-z]", "", text.casefold())
    known = {"mobile": "mobile", "wireless": "mobile", "cell": "mobile", "voip": "voip"}
    return known.get(word) or ("landline" if "land" in word else "")
