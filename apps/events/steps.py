"""What counts as writing to a seller, as a reply and as a contract, wherever it is counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Min

from apps.events.catalog.channels import MessageAccepted
from apps.events.catalog.contacts import ContactResponded
from apps.events.catalog.deals import DealMoved
from apps.events.catalog.offers import OfferAccepted
from apps.events.models import Event
from apps.events.queries import Said, any_of

CONTACTED = Said((MessageAccepted.name,), lacking={"purpose": ("opt_out_confirmation",)})
# An opt-out or a wrong number is an answer, but not the one a funnel should boast of.
REPLIED = Said((ContactResponded.name,), lacking={"intent": ("stop", "wrong_number")})
SIGNED = (
    Said((OfferAccepted.name,)),
    Said((DealMoved.name,), having={"to_stage": "under_contract"}),
    Said((DealMoved.name,), having={"to_stage": "closed"}),
)


def deals_first_said(
    workspace_id: int, *said: Said, since: datetime | None = None, until: datetime
) -> Any:
    """Deals whose first fact like any of these lies in [since, until), as a query to filter by."""
    rows = Event.objects.filter(
        any_of(said), workspace_id=workspace_id, deal__isnull=False, occurred_at__lt=until
    )
    firsts = rows.order_by().values("deal").annotate(first=Min("occurred_at"))
    if since:
        firsts = firsts.filter(first__gte=since)
    return firsts.values("deal")
