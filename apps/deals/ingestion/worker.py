"""Carrying an import on: apply its rows in chunks, finish it."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError
from django.db.models import Max

from apps.common.failpoints import failpoint
from apps.common.garbage import paused_collection
from apps.deals.actions.laying import lay_pipeline
from apps.deals.ingestion.actions import (
    OPEN_STATES,
    apply_chunk,
    fail_import,
    finish_import,
)
from apps.deals.ingestion.stored import stored_rows
from apps.deals.models import LeadImport, Stage
from apps.events.actions import Actor

log = logging.getLogger(__name__)
ACTOR = Actor.system("deals.ingestion")
CHUNK_ROWS = 2000
Rows = Sequence[tuple[int, list[str]]]


def run_import(
    lead_import: LeadImport,
    *,
    clock: Callable[[], datetime],
    actor: Actor = ACTOR,
    progress: Callable[[LeadImport], None] = lambda held: None,
) -> LeadImport:
    """Apply what is left of an import and finish it; continues where the last worker died.

    Returns early when somebody cancels it. An error that is not a row's fault fails the import
    with a sentence; a database that is away is left to the next sweep.
    """
    workspace = lead_import.workspace
    try:
        if not Stage.objects.in_workspace(workspace).exists():
            lay_pipeline(workspace=workspace, actor=actor, now=clock())
        for rows in _chunks(_rows_left(lead_import)):
            failpoint("import.before_chunk")
            lead_import = _apply(lead_import, rows, actor, clock)
            failpoint("import.after_chunk")
            progress(lead_import)
            if lead_import.state not in OPEN_STATES:
                return lead_import
        return finish_import(workspace=workspace, actor=actor, lead_import=lead_import, now=clock())
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("import %s failed", lead_import.public_id)
        return fail_import(
            workspace=workspace,
            actor=actor,
            lead_import=lead_import,
            error=f"The import stopped on an unexpected error ({type(error).__name__}).",
            now=clock(),
        )


def _rows_left(lead_import: LeadImport) -> Iterator[tuple[int, list[str]]]:
    last = lead_import.rows.aggregate(last=Max("row_no"))["last"] or 0
    return itertools.dropwhile(lambda row: row[0] <= last, stored_rows(lead_import))


def _chunks(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Rows]:
    while chunk := list(itertools.islice(rows, CHUNK_ROWS)):
        yield chunk


def _apply(
    lead_import: LeadImport, rows: Rows, actor: Actor, clock: Callable[[], datetime]
) -> LeadImport:
    """One chunk. If the database refuses it, halves find the row at fault, which is rejected."""

    def attempt(part: Rows, refused: frozenset[int] = frozenset()) -> LeadImport:
        with paused_collection():
            return apply_chunk(
                workspace=lead_import.workspace,
                actor=actor,
                lead_import=lead_import,
                rows=part,
                now=clock(),
                refused_rows=refused,
            )

    try:
        return attempt(rows)
    except IntegrityError:
        # Somebody else wrote the same contact or property meanwhile; now it can be seen.
        log.info("a chunk of import %s is tried again", lead_import.public_id)
    except DataError:
        log.warning("a row of import %s is refused by the database", lead_import.public_id)
    try:
        return attempt(rows)
    except (IntegrityError, DataError):
        if len(rows) == 1:
            return attempt(rows, frozenset({rows[0][0]}))
    half = len(rows) // 2
    _apply(lead_import, rows[:half], actor, clock)
    return _apply(lead_import, rows[half:], actor, clock)
