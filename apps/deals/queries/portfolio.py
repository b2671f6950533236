"""What one owner has: every property and deal of a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from apps.contacts.queries import same_person_refs
from apps.deals.models import Deal, DealParty
from apps.workspaces.models import Workspace

PORTFOLIO_LIMIT = 200
_OWNING = (DealParty.Part.OWNER, DealParty.Part.CO_OWNER)


def list_portfolio(workspace: Workspace, contact_id: UUID) -> list[Deal]:
    """Deals of the contact, open ones first, at most PORTFOLIO_LIMIT.

    Asked by every id of the person, so that it is whole also before deals heard of a merge.
    """
    refs = same_person_refs(workspace, contact_id)
    parties = DealParty.objects.in_workspace(workspace).filter(contact__public_id__in=refs)
    rows = Deal.objects.in_workspace(workspace).filter(pk__in=parties.values("deal"))
    rows = rows.select_related("property", "stage")
    return list(rows.order_by("-status", "-stage_entered_at", "-id")[:PORTFOLIO_LIMIT])


def _owned(workspace_id: int) -> QuerySet[DealParty, dict[str, Any]]:
    rows = DealParty.objects.in_workspace(workspace_id).filter(part__in=_OWNING)
    return rows.values("contact_id").annotate(owned=Count("deal__property", distinct=True))


def owners_of_at_least(workspace_id: int, least: int) -> Any:
    """Keys of contacts with so many properties, as a query to filter by."""
    return _owned(workspace_id).filter(owned__gte=least).values("contact_id")


def count_properties(workspace_id: int, contact_keys: Sequence[int]) -> dict[int, int]:
    rows = _owned(workspace_id).filter(contact_id__in=list(contact_keys))
    return dict(rows.values_list("contact_id", "owned"))
