"""Celery entry of webhook calls."""

import logging
import time

from celery import shared_task
from django.conf import settings

from apps.common.clock import now
from apps.deals.feeds.calls.worker import process_calls
from apps.deals.ingestion.tasks import wake_importer

RUN_SECONDS = 20.0
log = logging.getLogger(__name__)


@shared_task(name="deals.process_webhooks")
def process_webhooks() -> None:
    """Read stored calls for at most RUN_SECONDS; beat comes again."""
    end = time.monotonic() + RUN_SECONDS
    taken = 0
    while time.monotonic() < end and (count := process_calls(now)):
        taken += count
    if taken:
        wake_importer()


def wake_reader() -> None:
    """Tell a worker after the commit. A lost call costs seconds only: beat sweeps anyway."""
    if not settings.WAKE_WORKERS:
        return
    try:
        process_webhooks.apply_async(retry=False, ignore_result=True)
    except Exception:  # the broker may be away; the calls are stored
        log.warning("could not wake a worker; the sweep will read the calls", exc_info=True)
