"""Whoever gets past the triggers is found by the seals."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.events import append_only
from apps.events.actions import Actor, action
from apps.events.catalog.events import DeliveriesReplayed
from apps.events.models import Event, Seal
from apps.events.publish import publish_many
from apps.events.seals import find_flaws, seal_all

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


@action
def write_facts(*, actor: Actor, count: int, workspace_id: int, now) -> None:
    facts = [DeliveriesReplayed(subject=uuid4(), count=n) for n in range(count)]
    publish_many(facts, workspace_id=workspace_id, actor=actor, now=now)


@pytest.fixture
def sealed_log(now):
    """Two workspaces, three seals each of up to four facts; the triggers are off."""
    for workspace_id in (1, 2):
        write_facts(actor=SYSTEM, count=10, workspace_id=workspace_id, now=now)
    seal_all(now=now, batch=4)
    connection.check_constraints()
    append_only.remove(connection)


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_untouched_log_verifies(sealed_log):
    out = StringIO()
    call_command("verify_events", stdout=out)
    assert "20 facts under 6 seals are as they were written" in out.getvalue()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events_event SET actor_label = 'nobody' WHERE workspace_id = 2 AND seq = 5",
        "UPDATE events_event SET occurred_at = '2020-01-01 00:00:00+00' WHERE seq = 1",
        "UPDATE events_event SET cause = subject WHERE workspace_id = 1 AND seq = 10",
        "DELETE FROM events_event WHERE workspace_id = 1 AND seq = 7",
        "UPDATE events_seal SET hash = previous_hash WHERE number = 2",
        "UPDATE events_event SET seq = 100 WHERE workspace_id = 1 AND seq = 10",
    ],
)
def test_every_tampering_is_named(sealed_log, sql):
    tamper(sql)
    with pytest.raises(CommandError, match="the log was altered"):
        call_command("verify_events", stderr=StringIO())


def test_swapped_facts_are_found(sealed_log):
    rows = list(Event.objects.filter(workspace_id=1, seq__in=[2, 3]).order_by("seq"))
    Event.objects.filter(pk=rows[0].pk).update(seq=None)
    Event.objects.filter(pk=rows[1].pk).update(seq=2)
    Event.objects.filter(pk=rows[0].pk).update(seq=3)
    assert any("changed" in flaw.text for flaw in find_flaws())


def test_a_missing_seal_in_the_middle_is_found(sealed_log):
    middle = Seal.objects.get(workspace_id=2, number=2)
    Event.objects.filter(seal=middle).delete()
    middle.delete()
    assert {flaw.workspace_id for flaw in find_flaws()} == {2}
