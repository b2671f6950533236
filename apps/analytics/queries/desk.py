"""What waits for a person now."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from apps.analytics.rules import EXPIRING
from apps.analytics.types import OpenOffer, RunningImport, WaitingReply
from apps.deals.models import LeadImport
from apps.inbox.models import Conversation
from apps.inbox.rules import clock_color, waited_text
from apps.offers.models import Offer
from apps.offers.types import OfferState
from apps.workspaces.models import Workspace


def list_waiting(workspace: Workspace, *, now: datetime, limit: int = 6) -> list[WaitingReply]:
    """Unanswered sellers, longest waiting first; snoozed ones wait for their day."""
    rows = (
        Conversation.objects.in_workspace(workspace)
        .filter(state="open", first_unanswered_at__isnull=False)
        .filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))
        .select_related("contact")
        .order_by("first_unanswered_at", "id")[:limit]
    )
    return [_waiting(row, now) for row in rows]


def _waiting(row: Conversation, now: datetime) -> WaitingReply:
    since = row.first_unanswered_at or row.last_message_at
    return WaitingReply(
        conversation_id=row.public_id,
        name=row.contact.name,
        excerpt=row.last_excerpt,
        channel=row.last_channel,
        since=since,
        unread_count=row.unread_count,
        waited=waited_text(now - since),
        color=clock_color(now - since),
    )


def list_open_offers(workspace: Workspace, *, now: datetime, limit: int = 6) -> list[OpenOffer]:
    """Offers that can still be accepted: viewed ones first, then by what ends soonest."""
    rows = (
        Offer.objects.in_workspace(workspace)
        .filter(state=OfferState.READY, expires_at__gt=now)
        .select_related("deal__property")
        .order_by(F("viewed_at").desc(nulls_last=True), "expires_at", "id")[:limit]
    )
    return [
        OpenOffer(
            offer_id=row.public_id,
            deal_id=row.deal.public_id,
            address=row.deal.property.address,
            amount=row.amount,
            expires_at=row.expires_at,
            viewed_at=row.viewed_at,
            is_expiring=row.expires_at - now <= EXPIRING,
        )
        for row in rows
    ]


def list_running_imports(workspace: Workspace) -> list[RunningImport]:
    rows = LeadImport.objects.in_workspace(workspace).filter(
        state__in=[LeadImport.State.QUEUED, LeadImport.State.RUNNING]
    )
    return [
        RunningImport(row.public_id, row.file_name, row.state, row.rows_done, row.rows_total)
        for row in rows.order_by("-id")[:3]
    ]
