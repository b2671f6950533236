"""Celery entry of follow-up: take what is due."""

import time

from celery import shared_task

from apps.common.clock import now
from apps.sequences.actions import BATCH, advance_due

RUN_SECONDS = 20.0


@shared_task(name="sequences.advance_due")
def advance_due_sequences() -> None:
    """Work until nothing is due, for at most RUN_SECONDS; beat comes again."""
    end = time.monotonic() + RUN_SECONDS
    while advance_due(clock=now) == BATCH and time.monotonic() < end:
        pass
