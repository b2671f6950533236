"""A row of cells turned into a `LeadRow`. Pure: same cells, same row; nothing raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from apps.common.ids import digest
from apps.common.names import Name, name_key
from apps.deals.ingestion import cells
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.distress import signals_reader
from apps.deals.ingestion.notes import Note, Problem
from apps.deals.ingestion.owners import owners_reader
from apps.deals.ingestion.persons import OTHER, OWNER, Flags, flags_of, people_reader
from apps.deals.ingestion.phones import emails_reader, phones_reader, refuses_calls
from apps.deals.ingestion.places import county_named_by, county_of, parcel_keys, place_reader
from apps.deals.ingestion.types import LeadRow, PersonCell, PostalAddress
from apps.deals.ingestion.values import values_reader
from apps.deals.ingestion.vendors import Header

_MOST_LISTS = 50
_NO_FLAGS = Flags()


class RowReader:
    """Reads the rows of one file. Build it once per header and mapping.

    Without a mapping the layout's own is used, as by imports from before mappings were stored.
    """

    def __init__(
        self,
        header: Header,
        mapping: Mapping[str, str] | None = None,
        *,
        is_person_rows: bool | None = None,
        is_surname_first: bool | None = None,
    ) -> None:
        layout = header.layout
        columns = self._columns = Columns(header.names, mapping or layout.mapping)
        self._width = columns.width
        self._is_person_rows = layout.is_person_rows if is_person_rows is None else is_person_rows
        surname_first = layout.is_surname_first if is_surname_first is None else is_surname_first
        self._place = place_reader(columns)
        self._mailing = place_reader(columns, "mailing_")
        self._values = values_reader(columns)
        self._owners = owners_reader(columns, is_surname_first=surname_first)
        self._phones = phones_reader(columns)
        self._emails = emails_reader(columns)
        self._refuses_calls = refuses_calls(columns)
        self._people = people_reader(columns)
        self._signals = signals_reader(columns)
        self._knows_apn = "apn" in columns
        self._knows_county = "county" in columns or "fips" in columns
        self._knows_mailing = any(
            f"mailing_{part}" in columns for part in ("line", "address", "street_name")
        )
        self._county, self._fips, self._apn = (columns[name] for name in ("county", "fips", "apn"))
        self._care_of, self._flags = columns["care_of"], columns["contact_flags"]
        self._occupied = columns["owner_occupied"]
        self._marks = [
            columns[name] for name in ("deceased", "litigator", "do_not_mail", "do_not_call")
        ]
        self._list_name, self._lists = columns["list_name"], columns["lists"]
        self._knows_flags = "contact_flags" in columns

    def read(self, row_no: int, row: Sequence[str]) -> LeadRow:
        """The row in our terms; `problems` says what is odd, `rejection` whether it must go."""
        width = self._width
        problems: list[Problem] = []
        if len(row) < width:
            problems.append(Problem(Note.SHORT_ROW))
            row = [*row, *[""] * (width - len(row) + 1)]
        elif len(row) == width:
            row = [*row, ""]
        elif any(cell.strip() for cell in row[width:]):
            return _rejected(row_no, Note.TOO_MANY_CELLS)
        else:
            row = [*row[:width], ""]
        if not "".join(row).strip():
            return _rejected(row_no, Note.EMPTY_ROW)
        return self._build(row_no, row, problems)

    def _build(self, row_no: int, row: Sequence[str], problems: list[Problem]) -> LeadRow:
        place, odd = self._place(row)
        mailing, _ = self._mailing(row)
        own_town = place
        place = _borrowed(place, mailing)
        if place is own_town:
            problems += odd
        fips = cells.fips_of(row[self._fips])
        county = county_of(row[self._county]) or county_named_by(fips)
        apn = cells.text_of(row[self._apn])[:200].removesuffix(".0")
        county_key, apn_key = parcel_keys(place.state, county, apn, fips)
        _note_identity(place, apn_key, problems)
        if not apn and self._knows_apn:
            problems.append(Problem(Note.APN_MISSING))
        if not (county or fips) and self._knows_county:
            problems.append(Problem(Note.COUNTY_MISSING))
        values = self._values(row, problems)
        vendor_flag = cells.flag_of(row[self._occupied])
        is_absentee = place.key != mailing.key if place.key and mailing.key else None
        if vendor_flag is not None and vendor_flag == is_absentee:
            problems.append(Problem(Note.OCCUPANCY_CONTRADICTS))
        if not mailing.key and self._knows_mailing:
            problems.append(Problem(Note.MAILING_MISSING))
        values |= self._somebody(row, problems)
        if place.key and not (place.city or place.zip_code):
            place = replace(place, key=townless_key(place.key, mailing.key, values))
        return LeadRow(
            row_no=row_no,
            place=place,
            county=county,
            apn=apn[:80],
            county_key=county_key,
            apn_key=apn_key,
            fips=fips,
            mailing=mailing,
            is_owner_occupied_by_vendor=vendor_flag,
            is_absentee=is_absentee,
            care_of=cells.text_of(row[self._care_of])[:200],
            lists=self._names_of_lists(row),
            signals=self._signals(row, values, values["is_deceased"]),
            problems=tuple(problems),
            **values,
        )

    def _somebody(self, row: Sequence[str], problems: list[Problem]) -> dict[str, Any]:
        """Owners, people, phones and marks of the row."""
        flags = flags_of(row[self._flags]) if row[self._flags] else _NO_FLAGS
        deceased, litigator, no_mail, no_call = (
            cells.flag_of(row[at]) is True for at in self._marks
        )
        found: dict[str, Any] = {
            "is_deceased": deceased or flags.is_deceased,
            "is_litigator": litigator or flags.is_litigator,
            "is_do_not_mail": no_mail or flags.is_do_not_mail,
            "is_do_not_call": no_call or flags.is_do_not_call or self._refuses_calls(row),
        }
        owners = self._owners(row, problems)
        phones, emails = self._phones(row, problems), self._emails(row, problems)
        people = self._people(row, problems)
        if not self._is_person_rows:
            return found | {
                "owners": owners, "phones": phones, "emails": emails, "people": people,
            }  # fmt: skip
        found["is_person_row"] = True
        part = flags.part or (OTHER if self._knows_flags else OWNER)
        marks = (found["is_litigator"], found["is_deceased"])
        found["people"] = (*_cells_of(owners, part, phones, emails, *marks), *people)
        return found

    def _names_of_lists(self, row: Sequence[str]) -> tuple[str, ...]:
        one, several = row[self._list_name], row[self._lists]
        if not one and not several:
            return ()
        names = [one, *several.replace("|", ",").replace(";", ",").split(",")]
        kept = (cells.text_of(name)[:120] for name in names[:_MOST_LISTS])
        return tuple(dict.fromkeys(name for name in kept if name))


def _borrowed(place: PostalAddress, mailing: PostalAddress) -> PostalAddress:
    """A bare street takes the town of a mailing address at that street: the owner lives there."""
    # A street without a letter we can compare, or far too long, is no key to borrow by.
    if place.zip_code or place.city or not mailing.key or place.key.count("|") < 2:
        return place
    street, unit, _ = place.key.split("|", 2)
    return mailing if mailing.key.startswith(f"{street}|{unit}|") else place


def townless_key(key: str, mailing: str, found: Mapping[str, Any]) -> str:
    """A street without a town is told from the same street elsewhere by whose it is.

    Owners and their mail count, where there are none phones and e-mails. Two rows that say nobody
    are one.
    """
    people = found.get("people", ()) if not found.get("is_person_row") else ()
    owners = [name_key(name) for name in found.get("owners", ())]
    owners += [name_key(person.name) for person in people if person.part == OWNER]
    whose = [*sorted(set(owners)), mailing]
    if not any(whose):
        whose = [*(phone.e164 for phone in found.get("phones", ())), *found.get("emails", ())]
    return f"{key}~{digest('|'.join(whose))[:16]}" if any(whose) else key


def _cells_of(
    names: tuple[Name, ...], part: str, phones: Any, emails: Any, *marks: bool
) -> list[PersonCell]:
    """The person of a contact list's row; phones are theirs alone."""
    return [
        PersonCell(name, part, phones if at == 0 else (), emails if at == 0 else (), *marks)
        for at, name in enumerate(names)
    ]


def _rejected(row_no: int, note: Note) -> LeadRow:
    return LeadRow(row_no, PostalAddress(), "", "", "", "", problems=(Problem(note),))


def _note_identity(place: PostalAddress, key: str, problems: list[Problem]) -> None:
    if not place.key and not key:
        problems.append(Problem(Note.NO_IDENTITY))
        return
    if not place.key:
        problems.append(Problem(Note.ADDRESS_MISSING))
    elif not place.key[0].isdigit():
        problems.append(Problem(Note.ADDRESS_UNNUMBERED))
