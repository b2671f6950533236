"""The rows of a chunk on their way in: those that change nothing are told, the others are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from apps.deals.ingestion.notes import Note, Problem
from apps.deals.ingestion.repeats import find_repeats, mark_reading
from apps.deals.ingestion.stored import reader_of, source_of, vendor_of
from apps.deals.ingestion.types import LeadRow, PostalAddress
from apps.deals.ingestion.upsert import Chunk
from apps.deals.models import LeadImport

# Reading rows on suspicion may raise the next one; then it is cheaper to read all of them.
_MOST_TURNS = 3


def decide_chunk(
    lead_import: LeadImport,
    rows: Sequence[tuple[int, list[str]]],
    refused_rows: frozenset[int],
    *,
    now: datetime,
) -> Chunk:
    """What becomes of these rows (at least one). The caller holds the workspace's lock.

    `refused_rows` are rejected unread. A repeat that a row beside it may touch is read as well.
    """
    mark_reading(lead_import)
    repeats = {} if refused_rows else find_repeats(lead_import, rows[0][0], rows[-1][0])
    reader = reader_of(lead_import)
    leads: dict[int, LeadRow] = {}
    for turn in range(_MOST_TURNS):
        for row_no, cells in rows:
            if row_no not in repeats and row_no not in leads:
                leads[row_no] = (
                    _refused(row_no) if row_no in refused_rows else reader.read(row_no, cells)
                )
        chunk = Chunk(
            lead_import,
            [leads[row_no] for row_no, _ in rows if row_no in leads],
            dict(rows),
            source_of(lead_import),
            vendor_of(lead_import),
            repeats,
        )
        chunk.load(now=now)
        reached = chunk.reached()
        if not reached:
            break
        repeats = {
            row_no: item
            for row_no, item in repeats.items()
            if row_no not in reached and turn < _MOST_TURNS - 2
        }
    chunk.decide()
    return chunk


def _refused(row_no: int) -> LeadRow:
    return LeadRow(row_no, PostalAddress(), "", "", "", "", problems=(Problem(Note.NOT_STORED),))
