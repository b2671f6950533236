"""One offer: its page, its file, the job that prints it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.common.htmx import with_event
from apps.events.queries import list_facts
from apps.offers.models import Offer, OfferDocument
from apps.offers.permissions import may_withdraw_offer
from apps.offers.queries import current_document, get_job, get_offer, pdf_bytes
from apps.offers.views.cards import card_of
from apps.offers.views.deal import OFFERS_CHANGED
from apps.offers.views.files import pdf_response
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest

# What the timeline says for each fact: icon, color, words.
STORY = {
    "offers.offer_made.v1": ("report-money", "blue", "Offer made"),
    "offers.offer_rendered.v1": ("file-check", "blue", "Document printed"),
    "offers.offer_render_failed.v1": ("alert-triangle", "red", "Document failed"),
    "offers.offer_viewed.v1": ("eye", "yellow", "Opened by the seller"),
    "offers.offer_accepted.v1": ("signature", "green", "Accepted by the seller"),
    "offers.offer_withdrawn.v1": ("arrow-back-up", "secondary", "Withdrawn"),
    "offers.offer_expired.v1": ("clock", "secondary", "Expired"),
}


@require_safe
@member_required
def offer_detail(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    offer = _offer(request, offer_id)
    document = current_document(offer)
    facts = list_facts(scoped.workspace.pk, subject=offer.public_id, names=list(STORY))
    context = {
        "card": card_of(offer, document, scoped.workspace),
        "story": [(*STORY[fact.name], fact) for fact in facts],
        "may_withdraw": may_withdraw_offer(scoped.membership.role),
    }
    return render(request, "offers/offer_detail.html", context)


@require_safe
@member_required
def document(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The PDF; `?download=1` saves instead of showing it. 404 while there is none."""
    offer = _offer(request, offer_id)
    content = pdf_bytes(current_document(offer))
    if content is None:
        raise Http404("The document is not printed yet.")
    name = f"Offer {offer.reference} {offer.deal.property.line}".strip()
    return pdf_response(content, name, is_download="download" in request.GET)


@require_safe
@member_required
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far the printing is: JSON for programs, a fragment for pages."""
    try:
        row = get_job(cast(WorkspaceRequest, request).workspace, job_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(job_state(row))
    answer = render(request, "offers/panels/job.html", {"document": row, "offer": row.offer})
    # By the end of the printing the deal has moved on, too.
    return answer if row.is_open else with_event(answer, OFFERS_CHANGED)


def job_state(row: OfferDocument) -> dict[str, object]:
    """The job as a program reads it; `document_url` appears when there is a file."""
    url = reverse("offers:document", args=[row.offer.public_id]) if row.sha256 else None
    return {
        "id": str(row.public_id),
        "offer": str(row.offer.public_id),
        "state": row.state,
        "attempts": row.attempts,
        "error": row.error,
        "sha256": row.sha256,
        "document_url": url,
    }


def _offer(request: HttpRequest, offer_id: UUID) -> Offer:
    try:
        return get_offer(cast(WorkspaceRequest, request).workspace, offer_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
