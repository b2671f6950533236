"""Taking in a list file, applying it chunk by chunk, finishing or stopping it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db.models import Max

from apps.deals.ingestion.deciding import decide_chunk
from apps.deals.ingestion.reader import ListFile
from apps.deals.ingestion.taking import (
    ImportOptions,
    chosen_mapping,
    detect_in,
    import_started,
    require_mapping,
    store_import,
)
from apps.deals.models import LeadImport
from apps.deals.models.files import LEASE
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.imports import (
    ImportCanceled,
    ImportChunkApplied,
    ImportFailed,
    ImportFinished,
)
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Workspace

OPEN_STATES = (LeadImport.State.QUEUED, LeadImport.State.RUNNING)


@action
def start_import(
    *,
    workspace: Workspace,
    actor: Actor,
    file_name: str,
    list_file: ListFile,
    now: datetime,
    **options: Unpack[ImportOptions],
) -> LeadImport:
    """Store a checked file in the database, where any worker on any machine can take it up.

    A draft is taken up only after `confirm_import`. Raises FileRefused when a file that is no
    draft would bring no property at all.
    """
    if not options.get("is_draft"):
        known = detect_in(workspace, list_file)
        require_mapping(list_file, chosen_mapping(known, options.get("mapping")))
    lead_import = store_import(
        workspace=workspace, file_name=file_name, list_file=list_file, now=now, **options
    )
    publish(import_started(lead_import), workspace_id=workspace.pk, actor=actor, now=now)
    return lead_import


@action
def apply_chunk(
    *,
    workspace: Workspace,
    actor: Actor,
    lead_import: LeadImport,
    rows: Sequence[tuple[int, list[str]]],
    now: datetime,
    refused_rows: frozenset[int] = frozenset(),
) -> LeadImport:
    """Apply some rows of the file, in file order, and count them. Repeating it changes nothing.

    Rows already answered are left out, so that a killed worker's successor, or two workers at
    once, do no row twice. `refused_rows` are rejected unread: the database would not take them.
    """
    # One import at a time writes to a workspace; NO KEY UPDATE leaves other writers alone.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    held = _lock(workspace, lead_import)
    last = held.rows.aggregate(last=Max("row_no"))["last"] or 0
    rows = [(row_no, cells) for row_no, cells in rows if row_no > last]
    if held.state not in OPEN_STATES or not rows:
        unchanged("these rows were applied already, or the import was stopped")
        return held
    chunk = decide_chunk(held, rows, refused_rows, now=now)
    chunk.write(actor=actor, now=now)
    facts = chunk.facts()
    _count(held, chunk.counts, now)
    applied = ImportChunkApplied(
        subject=held.public_id,
        first_row=rows[0][0],
        last_row=rows[-1][0],
        counts=chunk.counts,
        deals=list(dict.fromkeys(fact.subject for fact in facts)),
    )
    publish_many([*facts, applied], workspace_id=workspace.pk, actor=actor, now=now)
    return held


@action
def finish_import(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, now: datetime
) -> LeadImport:
    """Close an import whose every row has its outcome."""
    held = _lock(workspace, lead_import)
    if held.state not in OPEN_STATES:
        unchanged("the import was closed already")
        return held
    _close(held, LeadImport.State.DONE, now)
    publish(
        ImportFinished(subject=held.public_id, counts=held.counts, rows_total=held.rows_total),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def cancel_import(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, now: datetime
) -> LeadImport:
    """Stop an import. Rows applied so far stay; the chunk being applied is finished first."""
    held = _lock(workspace, lead_import)
    if held.state not in OPEN_STATES:
        unchanged("the import is over already")
        return held
    _close(held, LeadImport.State.CANCELED, now)
    publish(
        ImportCanceled(subject=held.public_id, rows_done=held.rows_done),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def fail_import(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, error: str, now: datetime
) -> LeadImport:
    """Give an import up with a sentence; rows applied so far stay."""
    held = _lock(workspace, lead_import)
    if held.state not in OPEN_STATES:
        unchanged("the import is over already")
        return held
    held.error = error
    _close(held, LeadImport.State.FAILED, now)
    publish(
        ImportFailed(subject=held.public_id, error=error, rows_done=held.rows_done),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


def _lock(workspace: Workspace, lead_import: LeadImport) -> LeadImport:
    imports = LeadImport.objects.in_workspace(workspace).select_for_update()
    return imports.get(pk=lead_import.pk)


def _count(held: LeadImport, counts: dict[str, int], now: datetime) -> None:
    for outcome, count in counts.items():
        name = f"{outcome}_count"
        setattr(held, name, getattr(held, name) + count)
    held.rows_done += sum(counts.values())
    held.state = LeadImport.State.RUNNING
    held.started_at = held.started_at or now
    held.lease_until = now + LEASE
    held.save()


def _close(held: LeadImport, state: LeadImport.State, now: datetime) -> None:
    held.state = state
    held.finished_at = now
    held.lease_until = None
    held.save()
