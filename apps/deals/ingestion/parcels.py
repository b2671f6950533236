"""Which property a row is about: known ones, ones this file brought before, and new ones."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from apps.common.lookups import Many
from apps.deals.ingestion.claims import Held, Origin, apply_claims
from apps.deals.ingestion.property_values import (
    ADDRESS,
    COLUMNS,
    OWNERS,
    PARCEL,
    PLACE,
    TRACKED,
    said_by,
    values_of,
)
from apps.deals.ingestion.types import LeadRow
from apps.deals.models import ImportRow, LeadImport, Property
from apps.deals.models.property import one_line

# JSON as text: most of it is empty, and Django would parse every cell.
READ = (
    "id", "public_id", "source", "as_of", "strength",
    *(Cast(name, TextField()) for name in ("provenance", "conflicts", "hand_edited")),
    *COLUMNS,
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Parcel(Held):
    """A property as it stands in this chunk; `row_no` is the row of this import that told of it."""

    id: int | None = None
    public_id: uuid.UUID = field(default_factory=uuid.uuid4)
    row_no: int | None = None
    is_changed: bool = False
    is_renamed: bool = False
    deal: Any = None

    @property
    def is_new(self) -> bool:
        return self.id is None


@dataclass
class Parcels:
    """The properties a chunk of rows may be about."""

    workspace_id: int
    new: list[Parcel] = field(default_factory=list)
    known: list[Parcel] = field(default_factory=list)
    _by_parcel: dict[tuple[str, str], Parcel] = field(default_factory=dict)
    _by_address: dict[str, list[Parcel]] = field(default_factory=dict)

    def load(self, rows: Sequence[LeadRow], held: Mapping[int, Parcel]) -> None:
        """Read what the workspace has at these parcels and addresses; `held` are newer already."""
        apns = {row.apn_key for row in rows if row.apn_key}
        counties = {row.county_key for row in rows if row.apn_key}
        here = Property.objects.in_workspace(self.workspace_id)
        for values in here.filter(
            apn_key__any_of=Many(apns), county_key__any_of=Many(counties)
        ).values_list(*READ):
            self.keep(held.get(values[0]) or _parcel(values))
        # Whoever is found by parcel is not looked for by address: see `find`.
        addresses = {
            row.place.key
            for row in rows
            if row.place.key and (row.county_key, row.apn_key) not in self._by_parcel
        }
        found = {parcel.id for parcel in self.known}
        for values in here.filter(address_key__any_of=Many(addresses)).values_list(*READ):
            if values[0] not in found:
                self.keep(held.get(values[0]) or _parcel(values))

    def mark_told(self, lead_import: LeadImport) -> None:
        """Which of them rows of this import told of before."""
        told = ImportRow.objects.filter(
            lead_import=lead_import,
            property_id__any_of=Many(parcel.id for parcel in self.known if parcel.id),
            outcome__in=["created", "updated", "unchanged"],
        )
        first: dict[int, int] = {}
        for key, row_no in told.order_by("-row_no").values_list("property_id", "row_no"):
            first[key] = row_no
        for parcel in self.known:
            parcel.row_no = first.get(parcel.id or 0)

    def keep(self, parcel: Parcel) -> None:
        self.known.append(parcel)
        self._index(parcel)

    def _index(self, parcel: Parcel) -> None:
        values = parcel.values
        if values["apn_key"]:
            self._by_parcel[values["county_key"], values["apn_key"]] = parcel
        if values["address_key"]:
            self._by_address.setdefault(values["address_key"], []).append(parcel)

    def _forget_address(self, parcel: Parcel) -> None:
        """Before its keys change: listed twice or where it stood, it would mislead `find`."""
        there = self._by_address.get(parcel.values["address_key"], [])
        if parcel in there:
            there.remove(parcel)

    def find(self, row: LeadRow) -> Parcel | None:
        """County and APN first; by address only where no second APN contradicts.

        Raises AmbiguousAddress when a row without APN could mean several parcels.
        """
        if row.apn_key:
            if parcel := self._by_parcel.get((row.county_key, row.apn_key)):
                return parcel
            return self._of_same_apn(row) or self._without_apn(row)
        if parcel := self._without_apn(row):
            return parcel
        there = self._by_address.get(row.place.key, [])
        if len(there) > 1:
            raise AmbiguousAddress(row.place.line)
        return there[0] if there else None

    def _of_same_apn(self, row: LeadRow) -> Parcel | None:
        """One APN at one address is one parcel, however two files write its county."""
        there = self._by_address.get(row.place.key, []) if row.place.key else []
        same = (one for one in there if one.values["apn_key"] == row.apn_key and not one.row_no)
        return next(same, None)

    def _without_apn(self, row: LeadRow) -> Parcel | None:
        there = self._by_address.get(row.place.key, []) if row.place.key else []
        return next((parcel for parcel in there if not parcel.values["apn_key"]), None)

    def open(self, row: LeadRow, origin: Origin) -> Parcel:
        """A new property with what the row says."""
        parcel = Parcel(values_of(row), origin, row_no=row.row_no)
        self.new.append(parcel)
        self._index(parcel)
        return parcel

    def merge(
        self, parcel: Parcel, row: LeadRow, origin: Origin, owners: tuple[str, str]
    ) -> dict[str, list[Any]]:
        """Take over what the row knows better; {column: [old, new]} of what changed.

        An empty cell says nothing, and a value a person entered by hand stays. `owners` are those
        held and those the row names; "owners" among the changes says that the row is believed.
        """
        values = parcel.values
        values[OWNERS], said_owners = owners
        values[ADDRESS] = _address(values)
        said = said_by(row)
        _keep_real_year(values, row, said)
        if said_owners:
            said[OWNERS] = said_owners
        is_same_place = row.place.key in ("", values["address_key"])
        if row.place.key:
            said[ADDRESS] = values[ADDRESS] if is_same_place else row_address(row)
        changes = apply_claims(parcel, said, origin, TRACKED)
        is_set_by_hand = "is_do_not_mail" in parcel.hand_edited
        if row.is_do_not_mail and not (values["is_do_not_mail"] or is_set_by_hand):
            values["is_do_not_mail"] = True
            changes["is_do_not_mail"] = [False, True]
        has_moved = changes.pop(ADDRESS, None) is not None
        if placed := _identity(parcel, row, has_moved=has_moved, is_same_place=is_same_place):
            self._replace_keys(parcel, placed)
            changes = {
                name: change for name, change in placed.items() if name[-4:] != "_key"
            } | changes
        parcel.is_changed = parcel.is_changed or bool(changes or placed) or parcel.has_news
        return changes

    def _replace_keys(self, parcel: Parcel, placed: dict[str, list[Any]]) -> None:
        self._forget_address(parcel)
        parcel.values.update({name: new for name, (_, new) in placed.items()})
        parcel.is_renamed = True
        self._index(parcel)

    @property
    def changed(self) -> list[Parcel]:
        return [parcel for parcel in self.known if parcel.is_changed]


class AmbiguousAddress(ValueError):
    """Several parcels stand at the address of a row that names none of them."""


def read_parcel(held: Property) -> Parcel:
    """One property as it stands in the database."""
    rows = Property.objects.in_workspace(held.workspace_id).filter(pk=held.pk)
    return _parcel(rows.values_list(*READ).get())


def _parcel(row: Sequence[Any]) -> Parcel:
    key, public_id, source, as_of, strength, provenance, conflicts, hand_edited, *values = row
    edited = frozenset(_parsed(hand_edited))
    return Parcel(
        dict(zip(COLUMNS, values, strict=True)),
        Origin(source, as_of, strength),
        _parsed(provenance),
        _parsed(conflicts),
        edited | {ADDRESS} if edited.intersection(PLACE) else edited,
        id=key,
        public_id=public_id,
    )


def _parsed(text: str) -> Any:
    return {} if len(text) == 2 else json.loads(text)


def _identity(
    parcel: Parcel, row: LeadRow, *, has_moved: bool, is_same_place: bool
) -> dict[str, list[Any]]:
    """What a row adds to how a property is found, as {column: [old, new]}."""
    known, said = parcel.values, _place_of(row)
    wanted: dict[str, Any] = {}
    if row.apn_key and not known["apn_key"]:
        wanted |= {name: said[name] for name in PARCEL}
    wanted |= {name: said[name] for name in ("county", "apn") if said[name] and not known[name]}
    if has_moved:
        wanted |= {name: said[name] for name in (*PLACE, "address_key")}
    elif is_same_place:
        wanted |= {name: said[name] for name in PLACE if said[name] and not known[name]}
    return {
        name: [known[name], value]
        for name, value in wanted.items()
        if known[name] != value and name not in parcel.hand_edited
    }


def _place_of(row: LeadRow) -> dict[str, str]:
    place = row.place
    return {
        "line": place.line, "unit": place.unit, "city": place.city, "state": place.state,
        "zip": place.zip_code, "address_key": place.key, "county": row.county, "apn": row.apn,
        "county_key": row.county_key, "apn_key": row.apn_key,
    }  # fmt: skip


def _address(values: dict[str, Any]) -> str:
    if not values["address_key"]:
        return ""
    line, unit, city, state, zip_code = (values[name] for name in PLACE)
    return one_line(line, unit, city, state, zip_code, "")


def row_address(row: LeadRow) -> str:
    """The address a row names, in one line."""
    place = row.place
    return one_line(place.line, place.unit, place.city, place.state, place.zip_code, "")


def _keep_real_year(values: dict[str, Any], row: LeadRow, said: dict[str, Any]) -> None:
    """An effective year stands in for the year built only where no better one is known."""
    held = values["year_built"]
    if row.year_built is None and held not in (None, values["effective_year_built"]):
        said.pop("year_built", None)
