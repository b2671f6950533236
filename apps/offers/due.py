"""Due rows of all workspaces: documents to print, offers to close."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.offers.models import LetterOfIntent, Offer, OfferDocument
from apps.offers.models.print_job import PrintJob
from apps.offers.types import DocumentState, OfferState

# Longer than the renderer's own deadline, so that a living worker is never overtaken.
LEASE = timedelta(seconds=120)
Job = TypeVar("Job", bound=PrintJob)


def claim_document(*, now: datetime) -> OfferDocument | None:
    """Lease the longest-waiting document to this worker; the attempt counts from here.

    Also takes one whose worker died with it. Writes no fact: who holds a lease is no news.
    """
    return _claim(OfferDocument.across_workspaces.select_related("workspace", "offer__deal"), now)


def claim_intent(*, now: datetime) -> LetterOfIntent | None:
    """Lease the longest-waiting letter of intent, as `claim_document` does a document."""
    return _claim(LetterOfIntent.across_workspaces.select_related("workspace", "deal"), now)


def _claim(rows: QuerySet[Job], now: datetime) -> Job | None:
    free = Q(state=DocumentState.QUEUED) | Q(state=DocumentState.RENDERING, lease_until__lte=now)
    with transaction.atomic():
        row = (
            rows.select_for_update(skip_locked=True, of=("self",))
            .filter(free, available_at__lte=now)
            .order_by("available_at", "id")
            .first()
        )
        if row is not None:
            row.state, row.lease_until = DocumentState.RENDERING, now + LEASE
            row.attempts += 1
            row.save(update_fields=["state", "lease_until", "attempts"])
    return row


def list_due_to_expire(*, now: datetime, limit: int = 200) -> list[Offer]:
    """Open offers of all workspaces whose time is over."""
    rows = Offer.across_workspaces.filter(state=OfferState.READY, expires_at__lte=now)
    return list(rows.select_related("workspace").order_by("expires_at", "id")[:limit])
