"""Celery entry of imports."""

from celery import shared_task

from apps.common.clock import now
from apps.deals.ingestion.worker import claim_import, run_import


@shared_task(name="deals.continue_imports")
def continue_imports() -> None:
    """Carry every open import on whose lease has run out; one worker each."""
    while lead_import := claim_import(now()):
        run_import(lead_import, clock=now)
