"""kill -9 while a feed is read, and the next worker goes on: real processes and database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.deals.feeds.conftest import FakeVendor, Said
from tests.deals.ingestion.conftest import REPO, as_csv, house
from tests.deals.ingestion.test_crash import database  # noqa: F401 - a fixture

pytestmark = pytest.mark.crash
SETUP = "import django; django.setup()\n"
START = """
import os
from apps.common.clock import now
from apps.deals.feeds.actions import save_source
from apps.deals.models import LeadSource
from apps.events.actions import Actor
from apps.workspaces.actions import create_workspace
from django.core.management import call_command
call_command("migrate", verbosity=0)
actor = Actor.system("tests")
workspace = create_workspace(actor=actor, slug="blue-gate", name="Blue Gate", now=now())
settings = {"url": os.environ["VENDOR"], "what": "properties", "criteria": {"city": "x"},
            "page_size": 2}
save_source(workspace=workspace, actor=actor, now=now(), secrets={"api_key": "k"},
            source=LeadSource(name="Feed", type="rentcast", settings=settings))
"""
WORK = """
from datetime import timedelta
from apps.common.clock import now
from apps.deals.feeds.due import claim_source
from apps.deals.feeds.worker import run_source
later = lambda: now() + timedelta(minutes=HOW_LATE)
reading = claim_source(later())
run_source(reading, clock=later)
"""
TELL = """
import json
from apps.deals.models import ImportChunk, LeadImport, LeadSource, SourceRecord, SourceRun
from apps.events.models import Event
source = LeadSource.across_workspaces.get()
run = SourceRun.across_workspaces.first()
chunks = ImportChunk.objects.order_by("id").values_list("content", flat=True)
print(json.dumps({
    "runs": SourceRun.across_workspaces.count(), "state": run and run.state,
    "pages": run and run.page_count, "imports": LeadImport.across_workspaces.count(),
    "facts": Event.objects.filter(name="deals.source_page_accepted.v1").count(),
    "records": SourceRecord.objects.count(), "health": source.health,
    "lines": sorted(
        line for chunk in chunks for line in bytes(chunk).decode().split() if "H" in line
    ),
}), flush=True)
"""


@pytest.fixture(scope="module")
def vendor_process() -> FakeVendor:
    vendor = FakeVendor()
    rows = [{"id": f"H{n}"} for n in range(7)]

    def reply(asked):
        begin, size = int(asked.query["offset"]), int(asked.query["limit"])
        return Said(rows[begin : begin + size])

    vendor.reply = reply
    yield vendor
    vendor.close()


@pytest.fixture(scope="module")
def process(database, vendor_process) -> Callable[..., subprocess.CompletedProcess]:  # noqa: F811
    def run(code: str, *, failpoint: str = "") -> subprocess.CompletedProcess:
        environment = os.environ | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEALWRIGHT_FAILPOINT": failpoint,
            "OUTBOUND_HOSTS": vendor_process.host,
            "VENDOR": vendor_process.url,
            "WAKE_WORKERS": "false",
        }
        return subprocess.run(
            [sys.executable, "-c", SETUP + code],
            cwd=REPO, env=environment, capture_output=True, timeout=120,
        )  # fmt: skip

    return run


def test_a_kill_at_each_step_loses_no_record_and_takes_none_twice(process):
    started = process(START)
    assert started.returncode == 0, started.stderr.decode()
    kills = (
        "feed.before_accept:1",
        "feed.mid_accept:1",
        "feed.after_accept:1",
        "feed.mid_accept:2",
    )
    # Pages that stood when each process began: a page and all that belongs to it, or nothing of it.
    for turn, (failpoint, pages) in enumerate(zip(kills, (0, 0, 0, 1), strict=True)):
        killed = process(TELL + WORK.replace("HOW_LATE", str(turn * 6)), failpoint=failpoint)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        told = json.loads(killed.stdout)
        assert (told["imports"], told["facts"], told["records"]) == (pages, pages, pages * 2)
        assert told["pages"] == (pages if turn else None)
    finished = process(WORK.replace("HOW_LATE", "30") + TELL)
    assert finished.returncode == 0, finished.stderr.decode()
    assert json.loads(finished.stdout) == {
        "runs": 1, "state": "done", "pages": 4, "imports": 4, "facts": 4, "records": 7,
        "health": "ok", "lines": [f"H{n}" for n in range(7)],
    }  # fmt: skip


WATCH = """
import os
from apps.common.clock import now
from apps.deals.feeds.actions import save_source
from apps.deals.models import LeadSource
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from django.core.management import call_command
call_command("migrate", verbosity=0)
LeadSource.across_workspaces.all().delete()
workspace, _ = Workspace.objects.get_or_create(slug="red-gate", name="Red Gate")
save_source(workspace=workspace, actor=Actor.system("tests"), now=now(),
            source=LeadSource(name="Lists", type="folder", settings={"path": "in"},
                              every_minutes=1))
"""
COUNT = """
from apps.deals.models import LeadImport, SourceRecord
held = LeadImport.across_workspaces.filter(file_name="list.csv")
print(list(held.values_list("state", flat=True)), SourceRecord.objects.count())
"""


def test_a_kill_before_a_file_is_put_away_does_not_take_it_twice(process, tmp_path, monkeypatch):
    monkeypatch.setenv("WATCHED_ROOT", str(tmp_path))
    inbox = tmp_path / "red-gate" / "in"
    inbox.mkdir(parents=True)
    (inbox / "list.csv").write_bytes(as_csv([house()]))
    started = process(WATCH + WORK.replace("HOW_LATE", "1"))
    assert started.returncode == 0, started.stderr.decode()
    killed = process(WORK.replace("HOW_LATE", "10"), failpoint="feed.before_put_away:1")
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert (inbox / "list.csv").exists()
    for minutes in ("20", "30", "40"):
        went_on = process(WORK.replace("HOW_LATE", minutes) + COUNT)
        assert went_on.returncode == 0, went_on.stderr.decode()
        assert went_on.stdout.decode().strip() == "['queued'] 1"
    assert not (inbox / "list.csv").exists()
    assert (inbox / "done" / "list.csv").exists()
