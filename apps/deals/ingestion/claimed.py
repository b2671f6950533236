"""The row of a list in which somebody said what was not taken at the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from apps.deals.ingestion.stored import reader_of, source_of, stored_rows
from apps.deals.ingestion.traces import TOUCHING
from apps.deals.ingestion.types import LeadRow
from apps.deals.models import ImportRow, LeadImport, Property

# A house that a feed told of every hour: the latest rows hold what stands as a conflict.
_MOST_ROWS = 50


def row_that_said(
    held: Property, stored: Sequence[Any], says: Callable[[LeadRow], str]
) -> LeadRow | None:
    """The latest row of the conflict's source that says what the conflict does, read anew; None
    where its file is gone or says something else by now."""
    rows = ImportRow.objects.filter(
        property=held, outcome__in=TOUCHING, lead_import__workspace=held.workspace_id
    ).select_related("lead_import")
    for told in rows.order_by("-pk")[:_MOST_ROWS]:
        if source_of(told.lead_import) != stored[1]:
            continue
        lead = _read(told.lead_import, told.row_no)
        if lead is not None and says(lead) == stored[0]:
            return lead
    return None


def _read(lead_import: LeadImport, row_no: int) -> LeadRow | None:
    cells = next((cells for no, cells in stored_rows(lead_import) if no == row_no), None)
    return None if cells is None else reader_of(lead_import).read(row_no, cells)
