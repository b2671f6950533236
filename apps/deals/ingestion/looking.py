"""A draft as a person looks at it: what its columns seem to mean, and what importing would do."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from apps.deals.ingestion import limits
from apps.deals.ingestion.mapping import Detection, detect
from apps.deals.ingestion.presets import list_presets
from apps.deals.ingestion.preview import Preview, PreviewRow, preview_import
from apps.deals.ingestion.stored import stored_rows
from apps.deals.ingestion.types import Outcome
from apps.deals.models import ImportPreview, LeadImport

SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """`rows_seen` of the file's rows were decided. `is_running`: a worker goes on with it, or will.

    `counted_at` is when a worker was done; None for a preview that was made for this answer.
    """

    preview: Preview
    rows_seen: int
    rows_total: int
    is_running: bool = False
    counted_at: datetime | None = None
    error: str = ""

    @property
    def is_partial(self) -> bool:
        return self.rows_seen < self.rows_total


def get_detection(lead_import: LeadImport) -> Detection:
    """What the columns of a stored file seem to mean, by its header and first rows."""
    rows = [cells for _, cells in itertools.islice(stored_rows(lead_import), SAMPLE_ROWS)]
    return detect(lead_import.header, rows, list_presets(lead_import.workspace))


def get_preview(lead_import: LeadImport, *, now: datetime) -> ShownPreview:
    """What importing would do: what a worker counted, else the first PREVIEW_ROWS rows."""
    asked = ImportPreview.objects.filter(lead_import=lead_import).first()
    if asked is not None and _is_worth_showing(asked):
        return _counted(asked, lead_import.rows_total)
    found = preview_import(lead_import, now=now, most=limits.PREVIEW_ROWS)
    seen = sum(found.counts.values())
    return ShownPreview(found, seen, lead_import.rows_total, is_running=asked is not None)


def get_counted(lead_import: LeadImport) -> ShownPreview | None:
    """What a worker counted so far; None where the page shows as much already."""
    asked = ImportPreview.objects.filter(lead_import=lead_import).first()
    if asked is None or not _is_worth_showing(asked):
        return None
    return _counted(asked, lead_import.rows_total)


def _is_worth_showing(asked: ImportPreview) -> bool:
    return asked.finished_at is not None or asked.rows_seen >= limits.PREVIEW_ROWS


def _counted(asked: ImportPreview, rows_total: int) -> ShownPreview:
    # PostgreSQL keeps the keys of JSON in an order of its own.
    names = [outcome.value for outcome in Outcome]
    counts = {name: asked.counts.get(name, 0) for name in names}
    samples = {name: [PreviewRow(**row) for row in asked.samples.get(name, [])] for name in names}
    return ShownPreview(
        Preview(counts, samples, Counter(asked.changed_fields)),
        asked.rows_seen,
        rows_total,
        is_running=asked.finished_at is None,
        counted_at=asked.finished_at,
        error=asked.error,
    )
