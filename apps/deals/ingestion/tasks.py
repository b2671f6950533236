"""Celery entry of imports."""

import logging

from celery import shared_task
from django.conf import settings

from apps.common.clock import now
from apps.deals.ingestion.due import claim_import, claim_undo
from apps.deals.ingestion.undo import run_undo
from apps.deals.ingestion.worker import run_import

log = logging.getLogger(__name__)


@shared_task(name="deals.continue_imports")
def continue_imports() -> None:
    """Carry every open import and every undoing on whose lease has run out; one worker each."""
    while lead_import := claim_import(now()):
        run_import(lead_import, clock=now)
    while lead_import := claim_undo(now()):
        run_undo(lead_import, clock=now)


def wake_importer() -> None:
    """Tell a worker after the commit. A lost call costs seconds only: beat sweeps anyway."""
    if not settings.WAKE_WORKERS:
        return
    try:
        continue_imports.apply_async(retry=False, ignore_result=True)
    except Exception:  # the broker may be away; the import is stored
        log.warning("could not wake a worker; the sweep will import", exc_info=True)
