"""Celery entry of imports."""

import logging
from typing import Any

from celery import shared_task
from django.conf import settings

from apps.common.clock import now
from apps.deals.ingestion.due import claim_import, claim_preview, claim_undo
from apps.deals.ingestion.previewing import run_preview
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


@shared_task(name="deals.preview_drafts")
def preview_drafts() -> None:
    """Count what long drafts would do. A task of its own, so that
    another worker can import meanwhile."""
    while asked := claim_preview(now()):
        run_preview(asked, clock=now)


def wake_importer() -> None:
    """Tell a worker after the commit. A lost call costs seconds only: beat sweeps anyway."""
    _wake(continue_imports)


def wake_previewer() -> None:
    """The same for the preview of a long draft."""
    _wake(preview_drafts)


def _wake(task: Any) -> None:
    if not settings.WAKE_WORKERS:
        return
    try:
        task.apply_async(retry=False, ignore_result=True)
    except Exception:  # the broker may be away; the work is a row
        log.warning("could not wake a worker; the sweep will do it", exc_info=True)
