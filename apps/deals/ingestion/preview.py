"""What an import would do, decided by the importer itself and written nowhere."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.deals.ingestion.reader import ListFile
from apps.deals.ingestion.seen import Memory
from apps.deals.ingestion.stored import reader_of, source_of, stored_rows, vendor_of
from apps.deals.ingestion.taking import day_of_file, detect_in
from apps.deals.ingestion.types import LeadRow, Outcome
from apps.deals.ingestion.upsert import Chunk, RowResult, notes_of
from apps.deals.models import LeadImport, Strength
from apps.deals.models.property import one_line
from apps.workspaces.models import Workspace

SAMPLES = 10
CHUNK_ROWS = 1000


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row that stands for others of its outcome. `changes`: field -> [old, new]."""

    row_no: int
    address: str
    reason: str
    changes: dict[str, list[Any]]
    notes: list[str]


@dataclass
class Preview:
    """`counts` and `samples` by outcome; `changed_fields` counts the updated rows per field."""

    counts: dict[str, int] = field(
        default_factory=lambda: {outcome.value: 0 for outcome in Outcome}
    )
    samples: dict[str, list[PreviewRow]] = field(
        default_factory=lambda: {outcome.value: [] for outcome in Outcome}
    )
    changed_fields: Counter[str] = field(default_factory=Counter)

    def add(self, result: RowResult) -> None:
        outcome = result.outcome.value
        self.counts[outcome] += 1
        self.changed_fields.update(result.changes.keys())
        if len(self.samples[outcome]) < SAMPLES:
            self.samples[outcome].append(_sample(result))


def preview_import(lead_import: LeadImport, *, now: datetime, most: int | None = None) -> Preview:
    """What running its first `most` rows (or all) would do, as things stand now."""
    reader = reader_of(lead_import)
    rows = itertools.islice(stored_rows(lead_import), most)
    return preview(lead_import, itertools.starmap(reader.read, rows), now=now)


def preview_file(
    workspace: Workspace,
    list_file: ListFile,
    mapping: dict[str, str] | None = None,
    *,
    now: datetime,
    file_name: str = "list.csv",
    strength: int = Strength.LIST,
) -> Preview:
    """What importing this file would do; `mapping` (header -> field) overrules what the
    workspace's presets or a guess say."""
    known = detect_in(workspace, list_file)
    stand_in = LeadImport(
        workspace=workspace,
        file_name=file_name,
        vendor=known.preset_slug,
        encoding=list_file.encoding,
        delimiter=list_file.delimiter,
        header=list(list_file.header.names),
        header_row=list_file.header_row,
        mapping=known.mapping if mapping is None else mapping,
        is_person_rows=known.is_person_rows,
        is_surname_first=known.is_surname_first,
        strength=strength,
        as_of=day_of_file(workspace, list_file.sha256, now),
    )
    reader = reader_of(stand_in)
    return preview(stand_in, itertools.starmap(reader.read, list_file.rows()), now=now)


def preview(lead_import: LeadImport, rows: Iterable[LeadRow], *, now: datetime) -> Preview:
    """Decide every row as the import would."""
    found = Preview()
    for step in preview_steps(lead_import, rows, now=now):
        found = step
    return found


def preview_steps(
    lead_import: LeadImport, rows: Iterable[LeadRow], *, now: datetime
) -> Iterator[Preview]:
    """The preview as it grows, chunk by chunk; memory stays small."""
    found, memory = Preview(), Memory()
    for part in _parts(rows):
        chunk = Chunk(lead_import, part, {}, source_of(lead_import), vendor_of(lead_import))
        chunk.load(now=now, seen=memory)
        chunk.decide()
        for result in chunk.results:
            found.add(result)
        yield found


def _parts(rows: Iterable[LeadRow]) -> Iterator[list[LeadRow]]:
    left = iter(rows)
    while part := list(itertools.islice(left, CHUNK_ROWS)):
        yield part


def _sample(result: RowResult) -> PreviewRow:
    row = result.row
    place = row.place
    address = one_line(place.line, place.unit, place.city, place.state, place.zip_code, row.apn)
    is_empty = not (place.line or place.city or row.apn)
    return PreviewRow(
        row_no=row.row_no,
        address="" if is_empty else address,
        reason=result.reason,
        changes=result.changes,
        notes=notes_of(row),
    )
