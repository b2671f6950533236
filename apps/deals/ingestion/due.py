"""Which import or preview is worked on next, and by whom."""

from __future__ import annotations

from datetime import datetime

from apps.deals.claiming import claim_oldest
from apps.deals.ingestion.actions import OPEN_STATES
from apps.deals.models import ImportPreview, LeadImport


def claim_import(now: datetime) -> LeadImport | None:
    """Take the oldest open import that nobody works on; its lease runs for a minute a chunk."""
    return claim_oldest(LeadImport.across_workspaces.filter(state__in=OPEN_STATES), now)


def claim_undo(now: datetime) -> LeadImport | None:
    """The same for an import that is being undone."""
    return claim_oldest(LeadImport.across_workspaces.filter(state=LeadImport.State.UNDOING), now)


def claim_preview(now: datetime) -> ImportPreview | None:
    """The same for a draft too long to be looked at while a page waits."""
    return claim_oldest(ImportPreview.objects.filter(finished_at=None), now)
