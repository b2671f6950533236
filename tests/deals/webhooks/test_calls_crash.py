"""kill -9 while stored calls are read: none lost, none taken in twice."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest
from django.db import connections

from apps.common import failpoints
from apps.deals.feeds.calls.actions import take_in_calls
from apps.deals.feeds.calls.due import claim_calls
from apps.deals.feeds.calls.worker import ACTOR, process_calls, readings_of
from apps.deals.models import LeadImport, WebhookCall
from tests.deals.webhooks.sender import lead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
COUNT = 6


def forked(failpoint: str, at: datetime) -> int:
    """One batch in a process of its own; its exit code, negative when it was killed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ["DEALWRIGHT_FAILPOINT"] = failpoint
        failpoints._passed.clear()
        try:
            process_calls(lambda: at)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    ("place", "is_done"),
    [
        ("calls.after_claim", False),
        ("calls.before_commit", False),
        ("calls.after_commit", True),
    ],
)
def test_a_death_at_any_moment_loses_nothing_and_doubles_nothing(website, now, place, is_done):
    for n in range(COUNT):
        assert website.call(lead(n)).status_code == 202
    assert forked(place, now) == -9
    done = WebhookCall.across_workspaces.filter(state="done").count()
    assert done == (COUNT if is_done else 0)
    assert LeadImport.across_workspaces.count() == (1 if is_done else 0)
    # The sender, who knows nothing of it, sends all of them again.
    for n in range(COUNT):
        assert website.call(lead(n)).json()["duplicate"] is True
    # While the dead worker's lease runs, nobody else takes its calls.
    assert process_calls(lambda: now) == 0
    process_calls(lambda: now + timedelta(minutes=2))
    assert process_calls(lambda: now + timedelta(minutes=4)) == 0
    assert WebhookCall.across_workspaces.filter(state="done").count() == COUNT
    lead_import = LeadImport.across_workspaces.get()
    assert lead_import.rows_total == COUNT
    assert lead_import.calls.count() == COUNT


def test_two_workers_with_the_same_calls_make_one_import(website, now):
    """A worker whose lease ran out while it read comes late and finds the calls closed."""
    website.call(lead(1))
    slow = claim_calls(now)
    process_calls(lambda: now + timedelta(minutes=2))
    readings = readings_of(website.source, slow)
    take_in_calls(
        workspace=website.source.workspace,
        actor=ACTOR,
        source=website.source,
        readings=readings,
        now=now,
    )
    assert LeadImport.across_workspaces.count() == 1
