"""Counting what a long draft would do: a worker goes through all its rows and writes no property.

What earlier rows would have brought is remembered in memory only, so whoever takes over from a
worker that died begins again.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from apps.common.failpoints import failpoint
from apps.deals.ingestion.asking import ask_preview
from apps.deals.ingestion.drafts import lock_draft
from apps.deals.ingestion.preview import Preview, preview_steps
from apps.deals.ingestion.stored import reader_of, stored_rows
from apps.deals.models import ImportPreview, LeadImport
from apps.deals.models.files import LEASE
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.imports import ImportPreviewAsked, ImportPreviewed
from apps.events.publish import publish
from apps.workspaces.models import Workspace

log = logging.getLogger(__name__)
ACTOR = Actor.system("deals.ingestion")


def run_preview(
    asked: ImportPreview, *, clock: Callable[[], datetime], actor: Actor = ACTOR
) -> None:
    """Look at every row and keep the counts; stops where the draft was mapped anew or decided."""
    held = asked.lead_import
    rows = itertools.starmap(reader_of(held).read, stored_rows(held))
    try:
        for found in preview_steps(held, rows, now=clock()):
            if not _keep(asked, **_columns(found), lease_until=clock() + LEASE):
                return
            failpoint("preview.after_chunk")
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("the preview of import %s failed", held.public_id)
        said = f"The preview stopped on an unexpected error ({type(error).__name__})."
        _keep(asked, error=said, finished_at=clock())
        return
    finish_preview(workspace=held.workspace, actor=actor, asked=asked, now=clock())


@action
def finish_preview(
    *, workspace: Workspace, actor: Actor, asked: ImportPreview, now: datetime
) -> None:
    """Close a preview that has seen every row."""
    rows = ImportPreview.objects.select_for_update(of=("self",)).select_related("lead_import")
    held = rows.filter(pk=asked.pk, lead_import__workspace=workspace, finished_at=None).first()
    if held is None:
        unchanged("the draft was mapped anew or decided, or the preview is over already")
        return
    held.finished_at = now
    held.lease_until = None
    held.save(update_fields=["finished_at", "lease_until"])
    publish(
        ImportPreviewed(
            subject=held.lead_import.public_id, counts=held.counts, rows_seen=held.rows_seen
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


@action
def renew_preview(
    *, workspace: Workspace, actor: Actor, lead_import: LeadImport, now: datetime
) -> None:
    """Look at all rows of a draft again, as things stand by then. Raises drafts.NotADraft."""
    held = lock_draft(workspace, lead_import)
    ask_preview(held)
    publish(
        ImportPreviewAsked(subject=held.public_id, rows_total=held.rows_total),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


def _columns(found: Preview) -> dict[str, Any]:
    return {
        "rows_seen": sum(found.counts.values()),
        "counts": found.counts,
        "changed_fields": dict(found.changed_fields),
        "samples": {name: [asdict(row) for row in rows] for name, rows in found.samples.items()},
    }


def _keep(asked: ImportPreview, **values: Any) -> bool:
    """False where nobody wants to know any more, or another worker took over meanwhile."""
    mine = ImportPreview.objects.filter(
        pk=asked.pk, finished_at=None, lease_until=asked.lease_until
    )
    asked.lease_until = values.get("lease_until", asked.lease_until)
    return bool(mine.update(**values))
