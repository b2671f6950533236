"""Two people, or a person and a worker, at the same deal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction

from apps.deals.actions import move_deal, value_deal
from apps.deals.models import Deal, Stage
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from tests.deals.conftest import MakeDeal

pytestmark = pytest.mark.django_db(transaction=True)


def until_somebody_waits() -> None:
    """SQLite lets one writer in and queues the rest before they read; nothing to wait for there."""
    if connection.vendor != "postgresql":
        return
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')"
    for _ in range(5_000):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone():
                return
    raise AssertionError("nobody waits")


def beside(work: Callable[[], object], errors: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("what", ["value", "move"])
def test_a_deal_that_moves_meanwhile_is_still_found(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal, what: str
) -> None:
    deal = make_deal(desk)
    stages = {stage.kind: stage for stage in Stage.objects.in_workspace(desk)}
    errors: list[BaseException] = []

    def value() -> None:
        value_deal(
            workspace=desk, actor=system, deal=deal, arv_amount=Decimal(200_000),
            repairs_amount=None, now=now,
        )  # fmt: skip

    def move() -> None:
        move_deal(
            workspace=desk, actor=system, deal=deal, to=stages["dead"], reason="Sold", now=now
        )

    with transaction.atomic():
        Deal.objects.in_workspace(desk).filter(pk=deal.pk).update(stage=stages["qualified"])
        thread = beside(value if what == "value" else move, errors)
        until_somebody_waits()
    thread.join()
    assert errors == []
    held = Deal.objects.in_workspace(desk).select_related("stage").get(pk=deal.pk)
    if what == "value":
        assert (held.stage.kind, held.arv_amount) == ("qualified", Decimal(200_000))
    else:
        assert held.stage.kind == "dead"
