"""A file that waits for a person: its mapping, its list, and the word to go on or to drop it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from apps.deals.ingestion.asking import ask_preview, drop_preview
from apps.deals.ingestion.fields import get_field
from apps.deals.ingestion.marks import find_or_create_list
from apps.deals.models import ImportChunk, LeadImport
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.imports import ImportConfirmed, ImportDiscarded, ImportMapped
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class NotADraft(ValueError):
    """The import runs already, or was thrown away."""


class ColumnNotThere(ValueError):
    """A mapping names a column that the file does not have."""


@action
def map_import(
    *,
    workspace: Workspace,
    actor: Actor,
    lead_import: LeadImport,
    mapping: Mapping[str, str],
    lead_list_name: str,
    now: datetime,
) -> LeadImport:
    """Say what the columns of a draft mean (header -> field) and which list its rows are put on.

    An empty name puts them on none. Raises NotADraft, ColumnNotThere and fields.UnknownField.
    """
    held = lock_draft(workspace, lead_import)
    wanted = {header: name for header, name in mapping.items() if name}
    for header, name in wanted.items():
        if header not in held.header:
            raise ColumnNotThere(f"The file has no column “{header}”.")
        get_field(name)
    lead_list = find_or_create_list(workspace.pk, lead_list_name)
    if held.mapping == wanted and held.lead_list_id == (lead_list.pk if lead_list else None):
        unchanged("the draft is mapped like this already")
        return held
    held.mapping = wanted
    held.lead_list = lead_list
    held.save(update_fields=["mapping", "lead_list"])
    ask_preview(held)
    publish(
        ImportMapped(
            subject=held.public_id, mapping=wanted, lead_list=lead_list.name if lead_list else ""
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def confirm_import(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, now: datetime
) -> LeadImport:
    """Let a draft run; a worker takes it up. Raises NotADraft when it was thrown away."""
    held = _lock(workspace, lead_import)
    if held.state in (LeadImport.State.QUEUED, LeadImport.State.RUNNING, LeadImport.State.DONE):
        unchanged("the import was confirmed already")
        return held
    _require_draft(held)
    held.state = LeadImport.State.QUEUED
    held.save(update_fields=["state"])
    drop_preview(held)
    publish(
        ImportConfirmed(subject=held.public_id, rows_total=held.rows_total),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def discard_import(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, now: datetime
) -> LeadImport:
    """Throw a draft away: it stays in the list as canceled, its file goes. Raises NotADraft."""
    held = _lock(workspace, lead_import)
    if held.state == LeadImport.State.CANCELED:
        unchanged("the draft was thrown away already")
        return held
    _require_draft(held)
    held.state = LeadImport.State.CANCELED
    held.finished_at = now
    held.save(update_fields=["state", "finished_at"])
    drop_preview(held)
    ImportChunk.objects.filter(lead_import=held).delete()
    publish(
        ImportDiscarded(subject=held.public_id, file_name=held.file_name),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


def lock_draft(workspace: Workspace, lead_import: LeadImport) -> LeadImport:
    """The draft's row, held until the action ends. Raises NotADraft."""
    held = _lock(workspace, lead_import)
    _require_draft(held)
    return held


def _lock(workspace: Workspace, lead_import: LeadImport) -> LeadImport:
    imports = LeadImport.objects.in_workspace(workspace).select_for_update(of=("self",))
    return imports.get(pk=lead_import.pk)


def _require_draft(held: LeadImport) -> None:
    if held.state != LeadImport.State.DRAFT:
        raise NotADraft(f"{held.file_name} is no draft any more: it is {held.state}.")
