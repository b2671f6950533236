"""A row of cells turned into a `LeadRow`. Pure: same cells, same row; nothing raises."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from apps.common.names import display_case
from apps.common.phones import PhoneProblem, parse_phone
from apps.deals.ingestion import cells
from apps.deals.ingestion.notes import Note, Problem
from apps.deals.ingestion.owners import first_owner, second_owner
from apps.deals.ingestion.places import parcel_keys, postal_address
from apps.deals.ingestion.types import LeadRow, PhoneCell, PostalAddress
from apps.deals.ingestion.values import values_of_row
from apps.deals.ingestion.vendors import Header

_EMAIL = re.compile(r"[A-Z0-9._%+'-]{1,64}@(?:[A-Z0-9-]{1,63}\.)+[A-Z]{2,24}", re.IGNORECASE)
_NO_DNC = frozenset({"", "no", "n", "false", "0"})


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
        place = postal_address(get, "", problems)
        mailing = postal_address(get, "Mailing ", [])
        county = display_case(cells.text_of(get("County")))[:80]
        apn = cells.text_of(get("APN"))[:200]
        county_key, apn_key = parcel_keys(place.state, county, apn)
        _note_identity(place, county, apn, apn_key, problems)
        values = values_of_row(get, problems)
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


def _rejected(row_no: int, note: Note) -> LeadRow:
    return LeadRow(row_no, PostalAddress(), "", "", "", "", problems=(Problem(note),))


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


def _line_type(text: str) -> str:
    """'mobile', 'landline', 'voip' or '' when the list does not say."""
    word = re.sub(r"[^a-z]", "", text.casefold())
    known = {"mobile": "mobile", "wireless": "mobile", "cell": "mobile", "voip": "voip"}
    return known.get(word) or ("landline" if "land" in word else "")
