"""The seller's own page: read on a phone, signed with a typed name. GET changes nothing here."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.common.phones import phone_text
from apps.events.actions import Actor
from apps.offers import actions
from apps.offers.actions.answering import Signature
from apps.offers.by_link import find_public_offer
from apps.offers.errors import OfferAlreadyAccepted, OfferRefused
from apps.offers.forms import AcceptForm
from apps.offers.models import Offer
from apps.offers.queries import current_document, pdf_bytes
from apps.offers.rules import moment_text
from apps.offers.throttle import client_address, is_too_fast
from apps.offers.views.files import pdf_response
from apps.offers.wording import CONSENT_VERSION, DISCLOSURES, consent_text
from apps.workspaces.queries import has_sandbox

Page = Callable[[HttpRequest, Offer], HttpResponse]


def for_seller(view: Page) -> Callable[[HttpRequest, str], HttpResponse]:
    """Turn the token into its offer. Unknown, expired and withdrawn look exactly alike."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        if is_too_fast(client_address(request), token, now=now()):
            response = render(request, "offers/public_wait.html", status=429)
            response["Retry-After"] = "60"
        else:
            offer = find_public_offer(token, now=now())
            response = _gone(request) if offer is None else view(request, offer)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@require_safe
@for_seller
def public_offer(request: HttpRequest, offer: Offer) -> HttpResponse:
    return _page(request, offer)


@require_safe
@for_seller
def public_document(request: HttpRequest, offer: Offer) -> HttpResponse:
    content = pdf_bytes(current_document(offer))
    if content is None:
        return _gone(request)
    name = f"Offer {offer.reference} from {offer.workspace.name}"
    return pdf_response(content, name, is_download="download" in request.GET)


@require_POST
@for_seller
def viewed(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Posted by the open page itself: link scanners, which only GET, are never counted."""
    actions.record_view(workspace=offer.workspace, actor=_seller(offer), offer=offer, now=now())
    return HttpResponse(status=204)


@require_POST
@for_seller
def accept(request: HttpRequest, offer: Offer) -> HttpResponse:
    form = AcceptForm(request.POST, consent_text=_consent(offer))
    if not form.is_valid():
        return _page(request, offer, form=form, status=422)
    signature = Signature(
        typed_name=form.cleaned_data["typed_name"],
        consent_version=CONSENT_VERSION,
        consent_text=_consent(offer),
        document_sha256=form.cleaned_data["document_sha256"],
        ip=client_address(request),
        user_agent=request.headers.get("User-Agent", "")[:300],
    )
    try:
        actions.accept_offer(
            workspace=offer.workspace,
            actor=_seller(offer),
            offer=offer,
            signature=signature,
            now=now(),
        )
    except OfferAlreadyAccepted:
        pass  # a second tap of the same button: the page it leads to says so
    except OfferRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, offer, form=form, status=409)
    return redirect(request.path.removesuffix("accept/"))


def _page(
    request: HttpRequest, offer: Offer, *, form: AcceptForm | None = None, status: int = 200
) -> HttpResponse:
    document = current_document(offer)
    initial = {"document_sha256": document.sha256}
    context = {
        "offer": offer,
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
        "workspace": offer.workspace,
        "is_sandbox": has_sandbox(offer.workspace),
        "document": document,
        "form": form or AcceptForm(initial=initial, consent_text=_consent(offer)),
        "disclosures": DISCLOSURES,
        "expires_text": moment_text(offer.expires_at, offer.workspace.time_zone),
        "sender_phone": phone_text(offer.workspace.sender_phone),
        "accepted_text": offer.accepted_at
        and moment_text(offer.accepted_at, offer.workspace.time_zone),
    }
    return render(request, "offers/public_offer.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "offers/public_gone.html", status=404)


def _seller(offer: Offer) -> Actor:
    return Actor.contact(offer.seller.public_id, offer.seller.name)


def _consent(offer: Offer) -> str:
    return consent_text(
        price=f"${offer.amount:,.2f}",
        address=offer.deal.property.address,
        buyer=offer.workspace.name,
    )
