"""Whom the filtered deals belong to."""

from __future__ import annotations

from uuid import UUID

from apps.deals.queries.page import _by_deal
from apps.deals.types import DealFilters
from apps.workspaces.models import Workspace


def list_seller_refs(workspace: Workspace, filters: DealFilters, *, limit: int) -> list[UUID]:
    """Public ids of the sellers, each once, up to `limit`; unscored deals are not left out."""
    rows = _by_deal(workspace, filters).exclude(seller=None).order_by("seller__public_id")
    return list(rows.values_list("seller__public_id", flat=True).distinct()[:limit])
