"""A chunk of rows into the database: read once, decide in memory, write set by set."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from apps.common.bulk import insert_rows, reserve_ids
from apps.common.failpoints import failpoint
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion.claims import Origin, admits
from apps.deals.ingestion.marks import Marks
from apps.deals.ingestion.notes import SENTENCES, Note, Problem
from apps.deals.ingestion.parcels import AmbiguousAddress, Parcel, Parcels
from apps.deals.ingestion.people import People
from apps.deals.ingestion.people_writing import write_people
from apps.deals.ingestion.pipeline import LeadDeal, Pipeline, owners_claim
from apps.deals.ingestion.property_values import OWNERS, PLACE
from apps.deals.ingestion.repeats import Repeat
from apps.deals.ingestion.seen import Nothing, Seen
from apps.deals.ingestion.types import LeadRow, Outcome
from apps.deals.ingestion.writing import write_deals, write_marks, write_parcels
from apps.deals.models import Deal, ImportRow, LeadImport, LeadSource, Property
from apps.deals.models.property import one_line
from apps.deals.rules import business_day
from apps.events.actions import Actor
from apps.events.catalog.deals import DealOpened, DealUpdated
from apps.events.history import record_bulk

REASON = "imported from a list"
_SETTLED = (Outcome.CREATED, Outcome.UNCHANGED)


def reason_of(lead_import: LeadImport) -> str:
    """Why record history says a row changed; undoing the import finds its rows by it."""
    return f"{REASON} (import {lead_import.pk})"


@dataclass(slots=True)
class RowResult:
    row: LeadRow
    outcome: Outcome
    reason: str = ""
    duplicate_of: int | None = None
    parcel: Parcel | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Chunk:
    """The rows of one chunk: `load` and `decide` only read, `write` stores what was decided.

    `source` is what properties give as their source, `vendor` what signals do. `repeats` are rows
    of the chunk that are known to change nothing: they are answered, and not among `rows`.
    """

    lead_import: LeadImport
    rows: Sequence[LeadRow]
    cells: dict[int, list[str]]
    source: str
    vendor: str = ""
    repeats: Mapping[int, Repeat] = field(default_factory=dict)
    results: list[RowResult] = field(default_factory=list)
    takes_repeats: bool = False

    def load(self, *, now: datetime, seen: Seen | None = None) -> None:
        """Read what the rows may be about. `seen` stands for earlier chunks not written."""
        self._seen = seen = seen or Nothing()
        workspace_id = self.lead_import.workspace_id
        self.day = self.lead_import.as_of or business_day(now)
        self.parcels = Parcels(workspace_id)
        self.people = People(workspace_id)
        self.pipeline = Pipeline(workspace_id)
        own = self.lead_import.lead_list
        self.marks = Marks(
            workspace_id, self.vendor or self.source, self.day, own.name if own else ""
        )
        # A parcel this file told of before is not merged again, unless by a further person, or
        # where a feed tells of one house several times: the later record is news, no duplicate.
        source = self.lead_import.source
        self.takes_repeats = source is not None and source.type != LeadSource.Type.FOLDER
        taken = [row for row in self.rows if row.rejection is None]
        if not taken:
            return
        self.parcels.load(taken, seen.parcels)
        if not seen.recall(self, taken):
            self.parcels.mark_told(self.lead_import)
        is_by_person = self.takes_repeats or any(row.is_person_row for row in taken)
        open_parcels = [
            item
            for item in self.parcels.known
            if item.id is not None and (item.row_no is None or is_by_person)
        ]
        self.people.adopt(self.parcels.known)
        self.people.load(taken, self.pipeline.load(open_parcels), seen.owners)
        self.pipeline.seat(self.people)
        self.marks.load(open_parcels)

    def reached(self) -> list[int]:
        """Repeats that a row which is read may have to do with, by their row numbers."""
        if not self.rows:
            return []
        properties = {parcel.id for parcel in self.parcels.known}
        return [
            row_no
            for row_no, item in self.repeats.items()
            if item.property_id in properties or self.people.has_any(item.contacts)
        ]

    def decide(self) -> None:
        """What becomes of each row."""
        self.results = [self._decide(row) for row in self.rows]
        self._seen.remember(self)

    def _decide(self, row: LeadRow) -> RowResult:
        if refusal := row.rejection:
            return RowResult(row, Outcome.REJECTED, str(refusal))
        try:
            parcel = self.parcels.find(row)
        except AmbiguousAddress:
            return RowResult(row, Outcome.REJECTED, SENTENCES[Note.AMBIGUOUS_ADDRESS])
        origin = self._origin(row)
        if parcel is None:
            return self._open(row, origin)
        if parcel.row_no is not None and not (row.is_person_row or self.takes_repeats):
            return _duplicate(row, parcel)
        changes = self._merge(parcel, row, origin)
        parcel.row_no = parcel.row_no or row.row_no
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        return RowResult(row, outcome, parcel=parcel, changes=changes)

    def _origin(self, row: LeadRow) -> Origin:
        """No row knows of a day after its file."""
        said = row.as_of or row.listed_on or self.day
        return Origin(self.source, min(said, self.day), self.lead_import.strength)

    def _open(self, row: LeadRow, origin: Origin) -> RowResult:
        parcel = self.parcels.open(row, origin)
        deal = self.pipeline.open(parcel)
        self.pipeline.merge(deal, row, self.people, is_believed=True, is_fresh=True)
        self.marks.merge(parcel, row, _day(origin))
        return RowResult(row, Outcome.CREATED, parcel=parcel)

    def _merge(self, parcel: Parcel, row: LeadRow, origin: Origin) -> dict[str, list[Any]]:
        owners = owners_claim(parcel.deal, row)
        is_fresh = admits(parcel.origin_of(OWNERS), origin)
        changes = self.parcels.merge(parcel, row, origin, owners)
        is_believed = changes.pop(OWNERS, None) is not None or owners[1] in ("", owners[0])
        deal = parcel.deal
        if deal is None:
            deal = self.pipeline.open(parcel)
            changes["deal"] = ["", "opened"]
        changes |= self.pipeline.merge(
            deal, row, self.people, is_believed=is_believed, is_fresh=is_fresh
        )
        changes |= self.marks.merge(parcel, row, _day(origin))
        return changes

    def write(self, *, actor: Actor, now: datetime) -> None:
        """Everything but the facts. The caller holds the transaction and the workspace's lock."""
        people = write_people(self.people, self.source, now)
        write_parcels(self.parcels, now)
        failpoint("import.mid_chunk")
        write_deals(self.pipeline, self.lead_import, self.source, now)
        write_marks(self.marks, self.lead_import, self.source, now)
        self._write_outcomes()
        reason = reason_of(self.lead_import)
        for model, new, changed in (
            (Contact, people.contacts, people.changed_contacts),
            (Phone, people.phones, people.changed_phones),
            (EmailAddress, people.emails, []),
            (Property, _ids(self.parcels.new), _ids(self.parcels.changed)),
            (Deal, _ids(self.pipeline.new), _ids(self.pipeline.changed)),
        ):
            record_bulk(model, new, kind="+", reason=reason, actor=actor, now=now)
            record_bulk(model, changed, kind="~", reason=reason, actor=actor, now=now)

    def _write_outcomes(self) -> None:
        held = self.lead_import.pk
        rows: list[list[Any]] = [
            [item.row.row_no, item.outcome.value, item.reason[:400], _notes(item.row),
             item.duplicate_of, item.parcel and item.parcel.id, self._raw(item),
             self._is_repeatable(item), held]
            for item in self.results
        ]  # fmt: skip
        if self.repeats:
            rows += [
                [row_no, Outcome.UNCHANGED.value, "", item.notes, None, item.property_id, "[]",
                 True, held]
                for row_no, item in self.repeats.items()
            ]  # fmt: skip
            rows.sort(key=itemgetter(0))
        keys = reserve_ids(ImportRow, len(rows))
        insert_rows(
            ImportRow,
            ["row_no", "outcome", "reason", "notes", "duplicate_of", "property_id", "raw",
             "is_repeatable", "lead_import_id", "id"],
            ([*row, key] for row, key in zip(rows, keys, strict=True)),
        )  # fmt: skip

    def _is_repeatable(self, item: RowResult) -> bool:
        """Whether the row is answered by its property, whatever else comes: found by its own keys,
        once in the file, and without a word on numbers that others may add."""
        if item.outcome not in _SETTLED or item.parcel is None or self.takes_repeats:
            return False
        row, values = item.row, item.parcel.values
        if row.is_person_row or row.is_do_not_call:
            return False
        if row.apn_key:
            return bool(row.apn_key == values["apn_key"] and row.county_key == values["county_key"])
        return not values["apn_key"] and row.place.key == values["address_key"]

    def _raw(self, item: RowResult) -> str:
        """Rows whose content went nowhere keep their cells, so that nothing is lost."""
        is_kept = item.outcome in (Outcome.REJECTED, Outcome.DUPLICATE)
        return json.dumps(self.cells[item.row.row_no]) if is_kept else "[]"

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(item.outcome.value for item in self.results)
        found[Outcome.UNCHANGED.value] += len(self.repeats)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    def facts(self) -> list[DealOpened | DealUpdated]:
        """One fact per deal that this chunk opened or changed."""
        opened = [self._opened(deal) for deal in self.pipeline.new]
        updated = [
            DealUpdated(
                subject=item.parcel.deal.public_id,
                changes=item.changes,
                source=self.source,
                lead_import=self.lead_import.public_id,
            )
            for item in self.results
            if item.parcel and item.outcome is Outcome.UPDATED and "deal" not in item.changes
        ]
        return [*opened, *updated]

    def _opened(self, deal: LeadDeal) -> DealOpened:
        values = deal.parcel.values
        return DealOpened(
            subject=deal.public_id,
            stage="new",
            status="open",
            address=one_line(*(values[name] for name in (*PLACE, "apn"))),
            source=self.source,
            seller=deal.seller.public_id if deal.seller else None,
            lead_import=self.lead_import.public_id,
        )


def notes_of(row: LeadRow) -> list[str]:
    """What is odd about a row, and what it said that has no column."""
    notes = [str(problem) for problem in row.problems]
    if row.arv_amount is not None:
        notes.append(str(Problem(Note.VENDOR_ARV, f"${row.arv_amount:,.0f}")))
    if row.external_id:
        notes.append(str(Problem(Note.VENDOR_ID, row.external_id[:80])))
    if row.notes:
        notes.append(str(Problem(Note.LIST_NOTES, row.notes[:500])))
    return notes


def _notes(row: LeadRow) -> str:
    notes = notes_of(row)
    return json.dumps(notes) if notes else "[]"


def _duplicate(row: LeadRow, parcel: Parcel) -> RowResult:
    reason = f"Duplicate of row {parcel.row_no}."
    if row.place.key and parcel.values["address_key"] != row.place.key:
        row = replace(row, problems=(*row.problems, Problem(Note.OTHER_ADDRESS)))
        reason = f"Duplicate of row {parcel.row_no}: same county and APN, another address."
    return RowResult(row, Outcome.DUPLICATE, reason, parcel.row_no, parcel)


def _day(origin: Origin) -> date:
    return origin.as_of or date.min


def _ids(items: Sequence[Parcel] | Sequence[LeadDeal]) -> list[int]:
    return [item.id for item in items if item.id is not None]
