"""Which file of sales is worked on next, and by whom."""

from __future__ import annotations

from datetime import datetime

from apps.deals.claiming import claim_oldest
from apps.deals.models import SaleImport
from apps.deals.sales.actions import OPEN_STATES


def claim_sale_import(now: datetime) -> SaleImport | None:
    """Take the oldest open file that nobody works on."""
    return claim_oldest(SaleImport.across_workspaces.filter(state__in=OPEN_STATES), now)
