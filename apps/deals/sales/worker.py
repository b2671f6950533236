"""Carrying a file of sales on: its rows in chunks, then its end."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError

from apps.common.failpoints import failpoint
from apps.deals.models import SaleImport
from apps.deals.sales.actions import OPEN_STATES, apply_sales, end_sale_import
from apps.deals.sales.file import rows_left
from apps.events.actions import Actor

log = logging.getLogger(__name__)
ACTOR = Actor.system("deals.sales")
CHUNK_ROWS = 1000


def run_sale_import(
    sale_import: SaleImport,
    *,
    clock: Callable[[], datetime],
    actor: Actor = ACTOR,
    progress: Callable[[SaleImport], None] = lambda held: None,
) -> SaleImport:
    """Store what is left of a file and end it; continues where the last worker died.

    A database that is away is left to the next sweep; any other error ends the file with a
    sentence, and the sales stored so far stay.
    """
    workspace = sale_import.workspace
    try:
        rows = rows_left(sale_import)
        while chunk := list(itertools.islice(rows, CHUNK_ROWS)):
            sale_import = apply_sales(
                workspace=workspace, actor=actor, sale_import=sale_import, rows=chunk, now=clock()
            )
            failpoint("sales.after_chunk")
            progress(sale_import)
            if sale_import.state not in OPEN_STATES:
                return sale_import
        state, error = SaleImport.State.DONE, ""
    except DatabaseError:
        raise
    except Exception as problem:
        log.exception("sales file %s failed", sale_import.public_id)
        state = SaleImport.State.FAILED
        error = f"The import stopped on an unexpected error ({type(problem).__name__})."
    return end_sale_import(
        workspace=workspace,
        actor=actor,
        sale_import=sale_import,
        state=state,
        now=clock(),
        error=error,
    )
