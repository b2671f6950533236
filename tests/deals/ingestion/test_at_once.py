"""Two workers on one import, two people with one file, all at once: every row once."""

from __future__ import annotations

import io
import threading

import pytest
from django.db import connection

from apps.deals.ingestion import worker
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.reader import inspect
from apps.deals.models import Deal, ImportRow, LeadImport, Property
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house, outcomes

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 120


def test_workers_and_people_at_once_do_each_row_once(laid, system, now, monkeypatch):
    monkeypatch.setattr(worker, "CHUNK_ROWS", 25)
    rows = [house(APN=f"A {n}", Address=f"{n} Sample St") for n in range(1, ROWS + 1)]
    content = as_csv([*rows, rows[0]])
    imports = [_begin(laid, system, content, now) for _ in range(2)]
    _run_at_once(imports, now)
    done = [LeadImport.across_workspaces.get(pk=held.pk) for held in imports]
    assert [held.state for held in done] == ["done", "done"]
    assert [held.rows_done for held in done] == [ROWS + 1, ROWS + 1]
    assert ImportRow.objects.count() == 2 * (ROWS + 1)
    assert Property.objects.in_workspace(laid).count() == ROWS
    assert Deal.objects.in_workspace(laid).count() == ROWS
    opened = Event.objects.filter(workspace_id=laid.pk, name="deals.deal_opened.v1")
    assert opened.count() == ROWS
    finished = Event.objects.filter(workspace_id=laid.pk, name="deals.import_finished.v1")
    assert finished.count() == 2
    counted = [outcomes(held) for held in done]
    assert sum(counts.get("created", 0) for counts in counted) == ROWS
    assert sum(counts.get("unchanged", 0) for counts in counted) == ROWS
    assert [counts["duplicate"] for counts in counted] == [1, 1]
    # Sent again by two at once, rows are known from the first, or from each other.
    again = [_begin(laid, system, content, now) for _ in range(2)]
    _run_at_once(again, now)
    for held in again:
        held.refresh_from_db()
        assert outcomes(held) == {"unchanged": ROWS, "duplicate": 1}
    assert opened.count() == ROWS


def _begin(workspace, actor, content, now):
    return start_import(
        workspace=workspace, actor=actor, file_name="list.csv",
        list_file=inspect(io.BytesIO(content)), now=now,
    )  # fmt: skip


def _run_at_once(imports, now) -> None:
    """Two workers on each."""
    gate, errors = threading.Barrier(len(imports) * 2), []

    def work(key: int) -> None:
        try:
            gate.wait()
            worker.run_import(LeadImport.across_workspaces.get(pk=key), clock=lambda: now)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[held.pk]) for held in imports * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
