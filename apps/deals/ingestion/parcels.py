"""Which property a row is about: known ones, ones this file brought before, and new ones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.common.bulk import insert_rows, reserve_ids, update_rows
from apps.deals.ingestion.property_values import COLUMNS, PARCEL, PLACE, VALUES, says, values_of
from apps.deals.ingestion.types import LeadRow
from apps.deals.models import ImportRow, LeadImport, Property, Strength


@dataclass(slots=True, eq=False)
class Parcel:
    """A property as it stands in this chunk; `row_no` is the row of this import that told of it."""

    id: int | None
    public_id: uuid.UUID
    values: dict[str, Any]
    hand_edited: frozenset[str] = frozenset()
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

    def load(self, rows: Sequence[LeadRow], lead_import: LeadImport) -> None:
        """Read what the workspace has at these parcels and addresses, and what this file told."""
        apns = {row.apn_key for row in rows if row.apn_key}
        counties = {row.county_key for row in rows if row.apn_key}
        addresses = {row.place.key for row in rows if row.place.key}
        here = Property.objects.in_workspace(self.workspace_id)
        columns = ("id", "public_id", "hand_edited", *COLUMNS)
        for values in here.filter(apn_key__in=apns, county_key__in=counties).values(*columns):
            self._keep(values)
        found = [parcel.id for parcel in self.known]
        neighbors = here.filter(address_key__in=addresses).exclude(pk__in=found)
        for values in neighbors.values(*columns):
            self._keep(values)
        told = ImportRow.objects.filter(
            lead_import=lead_import,
            property_id__in=[parcel.id for parcel in self.known],
            outcome__in=["created", "updated", "unchanged"],
        )
        rows_told = dict(told.values_list("property_id", "row_no"))
        for parcel in self.known:
            parcel.row_no = rows_told.get(parcel.id or 0)

    def _keep(self, values: dict[str, Any]) -> None:
        parcel = Parcel(
            values.pop("id"),
            values.pop("public_id"),
            values,
            frozenset(values.pop("hand_edited") or ()),
        )
        self.known.append(parcel)
        self._index(parcel)

    def _index(self, parcel: Parcel) -> None:
        if parcel.values["apn_key"]:
            self._by_parcel[parcel.values["county_key"], parcel.values["apn_key"]] = parcel
        if parcel.values["address_key"]:
            self._by_address.setdefault(parcel.values["address_key"], []).append(parcel)

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
            return self._without_apn(row)
        if parcel := self._without_apn(row):
            return parcel
        there = self._by_address.get(row.place.key, [])
        if len(there) > 1:
            raise AmbiguousAddress(row.place.line)
        return there[0] if there else None

    def _without_apn(self, row: LeadRow) -> Parcel | None:
        there = self._by_address.get(row.place.key, []) if row.place.key else []
        return next((parcel for parcel in there if not parcel.values["apn_key"]), None)

    def open(self, row: LeadRow) -> Parcel:
        """A new property with what the row says."""
        parcel = Parcel(None, uuid.uuid4(), values_of(row), row_no=row.row_no)
        self.new.append(parcel)
        self._index(parcel)
        return parcel

    def merge(self, parcel: Parcel, row: LeadRow) -> dict[str, list[Any]]:
        """Take over what the row knows better; {column: [old, new]} of what changed.

        An empty cell says nothing, and a value a person entered by hand stays.
        """
        said = values_of(row)
        wanted = {name: said[name] for name in VALUES if says(name, said[name])}
        wanted |= self._identity(parcel, said)
        changes = {
            name: [parcel.values[name], value]
            for name, value in wanted.items()
            if parcel.values[name] != value and name not in parcel.hand_edited
        }
        if changes:
            self._forget_address(parcel)
            parcel.values.update({name: new for name, (_, new) in changes.items()})
            parcel.is_changed = True
            parcel.is_renamed = not changes.keys().isdisjoint((*PLACE, "apn"))
            self._index(parcel)
        return {name: change for name, change in changes.items() if not name.endswith("_key")}

    def _identity(self, parcel: Parcel, said: dict[str, Any]) -> dict[str, Any]:
        known = parcel.values
        wanted: dict[str, Any] = {}
        if said["apn_key"] and not known["apn_key"]:
            wanted |= {name: said[name] for name in PARCEL}
        wanted |= {name: said[name] for name in ("county", "apn") if said[name] and not known[name]}
        if said["address_key"] in ("", known["address_key"]):
            return wanted | {name: said[name] for name in PLACE if said[name] and not known[name]}
        if not parcel.hand_edited.intersection(PLACE):
            wanted |= {name: said[name] for name in (*PLACE, "address_key")}
        return wanted

    def write(self, source: str, as_of: Any, now: Any) -> None:
        """Insert the new, update the changed. Ids of new parcels are known afterwards."""
        for parcel, key in zip(self.new, reserve_ids(Property, len(self.new)), strict=True):
            parcel.id = key
        fixed = (
            "workspace_id", "public_id", "created_at", "source", "as_of", "hand_edited", "fips",
            "strength", "provenance", "conflicts", "id",
        )  # fmt: skip
        insert_rows(
            Property,
            [*COLUMNS, *fixed],
            [
                [*map(item.values.__getitem__, COLUMNS), self.workspace_id, item.public_id, now,
                 source, as_of, "[]", "", Strength.LIST.value, "{}", "{}", item.id]
                for item in self.new
            ],
        )  # fmt: skip
        update_rows(
            Property,
            [*COLUMNS, "source", "as_of"],
            [
                [*map(item.values.__getitem__, COLUMNS), source, as_of, item.id]
                for item in self.changed
            ],
        )

    @property
    def changed(self) -> list[Parcel]:
        return [parcel for parcel in self.known if parcel.is_changed]


class AmbiguousAddress(ValueError):
    """Several parcels stand at the address of a row that names none of them."""
