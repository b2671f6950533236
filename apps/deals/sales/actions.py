"""Taking in sales: whole files chunk by chunk, or rows that a feed brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from apps.deals.ingestion.reader import MEGABYTE
from apps.deals.models import SaleImport, SaleImportChunk, SaleImportRow
from apps.deals.models.files import LEASE
from apps.deals.sales.file import SaleFile
from apps.deals.sales.presets import preset_by_slug
from apps.deals.sales.reading import SaleReader
from apps.deals.sales.storing import Stored, store_sales
from apps.deals.sales.types import SaleRow
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.sales import SaleImportEnded, SaleImportStarted, SalesRecorded
from apps.events.publish import publish
from apps.workspaces.models import Workspace

OPEN_STATES = (SaleImport.State.QUEUED, SaleImport.State.RUNNING)


@action
def record_sales(
    *,
    workspace: Workspace,
    actor: Actor,
    source_label: str,
    rows: Sequence[SaleRow],
    now: datetime,
    feed: UUID | None = None,
) -> dict[str, int]:
    """Store sales a feed brought under the source's name; returns rows by outcome.

    The same sale (source and external id) again changes nothing; a corrected one is updated.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    stored = store_sales(workspace.pk, source_label[:80], rows, now)
    counts = _plain(stored)
    if not (counts["created"] or counts["updated"]):
        unchanged("every sale was known already")
        return counts
    publish(
        SalesRecorded(subject=feed or workspace.public_id, source=source_label, counts=counts),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return counts


@action
def start_sale_import(
    *,
    workspace: Workspace,
    actor: Actor,
    file_name: str,
    sale_file: SaleFile,
    now: datetime,
    default_state: str = "",
) -> SaleImport:
    """Store a checked file in the database, where any worker can take it up."""
    preset = preset_by_slug(sale_file.columns.preset)
    name = PurePath(file_name.replace("\\", "/")).name[-200:] or "sales.csv"
    held = SaleImport.objects.create(
        workspace=workspace,
        file_name=name,
        sha256=sale_file.sha256,
        preset=sale_file.columns.preset,
        source_label=preset.label if preset else f"Sales file {name}"[:80],
        encoding=sale_file.encoding,
        delimiter=sale_file.delimiter,
        header=sale_file.header,
        columns=sale_file.columns.columns,
        default_state=default_state,
        rows_total=sale_file.row_count,
    )
    for number, start in enumerate(range(0, len(sale_file.content), MEGABYTE)):
        piece = sale_file.content[start : start + MEGABYTE]
        SaleImportChunk.objects.create(sale_import=held, number=number, content=piece)
    publish(
        SaleImportStarted(
            subject=held.public_id,
            file_name=name,
            sha256=held.sha256,
            preset=held.preset,
            rows_total=held.rows_total,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def apply_sales(
    *,
    workspace: Workspace,
    actor: Actor,
    sale_import: SaleImport,
    rows: Sequence[tuple[int, list[str]]],
    now: datetime,
) -> SaleImport:
    """Store some rows of the file, in file order, and count them. Repeating it changes nothing."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    held = _lock(workspace, sale_import)
    rows = [(row_no, cells) for row_no, cells in rows if row_no > held.last_row]
    if held.state not in OPEN_STATES or not rows:
        unchanged("these rows were stored already, or the import was stopped")
        return held
    reader = SaleReader(held.preset, held.columns, held.default_state)
    read = [reader.read(row_no, cells) for row_no, cells in rows]
    stored = store_sales(workspace.pk, held.source_label, read, now)
    raw = dict(rows)
    SaleImportRow.objects.bulk_create(
        SaleImportRow(
            sale_import=held,
            row_no=row.row_no,
            outcome=outcome.value,
            reason=reason[:400],
            raw=raw[row.row_no],
        )
        for row, outcome, reason in stored.odd
    )
    _count(held, stored, rows[-1][0], now)
    publish(
        SalesRecorded(
            subject=held.public_id,
            source=held.source_label,
            counts=_plain(stored),
            last_row=held.last_row,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def end_sale_import(
    *,
    workspace: Workspace,
    actor: Actor,
    sale_import: SaleImport,
    state: SaleImport.State,
    now: datetime,
    error: str = "",
) -> SaleImport:
    """Close an import: done, canceled by a person, or failed with a sentence. Sales stored stay."""
    held = _lock(workspace, sale_import)
    if held.state not in OPEN_STATES:
        unchanged("the import is over already")
        return held
    held.state, held.error, held.finished_at, held.lease_until = state, error, now, None
    held.save()
    publish(
        SaleImportEnded(subject=held.public_id, state=state.value, counts=held.counts, error=error),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


def _lock(workspace: Workspace, sale_import: SaleImport) -> SaleImport:
    imports = SaleImport.objects.in_workspace(workspace).select_for_update()
    return imports.get(pk=sale_import.pk)


def _plain(stored: Stored) -> dict[str, int]:
    return {outcome.value: count for outcome, count in stored.counts.items()}


def _count(held: SaleImport, stored: Stored, last_row: int, now: datetime) -> None:
    for outcome, count in stored.counts.items():
        name = f"{outcome.value}_count"
        setattr(held, name, getattr(held, name) + count)
    held.rows_done += sum(stored.counts.values())
    held.last_row = last_row
    held.state = SaleImport.State.RUNNING
    held.started_at = held.started_at or now
    held.lease_until = now + LEASE
    held.save()
