"""Reads of the import pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.deals.ingestion.actions import OPEN_STATES
from apps.deals.ingestion.traces import KEPT
from apps.deals.ingestion.types import Outcome
from apps.deals.ingestion.vendors import layout_by_slug
from apps.deals.models import ImportRow, LeadImport
from apps.workspaces.models import Workspace

RECENT = 20
PAGE_ROWS = 50
# The header is row 1.
FIRST_ROW = 2


class ImportNotFound(LookupError):
    """The workspace has no such import."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import has come; `seconds_left` is None where nothing can be said yet."""

    lead_import: LeadImport
    layout: str
    is_open: bool
    percent: int
    rows_per_second: float | None
    seconds_left: int | None
    counts: dict[str, int]
    undone_percent: int | None = None

    @property
    def is_undoing(self) -> bool:
        return self.undone_percent is not None

    @property
    def is_busy(self) -> bool:
        """A worker changes it: the page looks again by itself."""
        return self.is_open or self.is_undoing


def get_import(workspace: Workspace, import_id: UUID) -> LeadImport:
    """Raises ImportNotFound."""
    rows = LeadImport.objects.in_workspace(workspace).select_related("lead_list", "source")
    found = rows.filter(public_id=import_id).first()
    if found is None:
        raise ImportNotFound(str(import_id))
    return found


def list_recent_imports(workspace: Workspace) -> list[ImportProgress]:
    """The newest imports, newest first."""
    rows = LeadImport.objects.in_workspace(workspace).select_related("lead_list", "source")
    newest = rows.order_by("-id")[:RECENT]
    return [progress_of(lead_import, lead_import.created_at) for lead_import in newest]


def progress_of(lead_import: LeadImport, now: datetime) -> ImportProgress:
    done, total = lead_import.rows_done, lead_import.rows_total
    end = lead_import.finished_at or now
    took = (end - (lead_import.started_at or now)).total_seconds()
    rate = done / took if done and took > 0 else None
    is_open = lead_import.state in OPEN_STATES
    return ImportProgress(
        lead_import=lead_import,
        layout=layout_by_slug(lead_import.vendor).label,
        is_open=is_open,
        percent=done * 100 // total if total else 0,
        rows_per_second=rate,
        seconds_left=round((total - done) / rate) if rate and is_open else None,
        counts=lead_import.counts,
        undone_percent=_undone_percent(lead_import),
    )


def _undone_percent(lead_import: LeadImport) -> int | None:
    """How far undoing has come, from the last row to the first; None when it does not run."""
    if lead_import.state != LeadImport.State.UNDOING:
        return None
    left = max((lead_import.undo_from_row or 0) - FIRST_ROW, 0)
    return 100 - left * 100 // max(lead_import.rows_done, left, 1)


def list_rows(
    lead_import: LeadImport, outcome: Outcome | None, after: int = 0
) -> tuple[list[ImportRow], int | None]:
    """Rows in file order and the row number to go on from; None when there is no more.

    Without an outcome, all rows that have something to say.
    """
    rows = ImportRow.objects.filter(lead_import=lead_import, row_no__gt=after)
    rows = rows.filter(outcome=outcome) if outcome else rows.exclude(notes=[], reason="")
    found = list(rows.select_related("property__deal").order_by("row_no")[: PAGE_ROWS + 1])
    page = found[:PAGE_ROWS]
    return page, page[-1].row_no if len(found) > PAGE_ROWS else None


def list_kept(lead_import: LeadImport, after: int = 0) -> tuple[list[ImportRow], int | None]:
    """Rows that undoing left as they were, each with its reason; paged like `list_rows`."""
    rows = ImportRow.objects.filter(lead_import=lead_import, reason__startswith=KEPT)
    rows = rows.filter(row_no__gt=after).select_related("property__deal").order_by("row_no")
    found = list(rows[: PAGE_ROWS + 1])
    page = found[:PAGE_ROWS]
    return page, page[-1].row_no if len(found) > PAGE_ROWS else None


def stream_refused(lead_import: LeadImport) -> Iterator[ImportRow]:
    """Rejected rows with their cells, in file order."""
    rows = ImportRow.objects.filter(lead_import=lead_import, outcome=Outcome.REJECTED)
    return rows.order_by("row_no").iterator(chunk_size=500)
