"""Reads of the sales pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from apps.deals.models import ComparableSale, SaleImport, SaleImportRow
from apps.deals.sales.actions import OPEN_STATES
from apps.deals.sales.presets import preset_by_slug
from apps.workspaces.models import Workspace

RECENT = 20
SHOWN_ROWS = 100
COUNT_CAP = 100_000


class SaleImportNotFound(LookupError):
    """The workspace has no such file of sales."""


@dataclass(frozen=True, slots=True)
class SaleProgress:
    """How far a file has come; `seconds_left` is None where nothing can be said yet."""

    sale_import: SaleImport
    layout: str
    is_open: bool
    seconds_left: int | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class SalesHeld:
    """What the workspace has: counted up to COUNT_CAP, and the day of the newest sale."""

    count: int
    usable: int
    newest: date | None


def get_sale_import(workspace: Workspace, import_id: UUID) -> SaleImport:
    """Raises SaleImportNotFound."""
    found = SaleImport.objects.in_workspace(workspace).filter(public_id=import_id).first()
    if found is None:
        raise SaleImportNotFound(str(import_id))
    return found


def list_sale_imports(workspace: Workspace, now: datetime) -> list[SaleProgress]:
    """The newest files, newest first."""
    newest = SaleImport.objects.in_workspace(workspace).order_by("-id")[:RECENT]
    return [sale_progress(held, now) for held in newest]


def sale_progress(held: SaleImport, now: datetime) -> SaleProgress:
    took = (now - (held.started_at or now)).total_seconds()
    is_open = held.state in OPEN_STATES
    left = None
    if is_open and held.rows_done and took > 0:
        left = round((held.rows_total - held.rows_done) * took / held.rows_done)
    preset = preset_by_slug(held.preset)
    layout = preset.label if preset else "Columns mapped by their words"
    return SaleProgress(held, layout, is_open, left, held.counts)


def count_sales(workspace: Workspace) -> SalesHeld:
    rows = ComparableSale.objects.in_workspace(workspace)
    newest = rows.aggregate(newest=Max("sold_on"))["newest"]
    count = rows.order_by()[:COUNT_CAP].count()
    return SalesHeld(count, rows.filter(is_arms_length=True)[:COUNT_CAP].count(), newest)


def list_odd_rows(held: SaleImport) -> list[SaleImportRow]:
    """The first rows that became no sale of their own."""
    return list(held.rows.order_by("row_no")[:SHOWN_ROWS])


def stream_odd_rows(held: SaleImport) -> Iterator[SaleImportRow]:
    return held.rows.order_by("row_no").iterator(chunk_size=500)
