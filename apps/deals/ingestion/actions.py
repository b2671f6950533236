"""Taking in a list file, applying it chunk by chunk, finishing or stopping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePath

from django.db.models import Max

from apps.deals.ingestion.asking import ask_preview
from apps.deals.ingestion.deciding import decide_chunk
from apps.deals.ingestion.mapping import Detection, check_mapping, detect
from apps.deals.ingestion.presets import list_presets
from apps.deals.ingestion.reader import FileRefused, ListFile
from apps.deals.models import ImportChunk, LeadImport, LeadList, LeadSource, Strength
from apps.deals.models.files import LEASE
from apps.deals.rules import business_day
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import (
    ImportCanceled,
    ImportChunkApplied,
    ImportFailed,
    ImportFinished,
    ImportStarted,
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
    source: LeadSource | None = None,
    strength: int = Strength.LIST,
    lead_list: LeadList | None = None,
    is_draft: bool = False,
    as_of: date | None = None,
    mapping: Mapping[str, str] | None = None,
) -> LeadImport:
    """Store a checked file in the database, where any worker on any machine can take it up.

    A draft is taken up only after `confirm_import`. `as_of` is the day the file tells of, where
    its rows do not say; by default today, or the day the same file first came. `mapping` (header
    -> field) is what a person chose; without it the workspace's presets or a guess say what the
    columns mean. Raises FileRefused when a file that is no draft would bring no property at all.
    """
    if not is_draft:
        require_mapping(list_file, _chosen(detect_in(workspace, list_file), mapping))
    lead_import = store_import(
        workspace=workspace,
        file_name=file_name,
        list_file=list_file,
        now=now,
        source=source,
        strength=strength,
        lead_list=lead_list,
        is_draft=is_draft,
        as_of=as_of,
        mapping=mapping,
    )
    publish(import_started(lead_import), workspace_id=workspace.pk, actor=actor, now=now)
    return lead_import


def store_import(
    *,
    workspace: Workspace,
    file_name: str,
    list_file: ListFile,
    now: datetime,
    source: LeadSource | None = None,
    strength: int = Strength.LIST,
    lead_list: LeadList | None = None,
    is_draft: bool = False,
    as_of: date | None = None,
    mapping: Mapping[str, str] | None = None,
) -> LeadImport:
    """The rows of a new import, for an action that publishes `import_started` with them."""
    known = detect_in(workspace, list_file)
    lead_import = LeadImport.objects.create(
        as_of=as_of or day_of_file(workspace, list_file.sha256, now),
        source=source,
        source_label=source.name if source else "",
        strength=strength,
        lead_list=lead_list,
        state=LeadImport.State.DRAFT if is_draft else LeadImport.State.QUEUED,
        workspace=workspace,
        file_name=PurePath(file_name.replace("\\", "/")).name[-200:] or "list.csv",
        sha256=list_file.sha256,
        byte_count=list_file.byte_count,
        encoding=list_file.encoding,
        delimiter=list_file.delimiter,
        vendor=known.preset_slug,
        header=list(list_file.header.names),
        header_row=list_file.header_row,
        mapping=_chosen(known, mapping),
        is_person_rows=known.is_person_rows,
        is_surname_first=known.is_surname_first,
        rows_total=list_file.row_count,
    )
    for number, piece in enumerate(list_file.pieces()):
        ImportChunk.objects.create(lead_import=lead_import, number=number, content=piece)
    if is_draft:
        ask_preview(lead_import)
    return lead_import


def _chosen(known: Detection, mapping: Mapping[str, str] | None) -> dict[str, str]:
    """What a person chose, else what was detected; columns that are left out do not count."""
    wanted = known.mapping if mapping is None else mapping
    return {name: meant for name, meant in wanted.items() if meant}


def import_started(lead_import: LeadImport) -> ImportStarted:
    return ImportStarted(
        subject=lead_import.public_id,
        file_name=lead_import.file_name,
        sha256=lead_import.sha256,
        vendor=lead_import.vendor,
        rows_total=lead_import.rows_total,
    )


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


def detect_in(workspace: Workspace, list_file: ListFile) -> Detection:
    """What the columns of a file mean in this workspace."""
    return detect(list_file.header.names, list_file.sample, list_presets(workspace))


def require_mapping(list_file: ListFile, mapping: Mapping[str, str]) -> None:
    """Raises FileRefused, naming what the header lacks."""
    names = list_file.header.names
    if said := check_mapping(names, mapping):
        found = ", ".join(names[:6])[:200]
        raise FileRefused(f"{' '.join(said)} The header begins with: {found}.")


def day_of_file(workspace: Workspace, sha256: str, now: datetime) -> date:
    """The same bytes are as old as they were the first time: sent again, they tell nothing new."""
    same = LeadImport.objects.in_workspace(workspace).filter(sha256=sha256)
    first = same.exclude(as_of=None).order_by("id").values_list("as_of", flat=True).first()
    return first or business_day(now)


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
