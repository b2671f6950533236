"""A checked file on its way into the database: how it is read, of which day it is, its pieces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import TypedDict, Unpack

from apps.deals.ingestion.asking import ask_preview
from apps.deals.ingestion.mapping import Detection, check_mapping, detect
from apps.deals.ingestion.presets import list_presets
from apps.deals.ingestion.reader import FileRefused, ListFile
from apps.deals.models import ImportChunk, LeadImport, LeadList, LeadSource, Strength
from apps.deals.rules import business_day
from apps.events.catalog.imports import ImportStarted
from apps.workspaces.models import Workspace


class ImportOptions(TypedDict, total=False):
    """What may be said of a file beside its rows.

    `source`: the feed that brings it. `strength`: how far it is trusted (`Strength`, by default a
    list vendor). `lead_list`: where its rows are put. `is_draft`: a person looks at it first.
    `as_of`: the day it tells of, where its rows do not say; by default today, or the day the same
    file first came. `mapping` (header -> field): what a person chose; without it the workspace's
    presets or a guess say what the columns mean.
    """

    source: LeadSource | None
    strength: int
    lead_list: LeadList | None
    is_draft: bool
    as_of: date | None
    mapping: Mapping[str, str] | None


def store_import(
    *,
    workspace: Workspace,
    file_name: str,
    list_file: ListFile,
    now: datetime,
    **options: Unpack[ImportOptions],
) -> LeadImport:
    """The rows of a new import, for an action that publishes `import_started` with them."""
    known = detect_in(workspace, list_file)
    source, is_draft = options.get("source"), options.get("is_draft", False)
    lead_import = LeadImport.objects.create(
        as_of=options.get("as_of") or day_of_file(workspace, list_file.sha256, now),
        source=source,
        source_label=source.name if source else "",
        strength=options.get("strength", Strength.LIST),
        lead_list=options.get("lead_list"),
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
        mapping=chosen_mapping(known, options.get("mapping")),
        is_person_rows=known.is_person_rows,
        is_surname_first=known.is_surname_first,
        rows_total=list_file.row_count,
    )
    for number, piece in enumerate(list_file.pieces()):
        ImportChunk.objects.create(lead_import=lead_import, number=number, content=piece)
    if is_draft:
        ask_preview(lead_import)
    return lead_import


def chosen_mapping(known: Detection, mapping: Mapping[str, str] | None) -> dict[str, str]:
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
