"""Celery entry of the feeds."""

import time

from celery import shared_task

from apps.common.clock import now
from apps.deals.feeds.due import claim_source
from apps.deals.feeds.worker import run_source

SWEEP_SECONDS = 120.0


@shared_task(name="deals.poll_sources")
def poll_sources() -> None:
    """Read every feed that is due, one after the other; other workers take others meanwhile."""
    end = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end and (reading := claim_source(now())):
        run_source(reading, clock=now)
