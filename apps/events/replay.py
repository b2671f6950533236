"""Sending parked deliveries out again, by a person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.events import DeliveriesReplayed
from apps.events.models import Delivery
from apps.events.publish import publish

INSTALLATION = 0
NIL = UUID(int=0)


@action
def replay_deliveries(*, actor: Actor, ids: Sequence[int], now: datetime) -> int:
    """Make parked deliveries ready again with a fresh attempt count; returns how many."""
    rows = Delivery.objects.filter(pk__in=ids, state=Delivery.State.DEAD)
    count = rows.update(state=Delivery.State.READY, attempts=0, available_at=now)
    if not count:
        unchanged("none of these deliveries is parked")
        return 0
    publish(
        DeliveriesReplayed(subject=NIL, count=count),
        workspace_id=INSTALLATION,
        actor=actor,
        now=now,
    )
    return count
