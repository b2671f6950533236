"""The Seller's phone: what the sandbox delivered, and answering as the seller."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, cast
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.channels.forms import AnswerForm
from apps.channels.queries import (
    PhoneEntry,
    Seller,
    list_sandbox_sellers,
    list_seller_screen,
    with_names,
)
from apps.channels.types import Channel
from apps.channels.webhooks import sandbox_signature, take_sandbox_call
from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.models import Workspace
from apps.workspaces.queries import has_sandbox, is_sandbox_channel

_SCREEN = "channels/panels/phone_screen.html"
QUICK_REPLIES = ("What's your price?", "Who is this?", "Wrong number", "STOP")


@require_GET
@member_required
def sellers_phone(request: HttpRequest) -> HttpResponse:
    """The phone of one seller (`?contact=`), else of whoever got something last.

    `part=screen` and `part=sellers` are what the page polls.
    """
    workspace = _sandbox_workspace(request)
    sellers = list_sandbox_sellers(workspace)
    chosen = _chosen(sellers, request.GET.get("contact", ""))
    if not is_htmx(request) or "part" not in request.GET:
        return _page(request, sellers, chosen)
    is_list = request.GET["part"] == "sellers"
    entries = [] if is_list else _entries(workspace, chosen)
    stamp = _stamp(sellers if is_list else entries)
    if stamp == request.GET.get("seen"):
        return HttpResponse(status=204)
    template = "channels/panels/phone_sellers.html" if is_list else _SCREEN
    named = with_names(workspace, sellers) if is_list else []
    context = {"sellers": named, "chosen": chosen, "entries": entries, "stamp": stamp}
    return render(request, template, context)


@require_POST
@member_required
def answer_as_seller(request: HttpRequest) -> HttpResponse:
    """Give the typed answer to the sandbox's own way in, signed as the provider's call would be."""
    workspace = _sandbox_workspace(request)
    sellers = list_sandbox_sellers(workspace)
    chosen = _chosen(sellers, request.POST.get("contact", ""))
    entries = _entries(workspace, chosen)
    form = AnswerForm(request.POST, channels=_channels(workspace, entries))
    if chosen is None or str(chosen.contact_ref) != request.POST.get("contact"):
        raise Http404
    if not form.is_valid():
        return _page(request, sellers, chosen, form, status=422)
    raw = _provider_call(form, entries)
    take_sandbox_call(workspace, raw, sandbox_signature(workspace, raw), now())
    if not is_htmx(request):
        return redirect(f"{reverse('channels:sellers_phone')}?contact={chosen.contact_ref}")
    entries = _entries(workspace, chosen)
    context = {"entries": entries, "chosen": chosen, **_compose(workspace, chosen, entries)}
    return render(request, "channels/panels/phone_answered.html", context)


def _sandbox_workspace(request: HttpRequest) -> Workspace:
    """Where no sandbox is connected there is nothing to pretend: the page does not exist."""
    workspace = cast(WorkspaceRequest, request).workspace
    if not has_sandbox(workspace):
        raise Http404
    return workspace


def _chosen(sellers: list[Seller], wanted: str) -> Seller | None:
    first = sellers[0] if sellers else None
    return next((seller for seller in sellers if str(seller.contact_ref) == wanted), first)


def _entries(workspace: Workspace, chosen: Seller | None) -> list[PhoneEntry]:
    return list_seller_screen(workspace, chosen.contact_ref) if chosen else []


def _channels(workspace: Workspace, entries: list[PhoneEntry]) -> list[Channel]:
    """What the seller can answer by, where the sandbox serves it; a voicemail by text."""
    by_phone = {Channel.SMS, Channel.VOICEMAIL}
    got = {Channel(entry.channel) for entry in entries if not entry.is_theirs}
    found = [Channel.SMS] if got & by_phone else []
    found += [Channel.EMAIL] if Channel.EMAIL in got else []
    return [channel for channel in found if is_sandbox_channel(workspace, channel)]


def _provider_call(form: AnswerForm, entries: list[PhoneEntry]) -> bytes:
    """The body of the call: the seller answers from where the last such message reached them."""
    channel = form.cleaned_data["channel"]
    alike = {Channel.EMAIL} if channel == Channel.EMAIL else {Channel.SMS, Channel.VOICEMAIL}
    got = [entry for entry in entries if not entry.is_theirs and entry.channel in alike][-1]
    call = {
        "id": f"SBIN-{form.cleaned_data['token']}",
        "channel": channel,
        "from": got.seller_address,
        "to": got.other_side,
        "body": form.cleaned_data["body"],
    }
    return json.dumps(call).encode()


def _compose(
    workspace: Workspace,
    chosen: Seller | None,
    entries: list[PhoneEntry],
    form: AnswerForm | None = None,
) -> dict[str, Any]:
    initial = {"contact": chosen.contact_ref if chosen else None, "token": uuid4()}
    return {
        "form": form or AnswerForm(initial=initial, channels=_channels(workspace, entries)),
        "quick_replies": QUICK_REPLIES,
    }


def _stamp(rows: Sequence[object]) -> str:
    """Changes whenever the rows would look different on the page."""
    return sha256(repr(rows).encode()).hexdigest()[:16]


def _page(
    request: HttpRequest,
    sellers: list[Seller],
    chosen: Seller | None,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    workspace = _sandbox_workspace(request)
    entries = _entries(workspace, chosen)
    named = with_names(workspace, sellers)
    chosen = _chosen(named, str(chosen.contact_ref)) if chosen else None
    context = {"sellers": named, "chosen": chosen, "entries": entries}
    context |= _compose(workspace, chosen, entries, form)
    if form is not None and is_htmx(request):
        return render(request, "channels/panels/phone_answered.html", context, status=status)
    return render(request, "channels/sellers_phone.html", context, status=status)
