"""What a preview remembers of earlier chunks, which it decided and did not write.

A row that repeats one of an earlier chunk only needs that row's keys: two numbers in a table. Whole
objects are kept only of properties that a later row may be merged into again: those that got
another address, and those a contact list adds further people to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from apps.deals.ingestion.claims import Origin
from apps.deals.ingestion.marks import ParcelMarks
from apps.deals.ingestion.owner import Owner
from apps.deals.ingestion.parcels import Parcel
from apps.deals.ingestion.types import LeadRow, Outcome

if TYPE_CHECKING:
    from apps.deals.ingestion.upsert import Chunk

UNKNOWN = Origin("", None, 0)
# Differs from every address and is no blank.
SOMEWHERE = "?"


class Seen(Protocol):
    parcels: dict[int, Parcel]
    owners: dict[int, Owner]

    def recall(self, chunk: Chunk, rows: Sequence[LeadRow]) -> bool: ...

    def remember(self, chunk: Chunk) -> None: ...


class Nothing:
    """A real run: earlier chunks stand in the database."""

    parcels: dict[int, Parcel] = {}
    owners: dict[int, Owner] = {}

    def recall(self, chunk: Chunk, rows: Sequence[LeadRow]) -> bool:
        return False

    def remember(self, chunk: Chunk) -> None:
        return


@dataclass
class Memory:
    """Earlier chunks of a preview."""

    parcels: dict[int, Parcel] = field(default_factory=dict)
    owners: dict[int, Owner] = field(default_factory=dict)
    _told: dict[int, int] = field(default_factory=dict)
    _by_parcel: dict[int, int] = field(default_factory=dict)
    _by_address: dict[int, int | tuple[int, ...]] = field(default_factory=dict)
    _without_apn: set[int] = field(default_factory=set)
    # Kept whole, by the row that brought them, with what they carry.
    _whole: dict[int, tuple[Parcel, ParcelMarks | None]] = field(default_factory=dict)

    def recall(self, chunk: Chunk, rows: Sequence[LeadRow]) -> bool:
        """Put what earlier chunks brought beside what the database has."""
        parcels = chunk.parcels
        for parcel in parcels.known:
            parcel.row_no = self._told.get(parcel.id or 0)
        back: dict[int, Parcel] = {}
        there = set(parcels.known)
        for row in rows:
            for row_no in self._rows_at(row):
                if row_no not in back:
                    back[row_no] = (
                        self._whole[row_no][0] if row_no in self._whole else self._stub(row_no)
                    )
                    self._point(back[row_no], row)
                elif row_no not in self._whole:
                    self._point(back[row_no], row)
        for row_no, parcel in back.items():
            if parcel not in there:
                parcels.keep(parcel)
            marks = self._whole[row_no][1] if row_no in self._whole else None
            if marks is not None:
                chunk.marks.keep(parcel, marks)
        return True

    def _rows_at(self, row: LeadRow) -> Iterator[int]:
        if row.apn_key:
            found = self._by_parcel.get(hash((row.county_key, row.apn_key)))
            if found is not None:
                yield found
        if row.place.key:
            there = self._by_address.get(hash(row.place.key), ())
            yield from there if isinstance(there, tuple) else (there,)

    def _stub(self, row_no: int) -> Parcel:
        has_apn = row_no not in self._without_apn
        values = {
            "county_key": "",
            "apn_key": SOMEWHERE if has_apn else "",
            "address_key": SOMEWHERE,
        }
        return Parcel(values, UNKNOWN, row_no=row_no)

    def _point(self, parcel: Parcel, row: LeadRow) -> None:
        """Give a stub the keys by which this row met it."""
        if parcel.row_no in self._whole:
            return
        if (
            row.apn_key
            and self._by_parcel.get(hash((row.county_key, row.apn_key))) == parcel.row_no
        ):
            parcel.values |= {"county_key": row.county_key, "apn_key": row.apn_key}
        there = self._by_address.get(hash(row.place.key), ()) if row.place.key else ()
        if parcel.row_no in (there if isinstance(there, tuple) else (there,)):
            parcel.values["address_key"] = row.place.key

    def remember(self, chunk: Chunk) -> None:
        for item in chunk.results:
            parcel = item.parcel
            if parcel is None or item.outcome is Outcome.DUPLICATE:
                continue
            row_no = parcel.row_no or item.row.row_no
            is_whole = item.row.is_person_row or chunk.takes_repeats
            if parcel.id is not None:
                self._told.setdefault(parcel.id, row_no)
                is_whole = is_whole or parcel.is_renamed
            if is_whole:
                self._whole[row_no] = (parcel, chunk.marks.of(parcel))
                if parcel.id is not None:
                    self.parcels[parcel.id] = parcel
            if is_whole or item.outcome is Outcome.CREATED:
                self._index(parcel, row_no)
        for owner in chunk.people.known:
            if owner.is_changed or _has_news(owner):
                self.owners[owner.id or 0] = owner

    def _index(self, parcel: Parcel, row_no: int) -> None:
        values = parcel.values
        if values["apn_key"]:
            self._by_parcel[hash((values["county_key"], values["apn_key"]))] = row_no
            self._without_apn.discard(row_no)
        else:
            self._without_apn.add(row_no)
        if not values["address_key"]:
            return
        key = hash(values["address_key"])
        there = self._by_address.get(key)
        if there is None:
            self._by_address[key] = row_no
        elif row_no not in (known := there if isinstance(there, tuple) else (there,)):
            self._by_address[key] = (*known, row_no)


def _has_news(owner: Owner) -> bool:
    return any(phone.id is None or phone.is_changed for phone in owner.phones.values()) or any(
        key is None for key in owner.emails.values()
    )
