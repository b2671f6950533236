"""Which file of sales is worked on next, and by whom."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.deals.models import SaleImport
from apps.deals.sales.actions import OPEN_STATES


def claim_sale_import(now: datetime) -> SaleImport | None:
    """Take the oldest open file that nobody works on."""
    is_free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = SaleImport.across_workspaces.select_for_update(skip_locked=True)
        found = due.filter(is_free, state__in=OPEN_STATES).order_by("id").first()
        if found is not None:
            found.hold(now)
    return found
