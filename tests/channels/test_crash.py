"""kill -9 in mid-send: nothing lost, nothing doubled. The truth is the provider's own journal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections

from apps.channels.actions import claim_message, receive_message
from apps.channels.models import Decision, Message, SandboxDelivery
from apps.channels.sweeps.reconciling import reconcile
from apps.channels.sweeps.sending import send_due
from apps.common import clock, failpoints
from apps.events.actions import Actor
from apps.events.models import Event
from tests.channels.conftest import PHONE, call

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
ROOT = Path(__file__).resolve().parents[2]
PLACES = ["send.after_claim", "send.before_call", "send.after_call", "send.after_record"]
AFTER_LEASE = timedelta(minutes=2)
COUNT = 5


def worker(failpoint: str) -> int:
    """Run one sweep in a process of its own, on this test's database; its exit code."""
    database = settings.DATABASES["default"]
    url = f"sqlite:///{connection.settings_dict['NAME']}"
    if connection.vendor == "postgresql":
        host = database.get("HOST") or "localhost"
        user, port = database.get("USER") or "root", database.get("PORT") or 5432
        secret = f":{database['PASSWORD']}" if database.get("PASSWORD") else ""
        url = f"postgres://{user}{secret}@{host}:{port}/{connection.settings_dict['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DEALWRIGHT_FAILPOINT": failpoint,
        "WAKE_WORKERS": "false",
        "LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "send_due"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()[-2000:]
    return done.returncode


def forked(failpoint: str, at: datetime) -> int:
    """One sweep in a forked process: as deadly as `worker` and much faster to start."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ["DEALWRIGHT_FAILPOINT"] = failpoint
        failpoints._passed.clear()
        try:
            send_due(clock=lambda: at)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def journal() -> Counter[UUID]:
    return Counter(SandboxDelivery.across_workspaces.values_list("client_ref", flat=True))


def problems() -> list[str]:
    """What the journal and the rows disagree on; empty is what the guarantee promises."""
    found = []
    texts = journal()
    sids = set(SandboxDelivery.across_workspaces.values_list("sid", flat=True))
    for message in Message.across_workspaces.order_by("pk"):
        times = texts.pop(message.public_id, 0)
        if times != 1:
            found.append(f"{message.idempotency_key}: sent {times} times")
        if message.state != "accepted":
            found.append(f"{message.idempotency_key}: {message.state}")
        if message.provider_sid not in sids:
            found.append(f"{message.idempotency_key}: sid not in the journal")
        if not Decision.across_workspaces.filter(message=message, verdict="allow").exists():
            found.append(f"{message.idempotency_key}: no decision")
    found += [f"{ref}: sent and not in line" for ref in texts]
    return found


@pytest.fixture
def due(queue) -> list[Message]:
    """Five messages to five people, due now by the real clock."""
    at = clock.now() - timedelta(seconds=1)
    return [
        queue(f"k{n}", contact_ref=UUID(int=n + 1), to_address=f"+1203555010{n}", now=at)
        for n in range(COUNT)
    ]


def later() -> datetime:
    return clock.now() + AFTER_LEASE


@pytest.mark.parametrize("place", PLACES)
def test_kill_at_each_place_loses_and_doubles_nothing(due, place) -> None:
    assert worker(f"{place}:3") == -signal.SIGKILL
    before = journal()
    assert sum(before.values()) == (2 if place in PLACES[:2] else 3)
    # A sweep before the lease runs out must not touch the message that is in doubt.
    send_due(clock=clock.now)
    assert problems() == (
        [] if place == "send.after_record" else _in_doubt(due[2], place == "send.after_call")
    )
    reconcile(clock=later)
    send_due(clock=later)
    assert problems() == []


def _in_doubt(message: Message, was_sent: bool) -> list[str]:
    key = message.idempotency_key
    lost = [] if was_sent else [f"{key}: sent 0 times"]
    return [*lost, f"{key}: sending", f"{key}: sid not in the journal"]


def test_killed_again_and_again(due) -> None:
    """A kill at every place in turn, over and over, until nothing is left to send."""
    start, kills = clock.now(), 0
    for round_ in range(12):
        at = start + round_ * AFTER_LEASE
        kills += forked(f"{PLACES[round_ % 4]}:1", at) == -signal.SIGKILL
        reconcile(clock=lambda at=at: at + AFTER_LEASE)
    assert kills >= 2 * COUNT - 1
    assert problems() == []
    accepted = Event.objects.filter(name="channels.message_accepted.v1")
    assert Counter(accepted.values_list("subject", flat=True)) == Counter(
        message.public_id for message in due
    )


def test_the_checker_sees_a_blind_resend(due) -> None:
    """The same crash with reconciliation replaced by what many products do: just send again."""
    worker("send.after_call:3")
    Message.across_workspaces.filter(state="sending").update(state="queued", lease_until=None)
    send_due(clock=clock.now)
    assert problems() == ["k2: sent 2 times"]


def test_the_checker_sees_a_loss(due) -> None:
    """The same crash with the claim taken for the send."""
    worker("send.before_call:3")
    Message.across_workspaces.filter(state="sending").update(
        state="accepted", provider_sid="guessed"
    )
    send_due(clock=clock.now)
    assert problems() == ["k2: sent 0 times", "k2: sid not in the journal"]


def test_stop_and_claim_take_the_same_lock(queue, workspace, system, now) -> None:
    """A STOP that holds the recipient makes the claim wait and then see the refusal."""
    first = queue("first")
    send_due(clock=lambda: now)
    second = queue("second")
    release, holding = threading.Event(), threading.Event()
    result: dict[str, object] = {}

    def stop() -> None:
        from django.db import transaction

        with transaction.atomic():
            receive_message(
                workspace=workspace, actor=Actor.provider("sandbox"), call=call("STOP"), now=now
            )
            holding.set()
            release.wait(10)
        connection.close()

    def claim() -> None:
        holding.wait(10)
        result["claim"] = claim_message(
            workspace=workspace, actor=system, message_pk=second.pk, now=now
        )
        connection.close()

    threads = [threading.Thread(target=stop), threading.Thread(target=claim)]
    for thread in threads:
        thread.start()
    holding.wait(10)
    threads[1].join(0.5)
    assert threads[1].is_alive(), "the claim did not wait for the STOP"
    release.set()
    for thread in threads:
        thread.join(10)
    second.refresh_from_db()
    assert result["claim"] is None
    assert (second.state, second.error_code) == ("blocked", "suppressed_opt_out")
    assert list(journal().values()) == [1]
    assert first.to_address == PHONE


def test_many_workers_at_once_send_each_message_once(due) -> None:
    threads = [threading.Thread(target=_sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems() == []


def _sweep() -> None:
    try:
        send_due(clock=clock.now)
    finally:
        connection.close()
