"""Celery entries of the facts: deliver what is ready, seal what is new."""

import time

from celery import shared_task

from apps.common.clock import now
from apps.events.dispatch import deliver_ready
from apps.events.seals import seal_all

RUN_SECONDS = 20.0


@shared_task(name="events.deliver")
def deliver() -> None:
    """Deliver until nothing is ready, for at most RUN_SECONDS; beat comes again."""
    end = time.monotonic() + RUN_SECONDS
    while deliver_ready(clock=now) and time.monotonic() < end:
        pass


@shared_task(name="events.seal")
def seal() -> None:
    seal_all(now=now())
