"""A draft as a person looks at it: what its columns seem to mean, and what importing would do."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime

from apps.deals.ingestion.mapping import Detection, detect
from apps.deals.ingestion.presets import list_presets
from apps.deals.ingestion.preview import Preview, preview_import
from apps.deals.ingestion.stored import stored_rows
from apps.deals.models import LeadImport

SAMPLE_ROWS = 200
# A preview of so many rows takes a second or two; of more it would hold the page up.
PREVIEW_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """`rows_seen` of the file's rows were decided; `is_partial` when the file has more."""

    preview: Preview
    rows_seen: int
    is_partial: bool


def get_detection(lead_import: LeadImport) -> Detection:
    """What the columns of a stored file seem to mean, by its header and first rows."""
    rows = [cells for _, cells in itertools.islice(stored_rows(lead_import), SAMPLE_ROWS)]
    return detect(lead_import.header, rows, list_presets(lead_import.workspace))


def get_preview(lead_import: LeadImport, *, now: datetime) -> ShownPreview:
    """What importing would do, of at most PREVIEW_ROWS rows."""
    found = preview_import(lead_import, now=now, most=PREVIEW_ROWS)
    seen = sum(found.counts.values())
    return ShownPreview(found, seen, seen < lead_import.rows_total)
