"""Which import is worked on next, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.deals.ingestion.actions import OPEN_STATES
from apps.deals.models import LeadImport


def claim_import(now: datetime) -> LeadImport | None:
    """Take the oldest open import that nobody works on; its lease runs for a minute a chunk."""
    return _claim(OPEN_STATES, now)


def claim_undo(now: datetime) -> LeadImport | None:
    """The same for an import that is being undone."""
    return _claim((LeadImport.State.UNDOING,), now)


def _claim(states: Collection[str], now: datetime) -> LeadImport | None:
    is_free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = LeadImport.across_workspaces.select_for_update(skip_locked=True, of=("self",))
        found = due.filter(is_free, state__in=states).order_by("id").first()
        if found is not None:
            found.hold(now)
    return found
