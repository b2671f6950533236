"""kill -9 between noting a purchase and hearing the answer: real processes, real vendor calls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.contacts.test_vendors_wire import answer_v1, lookup_answer, person_v1
from tests.contacts.wire import Reply, Vendor, serving
from tests.deals.ingestion.conftest import REPO
from tests.deals.ingestion.test_crash import database  # noqa: F401 - a fixture

pytestmark = pytest.mark.crash
SETUP = "import django, json, sys; django.setup()\n"
START = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
BEGIN = """
from apps.common.clock import now
from apps.contacts.models import Contact, Phone
from apps.events.actions import Actor
from apps.workspaces.actions import create_workspace, save_connection
from apps.workspaces.models import Connection
from apps.workspaces.vault import seal
actor, (slug, url) = Actor.system("tests"), sys.argv[1:]
workspace = create_workspace(actor=actor, slug=slug, name=slug, now=now())
Connection.across_workspaces.filter(workspace=workspace).update(is_active=False)
for kind, name, secrets in (
    ("skip_trace", "batchdata_v1", {"key": "k"}),
    ("phone_lookup", "twilio", {"account_sid": "AC1", "key": "t"}),
):
    save_connection(workspace=workspace, actor=actor, now=now(), connection=Connection(
        capability=kind, provider=name, is_sandbox=False, settings={"base_url": url},
        credentials=seal(secrets)))
for at, number in enumerate(("", "+12035550142")):
    owner = Contact.objects.create(
        workspace=workspace, name=f"Owner {at}", match_key=str(at), mailing_line="12 Elm St",
        mailing_city="New Haven", mailing_state="CT", mailing_zip="06511", check_due_at=now())
    if number:
        Phone.objects.create(workspace=workspace, contact=owner, e164=number)
"""
WORK = """
from datetime import timedelta
from apps.common import clock
from apps.contacts import tasks
late = timedelta(minutes=int(sys.argv[2]))
tasks.now = lambda: clock.now() + late
tasks.check_due()
"""
TELL = """
from apps.contacts.models import NumberLookup, SkipTrace
from apps.events.models import Event
rows = lambda model: [list(row) for row in model.across_workspaces.filter(
    workspace__slug=sys.argv[1]).order_by("id").values_list("state", "cost_amount")]
print(json.dumps({"traces": rows(SkipTrace), "lookups": rows(NumberLookup)}, default=str))
"""


@pytest.fixture(scope="module")
def process(database, vendor):  # noqa: F811
    def run(code: str, *words: str, failpoint: str = "") -> subprocess.CompletedProcess:
        environment = os.environ | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEALWRIGHT_FAILPOINT": failpoint,
            "OUTBOUND_HOSTS": vendor.host,
            "WAKE_WORKERS": "false",
        }
        return subprocess.run(
            [sys.executable, "-c", SETUP + code, *words],
            cwd=REPO, env=environment, capture_output=True, timeout=400,
        )  # fmt: skip

    made = run(START)
    assert made.returncode == 0, made.stderr.decode()
    return run


@pytest.fixture(scope="module")
def vendor():
    with serving(Vendor()) as found:

        def answer(call) -> Reply:
            if "PhoneNumbers" in call.path:
                return Reply(200, lookup_answer())
            asked = call.body["requests"]
            return Reply(200, answer_v1(*(
                person_v1("Owner 0", ref=row["requestId"]) for row in asked
            )))  # fmt: skip

        found.answer = answer
        yield found


@pytest.mark.parametrize(
    ("failpoint", "trace", "lookup", "calls"),
    [
        ("contacts.after_trace_open", "lost", "answered", (0, 1)),
        ("contacts.after_trace_call", "lost", "answered", (1, 1)),
        ("contacts.after_lookup_call", "answered", "lost", (1, 1)),
    ],
)
def test_what_a_killed_worker_asked_is_never_paid_again(
    process, vendor, failpoint, trace, lookup, calls
):
    slug = failpoint.rpartition(".")[2].replace("_", "-")
    vendor.calls.clear()
    begun = process(BEGIN, slug, vendor.url)
    assert begun.returncode == 0, begun.stderr.decode()
    killed = process(WORK, slug, "0", failpoint=failpoint)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    for minutes in ("6", "16", "30"):
        done = process(WORK, slug, minutes)
        assert done.returncode == 0, done.stderr.decode()
    told = json.loads(process(TELL, slug).stdout)
    assert [state for state, _ in told["traces"]] == [trace]
    assert [state for state, _ in told["lookups"]] == [lookup]
    # What may have been charged stays booked.
    assert all(float(cost) > 0 for _, cost in (*told["traces"], *told["lookups"]))
    kinds = Counter("PhoneNumbers" in call.path for call in vendor.calls)
    assert (kinds[False], kinds[True]) == calls
