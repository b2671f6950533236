"""Deals for readers who page through all of them, like the partner API."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from apps.contacts.models import Contact
from apps.deals.models import Deal, DealParty
from apps.workspaces.models import Workspace


def browse_deals(
    workspace: Workspace,
    *,
    stage: str = "",
    status: str = "",
    verdict: str = "",
    min_score: int | None = None,
) -> QuerySet[Deal]:
    """Deals with everything a reader is shown, in no order yet; `stage` is the stage's kind."""
    rows = Deal.objects.in_workspace(workspace).select_related(
        "property", "stage", "seller", "score", "metrics"
    )
    if stage:
        rows = rows.filter(stage__kind=stage)
    if status:
        rows = rows.filter(status=status)
    if verdict:
        rows = rows.filter(score__verdict=verdict)
    if min_score is not None:
        rows = rows.filter(score__score__gte=min_score)
    return rows


def find_party(workspace: Workspace, deal: Deal, contact_id: UUID) -> Contact | None:
    """The contact, when they are the deal's seller or one of its parties."""
    if deal.seller is not None and deal.seller.public_id == contact_id:
        return deal.seller
    rows = DealParty.objects.in_workspace(workspace).filter(deal=deal)
    party = rows.filter(contact__public_id=contact_id).select_related("contact").first()
    return party.contact if party else None
