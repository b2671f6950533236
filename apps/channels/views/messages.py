"""The thread with one person: read, write, decide about what is parked."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.channels.actions import cancel_message, queue_message, requeue_message
from apps.channels.explaining import explain
from apps.channels.forms import MessageForm
from apps.channels.queries import ThreadEntry, get_message, list_suppressions, list_thread
from apps.channels.registry import contact_card
from apps.channels.types import ContactCard, Purpose
from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.models import Workspace


@require_GET
@member_required
def messages_panel(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The thread as a panel of another page, or as a page of its own. `part=thread` polls."""
    card = _card(request, contact_id)
    if request.GET.get("part") == "thread":
        context = _thread(request, contact_id)
        if context["stamp"] == request.GET.get("seen"):
            return HttpResponse(status=204)
        return render(request, "channels/panels/thread.html", context)
    return _panel(request, contact_id, card, _fresh_form(card))


@require_POST
@seller_side_required
def send_message(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Put a message written by hand in line; the guard decides when it is taken up."""
    card = _card(request, contact_id)
    form = MessageForm(request.POST, options=card.addresses)
    if not form.is_valid():
        return _panel(request, contact_id, card, form, status=422)
    option = form.cleaned_data["option"]
    queue_message(
        workspace=_workspace(request),
        actor=actor_of(request),
        contact_ref=contact_id,
        deal_ref=None,
        channel=option.channel,
        to_address=option.address,
        subject=form.cleaned_data["subject"],
        body=form.cleaned_data["body"],
        purpose=Purpose.MANUAL,
        idempotency_key=f"manual:{form.cleaned_data['token']}",
        now=now(),
    )
    if is_htmx(request):
        return _panel(request, contact_id, card, _fresh_form(card))
    messages.success(request, "The message is in line.")
    return redirect("channels:messages_panel", contact_id)


@require_POST
@seller_side_required
def decide_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send a parked message again, knowing that it may have gone, or take it back."""
    workspace, actor = _workspace(request), actor_of(request)
    try:
        message = get_message(workspace, message_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if request.POST.get("decision") == "again":
        requeue_message(
            workspace=workspace,
            actor=actor,
            message_pk=message.pk,
            attempt=message.attempt,
            reason="Sent again by hand.",
            now=now(),
        )
    else:
        cancel_message(
            workspace=workspace,
            actor=actor,
            idempotency_key=message.idempotency_key,
            reason="by_hand",
            now=now(),
        )
    if is_htmx(request):
        return render(request, "channels/panels/thread.html", _thread(request, message.contact_ref))
    return redirect("channels:messages_panel", message.contact_ref)


def _workspace(request: HttpRequest) -> Workspace:
    return cast(WorkspaceRequest, request).workspace


def _card(request: HttpRequest, contact_id: UUID) -> ContactCard:
    card = contact_card(_workspace(request).pk, contact_id)
    if card is None:
        raise Http404
    return card


def _fresh_form(card: ContactCard) -> MessageForm:
    return MessageForm(options=card.addresses, initial={"token": uuid4()})


def _thread(request: HttpRequest, contact_id: UUID) -> dict[str, Any]:
    workspace = _workspace(request)
    entries = list_thread(workspace, contact_id)
    return {
        "contact_id": contact_id,
        "rows": [(entry, explain(entry, workspace.time_zone)) for entry in entries],
        "suppressions": list_suppressions(workspace, contact_id),
        "stamp": _stamp(entries),
    }


def _stamp(entries: list[ThreadEntry]) -> str:
    """Changes whenever the thread would look different, so that polling can answer "the same"."""
    text = "|".join(
        f"{entry.public_id}{entry.state}{entry.decision.pk if entry.decision else ''}"
        for entry in entries
    )
    return sha256(text.encode()).hexdigest()[:16]


def _panel(
    request: HttpRequest, contact_id: UUID, card: ContactCard, form: MessageForm, status: int = 200
) -> HttpResponse:
    name = "channels/panels/messages.html" if is_htmx(request) else "channels/messages.html"
    context = {"card": card, "form": form, **_thread(request, contact_id)}
    return render(request, name, context, status=status)
