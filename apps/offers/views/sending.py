"""Sending the seller the link of an offer: one guarded message per channel and revision."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.channels.actions import queue_message
from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.contacts.queries import best_email, best_phone
from apps.offers.letters import link_letter
from apps.offers.models import Offer
from apps.offers.permissions import may_make_offer
from apps.offers.queries import get_offer
from apps.offers.types import OfferState
from apps.offers.views.deal import panel
from apps.workspaces.access import actor_of, member_required
from apps.workspaces.middleware import WorkspaceRequest

WAYS = {"sms": "text", "email": "e-mail"}


@require_POST
@member_required
def send_link(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Queue the link for the seller; asking again for the same channel sends nothing twice."""
    scoped = cast(WorkspaceRequest, request)
    try:
        offer = get_offer(scoped.workspace, offer_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not may_make_offer(scoped.membership.role):
        raise PermissionDenied("Your role may not send offers.")
    channel = request.POST.get("channel", "")
    if channel not in WAYS:
        raise Http404
    refusal = _send(request, offer, channel)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, f"The link goes to {offer.seller.name} by {WAYS[channel]}.")
    if is_htmx(request):
        return panel(request, offer.deal)
    return redirect("deals:deal_detail", offer.deal.public_id)


def _send(request: HttpRequest, offer: Offer, channel: str) -> str:
    """Queue the message, or say why not."""
    workspace = cast(WorkspaceRequest, request).workspace
    if offer.state != OfferState.READY:
        return "This offer is over; its link opens nothing any more."
    point = best_phone(workspace, offer.seller) if channel == "sms" else None
    mail = best_email(workspace, offer.seller) if channel == "email" else None
    address = point.e164 if point else mail.address if mail else ""
    if not address:
        return f"No {'number' if channel == 'sms' else 'e-mail address'} of this seller is usable."
    subject, body = link_letter(offer, workspace, channel)
    queue_message(
        workspace=workspace,
        actor=actor_of(request),
        contact_ref=offer.seller.public_id,
        deal_ref=offer.deal.public_id,
        channel=channel,
        to_address=address,
        subject=subject,
        body=body,
        purpose="manual",
        idempotency_key=f"offer-link:{offer.public_id}:{offer.revision}:{channel}",
        now=now(),
    )
    return ""
