"""Starting, canceling, failing, resuming and sharing the work of imports."""

import io
from datetime import timedelta

import pytest
from django.db import DataError

from apps.deals.ingestion import worker
from apps.deals.ingestion.actions import apply_chunk, cancel_import, start_import
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.upsert import Chunk
from apps.deals.ingestion.worker import run_import
from apps.deals.models import ImportRow, Property, Stage
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house, outcomes

pytestmark = pytest.mark.django_db
MANY = as_csv([house(APN=f"A {n}", Address=f"{n} Sample St") for n in range(1600)])


@pytest.fixture
def started(laid, system, now):
    return start_import(
        workspace=laid,
        actor=system,
        file_name="C:\\lists\\mine.csv",
        list_file=inspect(io.BytesIO(MANY)),
        now=now,
    )


def test_the_file_is_stored_in_pieces(laid, system, now, monkeypatch):
    monkeypatch.setattr("apps.deals.ingestion.reader.MEGABYTE", 1000)
    taken = inspect(io.BytesIO(MANY))
    held = start_import(
        workspace=laid, actor=system, file_name="mine.csv", list_file=taken, now=now
    )
    pieces = list(held.chunks.order_by("number").values_list("content", flat=True))
    assert b"".join(map(bytes, pieces)) == MANY
    assert len(pieces) == -(-len(MANY) // 1000)
    assert outcomes(run_import(held, clock=lambda: now)) == {"created": 1600}


def test_only_the_name_of_the_file_is_kept(started):
    assert started.file_name == "mine.csv"
    assert started.sha256 == inspect(io.BytesIO(MANY)).sha256


def test_one_worker_at_a_time_until_its_lease_runs_out(started, now):
    assert claim_import(now).pk == started.pk
    assert claim_import(now) is None
    assert claim_import(now + timedelta(seconds=61)).pk == started.pk


def test_rows_already_answered_are_left_alone(laid, system, started, now):
    rows = list(worker._rows_left(started))
    for _ in range(2):
        apply_chunk(workspace=laid, actor=system, lead_import=started, rows=rows[:700], now=now)
    assert ImportRow.objects.filter(lead_import=started).count() == 700
    done = run_import(started, clock=lambda: now)
    assert outcomes(done) == {"created": 1600}
    assert Event.objects.filter(name="deals.deal_opened.v1").count() == 1600


def test_cancel_stops_after_the_chunk(laid, system, started, now, monkeypatch):
    monkeypatch.setattr(worker, "CHUNK_ROWS", 1000)

    def cancel(held):
        cancel_import(workspace=laid, actor=system, lead_import=held, now=now)

    done = run_import(started, clock=lambda: now, progress=cancel)
    started.refresh_from_db()
    assert started.state == "canceled"
    assert done.rows_done == worker.CHUNK_ROWS
    assert claim_import(now + timedelta(days=1)) is None
    assert Property.objects.in_workspace(laid).count() == worker.CHUNK_ROWS
    again = cancel_import(workspace=laid, actor=system, lead_import=started, now=now)
    assert again.state == "canceled"
    assert Event.objects.filter(name="deals.import_canceled.v1").count() == 1


def test_a_row_the_database_refuses_is_rejected_alone(started, now, monkeypatch):
    write = Chunk.write

    def picky(self, **kwargs):
        if any(row.place.line == "700 Sample St" for row in self.rows):
            raise DataError("value out of range")
        write(self, **kwargs)

    monkeypatch.setattr(Chunk, "write", picky)
    done = run_import(started, clock=lambda: now)
    assert outcomes(done) == {"created": 1599, "rejected": 1}
    refused = ImportRow.objects.get(lead_import=done, outcome="rejected")
    assert (refused.row_no, "database refused" in refused.reason) == (702, True)
    assert "700 Sample St" in refused.raw


def test_an_unexpected_error_fails_the_import_with_a_sentence(started, now, monkeypatch):
    monkeypatch.setattr(Chunk, "facts", lambda self: 1 / 0)
    done = run_import(started, clock=lambda: now)
    assert done.state == "failed"
    assert "ZeroDivisionError" in done.error
    assert sum(done.counts.values()) == Property.across_workspaces.count() == 0


def test_a_workspace_without_stages_gets_them(workspace, system, now):
    held = start_import(
        workspace=workspace,
        actor=system,
        file_name="mine.csv",
        list_file=inspect(io.BytesIO(as_csv([house()]))),
        now=now,
    )
    assert outcomes(run_import(held, clock=lambda: now)) == {"created": 1}
    assert Stage.objects.in_workspace(workspace).count() == 7
