"""Celery entry of sales files."""

import logging

from celery import shared_task
from django.conf import settings

from apps.common.clock import now
from apps.deals.sales.due import claim_sale_import
from apps.deals.sales.worker import run_sale_import

log = logging.getLogger(__name__)


@shared_task(name="deals.continue_sale_imports")
def continue_sale_imports() -> None:
    """Carry every open file on whose lease has run out; one worker each."""
    while sale_import := claim_sale_import(now()):
        run_sale_import(sale_import, clock=now)


def wake_sale_importer() -> None:
    """Tell a worker after the commit. A lost call costs seconds only: beat sweeps anyway."""
    if not settings.WAKE_WORKERS:
        return
    try:
        continue_sale_imports.apply_async(retry=False, ignore_result=True)
    except Exception:  # the broker may be away; the file is stored
        log.warning("could not wake a worker; the sweep will import", exc_info=True)
