"""A follow-up is stopped while its step is being put in line: the step does not go."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from apps.channels.models import Message
from apps.channels.subscribers import queue_step, take_back_step
from apps.events.actions import Actor, action
from apps.events.catalog.base import Fact
from apps.events.catalog.sequences import EnrollmentStopped, StepReached
from apps.events.publish import publish
from apps.events.registry import Received
from tests.channels.conftest import PHONE, SELLER

pytestmark = pytest.mark.django_db(transaction=True)
ENROLLMENT = UUID(int=7)
SYSTEM = Actor.system("tests")


@pytest.fixture
def reached(now) -> StepReached:
    return StepReached(
        subject=ENROLLMENT,
        sequence="s",
        position=1,
        contact=SELLER,
        channel="sms",
        to_address=PHONE,
        subject_line="",
        body="Hi",
        idempotency_key="k",
        stop_if_replied_since=now,
    )


@pytest.fixture
def stopped() -> EnrollmentStopped:
    return EnrollmentStopped(
        subject=ENROLLMENT, sequence="s", contact=SELLER, reason="by_person", message_key="k"
    )


@pytest.fixture
def received(workspace, now) -> Any:
    return lambda fact: Received(UUID(int=1), workspace.pk, fact, SYSTEM, now)


@action
def tell(*, actor: Actor, workspace_id: int, fact: Fact, now: Any) -> None:
    publish(fact, workspace_id=workspace_id, actor=actor, now=now)


def test_a_stop_that_comes_first_leaves_nothing_to_queue(
    workspace, reached, stopped, received, now
) -> None:
    tell(actor=SYSTEM, workspace_id=workspace.pk, fact=stopped, now=now)
    for handle, fact in ((take_back_step, stopped), (queue_step, reached)):
        with transaction.atomic():
            handle(received(fact))
    assert not Message.across_workspaces.exists()


def test_a_stop_in_the_middle_takes_the_step_back(
    workspace, reached, stopped, received, now
) -> None:
    """The step's handler has looked for a stop and found none; its message is not committed yet."""
    queued, go_on = threading.Event(), threading.Event()

    def put_in_line() -> None:
        with transaction.atomic():
            queue_step(received(reached))
            queued.set()
            go_on.wait(10)
        connection.close()

    def stop() -> None:
        queued.wait(10)
        tell(actor=SYSTEM, workspace_id=workspace.pk, fact=stopped, now=now)
        with transaction.atomic():
            take_back_step(received(stopped))
        connection.close()

    threads = [threading.Thread(target=put_in_line), threading.Thread(target=stop)]
    for thread in threads:
        thread.start()
    queued.wait(10)
    threads[1].join(0.5)
    assert threads[1].is_alive(), "the stop did not wait for the step"
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert Message.across_workspaces.get().state == "canceled"
