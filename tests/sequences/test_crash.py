"""kill -9 in mid-advance and many advancers at once: every step is taken once, none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from apps.channels.models import SandboxDelivery
from apps.channels.sweeps.sending import send_due
from apps.common import clock
from apps.events.models import Event
from apps.sequences.actions import advance_due
from apps.sequences.actions.advancing import LEASE, MAX_ATTEMPTS
from apps.sequences.models import Enrollment, StepRun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
ROOT = Path(__file__).resolve().parents[2]
COUNT = 5


def advancer(failpoint: str = "") -> int:
    """`manage.py advance_due` in a process of its own on this test's database; its exit code."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        entry = settings.DATABASES["default"]
        host, port = entry.get("HOST") or "localhost", entry.get("PORT") or 5432
        secret = f":{entry['PASSWORD']}" if entry.get("PASSWORD") else ""
        url = f"postgres://{entry.get('USER') or 'root'}{secret}@{host}:{port}/{name}"
    done = subprocess.run(
        [sys.executable, "manage.py", "advance_due"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DEALWRIGHT_FAILPOINT": failpoint,
            "WAKE_WORKERS": "false",
        },
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()[-2000:]
    return done.returncode


@pytest.fixture
def due(make_deal, enroll):
    """Five sellers whose first step is due by the real clock."""
    at = clock.now() - timedelta(seconds=1)
    return [enroll(make_deal(), at) for _ in range(COUNT)]


def taken() -> Counter[str]:
    """How often the first step of each enrollment was taken, by the facts."""
    facts = Event.objects.filter(name="sequences.step_reached.v1")
    return Counter(str(subject) for subject in facts.values_list("subject", flat=True))


def everybody_once(rows) -> dict[str, int]:
    return {str(row.public_id): 1 for row in rows}


@pytest.mark.parametrize(
    ("place", "done"),
    [("advance.after_claim", 0), ("advance.before_commit:3", 2), ("advance.after_reach:3", 3)],
)
def test_a_kill_at_each_place_loses_and_doubles_nothing(due, deliver, place, done):
    assert advancer(place) == -signal.SIGKILL
    assert sum(taken().values()) == StepRun.across_workspaces.count() == done
    # What the dead process had claimed is left alone until its lease has run out.
    assert advancer() == 0
    assert sum(taken().values()) == done
    later = clock.now() + LEASE
    advance_due(clock=lambda: later)
    assert taken() == everybody_once(due)
    deliver(later)
    send_due(clock=lambda: later)
    assert SandboxDelivery.across_workspaces.count() == COUNT


def test_killed_again_and_again(due, deliver):
    for place in ("advance.after_claim", "advance.before_commit", "advance.after_reach"):
        advancer(place)
        Enrollment.across_workspaces.update(lease_until=None)
    later = clock.now() + LEASE
    while advance_due(clock=lambda: later):
        pass
    assert taken() == everybody_once(due)


def test_three_advancers_at_once_take_each_step_once(make_deal, enroll, now):
    rows = [enroll(make_deal()) for _ in range(12)]
    start = threading.Barrier(3)
    errors: list[BaseException] = []

    def run():
        try:
            start.wait()
            while advance_due(clock=lambda: now, limit=4):
                pass
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert taken() == everybody_once(rows)


def test_the_lease_is_no_lock_and_the_step_is_still_taken_once(make_deal, enroll, now):
    """Several processes that all hold the same stale claim: the row's state decides."""
    from apps.events.actions import Actor
    from apps.sequences.actions import reach_step

    row = enroll(make_deal())
    start = threading.Barrier(4)

    def run():
        start.wait()
        reach_step(workspace=row.workspace, actor=Actor.system("tests"), enrollment=row, now=now)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken() == everybody_once([row])


def test_a_step_that_always_fails_is_held_and_does_not_hold_up_the_others(
    make_deal, enroll, now, monkeypatch
):
    from apps.sequences.actions import advancing

    bad, good = enroll(make_deal()), enroll(make_deal())
    reach, tries = advancing.reach_step, []

    def sometimes(**values):
        if values["enrollment"].pk == bad.pk:
            tries.append(values["now"])
            raise RuntimeError("cannot be taken")
        return reach(**values)

    monkeypatch.setattr(advancing, "reach_step", sometimes)
    at = now
    for _ in range(MAX_ATTEMPTS + 2):
        advance_due(clock=lambda: at)  # noqa: B023 - called before the loop goes on
        at += LEASE
    assert taken() == everybody_once([good])
    bad.refresh_from_db()
    assert (bad.state, len(tries)) == ("paused", MAX_ATTEMPTS)
    assert "failed 5 times" in bad.note
