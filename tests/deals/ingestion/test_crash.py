"""kill -9 in the middle of an import, and the next worker goes on: real processes and database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection

from tests.deals.ingestion.conftest import REPO, as_csv, house

pytestmark = pytest.mark.crash
ROWS = 2400
# Rows done when each process begins: the second chunk of the first died unfinished.
LEFT_BEHIND = ("0", "1000", "2000")
SETUP = "import django; django.setup()\n"
START = """
import io, sys
from apps.common.clock import now
from apps.deals.actions import lay_pipeline
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.reader import inspect
from apps.events.actions import Actor
from apps.workspaces.actions import create_workspace
from django.core.management import call_command
call_command("migrate", verbosity=0)
actor = Actor.system("tests")
workspace = create_workspace(actor=actor, slug="blue-gate", name="Blue Gate", now=now())
lay_pipeline(workspace=workspace, actor=actor, now=now())
taken = inspect(sys.stdin.buffer)
start_import(workspace=workspace, actor=actor, file_name="mine.csv", list_file=taken, now=now())
"""
WORK = """
from datetime import timedelta
from apps.common.clock import now
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion import worker
from apps.deals.ingestion.worker import run_import
worker.CHUNK_ROWS = 1000
later = lambda: now() + timedelta(minutes=HOW_LATE)
held = claim_import(later())
run_import(held, clock=later)
"""
TELL = """
import json
from apps.contacts.models import Contact
from apps.deals.models import Deal, DealParty, ImportRow, LeadImport, Property
from apps.events.models import Event
held = LeadImport.across_workspaces.get()
facts = Event.objects.filter(name="deals.deal_opened.v1")
print(json.dumps({
    "state": held.state, "done": held.rows_done, "created": held.created_count,
    "rows": ImportRow.objects.count(), "houses": Property.across_workspaces.count(),
    "deals": Deal.across_workspaces.count(), "owners": Contact.across_workspaces.count(),
    "parties": DealParty.across_workspaces.count(), "history": Property.history.count(),
    "facts": facts.count(), "told": len(set(facts.values_list("subject", flat=True))),
}), flush=True)
"""
WHOLE = (
    f'{{"state": "done", "done": {ROWS}, "created": {ROWS}, "rows": {ROWS}, "houses": {ROWS},'
    f' "deals": {ROWS}, "owners": {ROWS}, "parties": {ROWS}, "history": {ROWS}, "facts": {ROWS},'
    f' "told": {ROWS}}}'
)


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Iterator[str]:
    """An own database of the kind the suite runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('crash') / 'crash.sqlite3'}"
        return
    params = connection.get_connection_params()
    host, port, user = params.get("host", ""), params.get("port", 5432), params.get("user", "")
    password = params.get("password") or ""
    name = f"crash_{uuid.uuid4().hex[:12]}"
    admin = psycopg.connect(
        host=host, port=port, user=user, password=password, dbname="postgres", autocommit=True
    )
    admin.execute(f"CREATE DATABASE {name}")
    yield f"postgres://{user}:{password}@{host}:{port}/{name}"
    admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    admin.close()


@pytest.fixture(scope="module")
def process(database) -> Callable[..., subprocess.CompletedProcess]:
    def run(code: str, *, failpoint: str = "", stdin: bytes = b"") -> subprocess.CompletedProcess:
        environment = os.environ | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEALWRIGHT_FAILPOINT": failpoint,
            "WAKE_WORKERS": "false",
        }
        return subprocess.run(
            [sys.executable, "-c", SETUP + code],
            cwd=REPO, env=environment, input=stdin, capture_output=True, timeout=400,
        )  # fmt: skip

    return run


def test_three_kills_lose_nothing_and_double_nothing(process):
    rows = [
        house(APN=f"A {n}", Address=f"{n} Sample St", Mailing_Address=f"{n} Sample St")
        for n in range(1, ROWS + 1)
    ]
    started = process(START, stdin=as_csv(rows))
    assert started.returncode == 0, started.stderr.decode()
    kills = ("import.mid_chunk:2", "import.after_chunk:1", "import.before_chunk:1")
    for turn, failpoint in enumerate(kills):
        # Each process first tells what its predecessor left behind.
        killed = process(TELL + WORK.replace("HOW_LATE", str(turn * 2)), failpoint=failpoint)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        told = killed.stdout.decode()
        # What is committed is whole chunks: rows, houses, deals and facts agree at any moment.
        done = told.split('"done": ')[1].split(",")[0]
        assert done == LEFT_BEHIND[turn]
        assert told.count(f": {done}") == 10
    finished = process(WORK.replace("HOW_LATE", "9") + TELL)
    assert finished.returncode == 0, finished.stderr.decode()
    assert finished.stdout.decode().strip() == WHOLE
