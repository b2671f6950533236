"""kill -9 in the middle of an undoing, and the next worker goes on: real processes and database."""

from __future__ import annotations

import json
import signal

import pytest

from tests.deals.ingestion.conftest import as_csv, house
from tests.deals.ingestion.test_crash import (  # noqa: F401 - fixtures
    START,
    TELL,
    WORK,
    database,
    process,
)

pytestmark = pytest.mark.crash
ROWS = 450
BEGIN = """
from apps.common.clock import now
from apps.deals.ingestion.undo import undo_import
from apps.deals.models import LeadImport
from apps.events.actions import Actor
held = LeadImport.across_workspaces.get()
undo_import(workspace=held.workspace, actor=Actor.system("tests"), lead_import=held, now=now())
"""
UNDO = """
from datetime import timedelta
from apps.common.clock import now
from apps.deals.ingestion.due import claim_undo
from apps.deals.ingestion.undo import run_undo
later = lambda: now() + timedelta(minutes=HOW_LATE)
run_undo(claim_undo(later()), clock=later)
"""
LEFT = """
import json
from apps.contacts.models import Contact
from apps.deals.models import Deal, LeadImport, Property
from apps.events.models import Event
held = LeadImport.across_workspaces.get()
gone = Event.objects.filter(name="deals.deal_removed.v1").values_list("subject", flat=True)
print(json.dumps({
    "state": held.state, "undone": held.undone_count, "kept": held.kept_count,
    "houses": Property.across_workspaces.count(), "deals": Deal.across_workspaces.count(),
    "owners": Contact.across_workspaces.count(), "removed": len(gone), "told": len(set(gone)),
    "ends": Event.objects.filter(name="deals.import_undone.v1").count(),
}), flush=True)
"""


def test_kills_while_undoing_lose_nothing_and_double_nothing(process):  # noqa: F811
    rows = [
        house(APN=f"A {n}", Address=f"{n} Sample St", Mailing_Address=f"{n} Sample St")
        for n in range(1, ROWS + 1)
    ]
    begun = process(START + WORK.replace("HOW_LATE", "0") + TELL + BEGIN, stdin=as_csv(rows))
    assert begun.returncode == 0, begun.stderr.decode()
    assert json.loads(begun.stdout)["created"] == ROWS
    left = ROWS
    for turn, (failpoint, gone) in enumerate(
        (("undo.mid_batch:1", 0), ("undo.after_batch:1", 200), ("undo.mid_batch:2", 200))
    ):
        killed = process(UNDO.replace("HOW_LATE", str(turn * 3 + 2)), failpoint=failpoint)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        left -= gone
        told = json.loads(process(LEFT).stdout)
        # What is committed is whole batches: counts, rows and facts agree at any moment.
        assert told == {
            "state": "undoing", "undone": ROWS - left, "kept": 0, "houses": left, "deals": left,
            "owners": left, "removed": ROWS - left, "told": ROWS - left, "ends": 0,
        }  # fmt: skip
    finished = process(UNDO.replace("HOW_LATE", "20") + LEFT)
    assert finished.returncode == 0, finished.stderr.decode()
    assert json.loads(finished.stdout) == {
        "state": "undone", "undone": ROWS, "kept": 0, "houses": 0, "deals": 0, "owners": 0,
        "removed": ROWS, "told": ROWS, "ends": 1,
    }  # fmt: skip
