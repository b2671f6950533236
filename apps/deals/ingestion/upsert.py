"""A chunk of rows into the database: read once, decide in memory, write set by set."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from apps.common.bulk import insert_rows, reserve_ids
from apps.common.failpoints import failpoint
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion.notes import SENTENCES, Note, Problem
from apps.deals.ingestion.parcels import AmbiguousAddress, Parcel, Parcels
from apps.deals.ingestion.people import People
from apps.deals.ingestion.people_writing import write_people
from apps.deals.ingestion.pipeline import LeadDeal, Pipeline
from apps.deals.ingestion.property_values import PLACE
from apps.deals.ingestion.types import LeadRow, Outcome
from apps.deals.models import Deal, ImportRow, LeadImport, Property
from apps.deals.models.property import one_line
from apps.events.actions import Actor
from apps.events.catalog.deals import DealOpened, DealUpdated
from apps.events.history import record_bulk

REASON = "imported from a list"


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
    """The rows of one chunk, decided and written by `apply`."""

    lead_import: LeadImport
    rows: Sequence[LeadRow]
    cells: dict[int, list[str]]
    source: str
    results: list[RowResult] = field(default_factory=list)

    def apply(self, *, actor: Actor, now: datetime) -> None:
        """Everything but the facts. The caller holds the transaction and the workspace's lock."""
        workspace_id = self.lead_import.workspace_id
        self._parcels = Parcels(workspace_id)
        self._people = People(workspace_id)
        self._pipeline = Pipeline(workspace_id)
        taken = [row for row in self.rows if row.rejection is None]
        self._parcels.load(taken, self.lead_import)
        self._people.load(taken, self._pipeline.load(self._parcels.known))
        self._pipeline.seat(self._people)
        self.results = [self._decide(row) for row in self.rows]
        self._write(actor, now)

    def _decide(self, row: LeadRow) -> RowResult:
        if refusal := row.rejection:
            return RowResult(row, Outcome.REJECTED, str(refusal))
        try:
            parcel = self._parcels.find(row)
        except AmbiguousAddress:
            return RowResult(row, Outcome.REJECTED, SENTENCES[Note.AMBIGUOUS_ADDRESS])
        if parcel is not None and parcel.row_no is not None:
            return _duplicate(row, parcel)
        if parcel is None:
            parcel = self._parcels.open(row)
            self._pipeline.merge(parcel, row, self._people)
            return RowResult(row, Outcome.CREATED, parcel=parcel)
        changes = self._parcels.merge(parcel, row)
        changes |= self._pipeline.merge(parcel, row, self._people)
        parcel.row_no = row.row_no
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        return RowResult(row, outcome, parcel=parcel, changes=changes)

    def _write(self, actor: Actor, now: datetime) -> None:
        people = write_people(self._people, self.source, now)
        as_of = _as_of(self.rows) or now.date()
        self._parcels.write(self.source, as_of, now)
        failpoint("import.mid_chunk")
        self._pipeline.write(self.source, now)
        self._write_outcomes()
        for model, new, changed in (
            (Contact, people.contacts, people.changed_contacts),
            (Phone, people.phones, people.changed_phones),
            (EmailAddress, people.emails, []),
            (Property, _ids(self._parcels.new), _ids(self._parcels.changed)),
            (Deal, _ids(self._pipeline.new), _ids(self._pipeline.changed)),
        ):
            record_bulk(model, new, kind="+", reason=REASON, actor=actor, now=now)
            record_bulk(model, changed, kind="~", reason=REASON, actor=actor, now=now)

    def _write_outcomes(self) -> None:
        keys = reserve_ids(ImportRow, len(self.results))
        insert_rows(
            ImportRow,
            ["id", "lead_import_id", "row_no", "outcome", "reason", "notes", "duplicate_of",
             "property_id", "raw"],
            [
                [key, self.lead_import.pk, item.row.row_no, item.outcome.value, item.reason[:400],
                 json.dumps([str(problem) for problem in item.row.problems]), item.duplicate_of,
                 item.parcel and item.parcel.id, self._raw(item)]
                for key, item in zip(keys, self.results, strict=True)
            ],
        )  # fmt: skip

    def _raw(self, item: RowResult) -> str:
        """Rows whose content went nowhere keep their cells, so that nothing is lost."""
        is_kept = item.outcome in (Outcome.REJECTED, Outcome.DUPLICATE)
        return json.dumps(self.cells[item.row.row_no]) if is_kept else "[]"

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(item.outcome.value for item in self.results)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    def facts(self) -> list[DealOpened | DealUpdated]:
        """One fact per deal that this chunk opened or changed."""
        opened = [self._opened(deal) for deal in self._pipeline.new]
        updated = [
            DealUpdated(
                subject=item.parcel.deal.public_id, changes=item.changes, source=self.source
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


def _duplicate(row: LeadRow, parcel: Parcel) -> RowResult:
    reason = f"Duplicate of row {parcel.row_no}."
    if row.place.key and parcel.values["address_key"] != row.place.key:
        row = replace(row, problems=(*row.problems, Problem(Note.OTHER_ADDRESS)))
        reason = f"Duplicate of row {parcel.row_no}: same county and APN, another address."
    return RowResult(row, Outcome.DUPLICATE, reason, parcel.row_no, parcel)


def _ids(items: Sequence[Parcel] | Sequence[LeadDeal]) -> list[int]:
    return [item.id for item in items if item.id is not None]


def _as_of(rows: Sequence[LeadRow]) -> date | None:
    """The day the vendor made the list, by its newest row."""
    return max((row.listed_on for row in rows if row.listed_on), default=None)
