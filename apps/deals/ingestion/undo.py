"""Undoing an import: rows it created go, rows it changed get their former values back.

Worked in batches from the last row of the file to the first, each batch one action, so that a
worker killed in between leaves whole batches and the next one goes on. What anybody edited since
is left as it is and listed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Max, Min

from apps.common.failpoints import failpoint
from apps.deals.ingestion.later import undone_imports_of_people, waiting_rows
from apps.deals.ingestion.reverting import Reversal
from apps.deals.ingestion.traces import TOUCHING
from apps.deals.models import ImportRow, LeadImport
from apps.deals.models.files import LEASE
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.imports import ImportUndoAdvanced, ImportUndone, ImportUndoStarted
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Workspace

UNDO_ROWS = 200
ACTOR = Actor.system("deals.ingestion")
UNDOABLE = (LeadImport.State.DONE, LeadImport.State.FAILED, LeadImport.State.CANCELED)


class NotUndoable(ValueError):
    """The import is still running, or there is nothing of it to undo."""


@action
def undo_import(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, now: datetime
) -> LeadImport:
    """Begin to undo an import that is over; a worker carries it on. Raises NotUndoable."""
    held = _lock(workspace, lead_import)
    if held.state in (LeadImport.State.UNDOING, LeadImport.State.UNDONE):
        unchanged("the import is being undone already")
        return held
    if held.state not in UNDOABLE:
        raise NotUndoable(f"{held.file_name} is {held.state}; stop it or let it finish first.")
    last = held.rows.aggregate(last=Max("row_no"))["last"]
    if last is None:
        raise NotUndoable(f"{held.file_name} has applied no row; there is nothing to undo.")
    held.state = LeadImport.State.UNDOING
    held.undo_from_row = last + 1
    held.lease_until = None
    held.save(update_fields=["state", "undo_from_row", "lease_until"])
    publish(
        ImportUndoStarted(subject=held.public_id, rows_done=held.rows_done),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def undo_batch(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, now: datetime
) -> LeadImport:
    """Undo the next rows, or close the undoing when none is left. Repeating it is harmless."""
    # As an import does: one at a time changes many rows of a workspace.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    held = _lock(workspace, lead_import)
    if held.state != LeadImport.State.UNDOING:
        unchanged("the import is not being undone")
        return held
    rows = _next_rows(held)
    if not rows:
        return _finish(held, actor, now)
    work = Reversal(held, actor, now)
    work.undo(_told_first(held, rows))
    released = _undo_waiting(held, rows, work.people, actor, now)
    failpoint("undo.mid_batch")
    held.undo_from_row = rows[-1].row_no
    held.undone_count += work.undone
    held.kept_count += work.kept
    held.lease_until = now + LEASE
    held.save(update_fields=["undo_from_row", "undone_count", "kept_count", "lease_until"])
    advanced = ImportUndoAdvanced(
        subject=held.public_id,
        first_row=rows[-1].row_no,
        last_row=rows[0].row_no,
        undone=work.undone,
        kept=work.kept,
        deals=[*work.restored_deals, *(deal for one in released for deal in one.restored_deals)],
    )
    facts = [*work.facts, *(fact for one in released for fact in one.facts)]
    publish_many([*facts, advanced], workspace_id=workspace.pk, actor=actor, now=now)
    return held


def _undo_waiting(
    held: LeadImport, rows: Sequence[ImportRow], people: set[int], actor: Actor, now: datetime
) -> list[Reversal]:
    """Undo what earlier undone imports had to leave because this one names it."""
    properties = {row.property_id for row in rows if row.property_id}
    gone_from = rows[-1].row_no
    done = []
    for earlier, waiting in waiting_rows(held, properties):
        # They are no longer left alone, unless the new look at them says so again.
        ImportRow.objects.filter(pk__in=[row.pk for row in waiting]).update(reason="")
        work = Reversal(earlier, actor, now, gone=held, gone_from=gone_from)
        work.undo(waiting)
        earlier.undone_count += work.undone
        earlier.kept_count += work.kept - len(waiting)
        earlier.save(update_fields=["undone_count", "kept_count"])
        people = people | work.people
        done.append(work)
    for earlier in undone_imports_of_people(held, people):
        Reversal(earlier, actor, now, gone=held, gone_from=gone_from).undo_people(people)
    return done


def run_undo(
    lead_import: LeadImport, *, clock: Callable[[], datetime], actor: Actor = ACTOR
) -> LeadImport:
    """Undo what is left; continues where the last worker died."""
    workspace = lead_import.workspace
    while lead_import.state == LeadImport.State.UNDOING:
        lead_import = undo_batch(
            workspace=workspace, actor=actor, lead_import=lead_import, now=clock()
        )
        failpoint("undo.after_batch")
    return lead_import


def _next_rows(held: LeadImport) -> list[ImportRow]:
    rows = ImportRow.objects.filter(lead_import=held, row_no__lt=held.undo_from_row or 0)
    return list(rows.order_by("-row_no")[:UNDO_ROWS])


def _told_first(held: LeadImport, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Of several rows about one property the first: there everything of it is undone at once."""
    wanted = [row for row in rows if row.property_id and row.outcome in TOUCHING]
    told = ImportRow.objects.filter(
        lead_import=held,
        property__in=[row.property_id for row in wanted],
        outcome__in=TOUCHING,
    )
    first = dict(told.order_by().values_list("property_id").annotate(Min("row_no")))
    return [row for row in wanted if first.get(row.property_id) == row.row_no]


def _finish(held: LeadImport, actor: Actor, now: datetime) -> LeadImport:
    held.state = LeadImport.State.UNDONE
    held.undone_at = now
    held.lease_until = None
    held.save(update_fields=["state", "undone_at", "lease_until"])
    publish(
        ImportUndone(subject=held.public_id, undone=held.undone_count, kept=held.kept_count),
        workspace_id=held.workspace_id,
        actor=actor,
        now=now,
    )
    return held


def _lock(workspace: Workspace, lead_import: LeadImport) -> LeadImport:
    imports = LeadImport.objects.in_workspace(workspace).select_for_update(of=("self",))
    return imports.get(pk=lead_import.pk)
