"""Answering the contact."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.channels.actions import queue_message
from apps.channels.queries import list_thread
from apps.channels.types import Purpose
from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.inbox.forms import ReplyForm
from apps.inbox.models import Conversation
from apps.inbox.queries import reply_addresses
from apps.inbox.views.pages import (
    conversation_or_404,
    detail_context,
    list_context,
    workspace_of,
)
from apps.workspaces.access import actor_of, seller_side_required


@require_POST
@seller_side_required
def reply(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Hand the answer to sending, which asks the guard; the thread shows what becomes of it."""
    conversation = conversation_or_404(request, conversation_id)
    workspace, contact = workspace_of(request), conversation.contact
    addresses = reply_addresses(workspace, contact, list_thread(workspace, contact.public_id))
    form = ReplyForm(request.POST, addresses=addresses)
    if not form.is_valid():
        return _form_again(request, conversation, form)
    values = form.cleaned_data
    queue_message(
        workspace=workspace,
        actor=actor_of(request),
        contact_ref=contact.public_id,
        deal_ref=conversation.deal.public_id if conversation.deal else None,
        channel=values["channel"],
        to_address=addresses[values["channel"]],
        subject=values["subject"] if values["channel"] == "email" else "",
        body=values["body"],
        purpose=Purpose.MANUAL,
        idempotency_key=f"manual:{values['nonce']}",
        now=now(),
    )
    if is_htmx(request):
        context = detail_context(request, conversation) | {"is_answer": True}
        return render(request, "inbox/panels/conversation.html", context)
    messages.success(request, "Your answer is on its way.")
    return redirect("inbox:conversation_detail", conversation.public_id)


def _form_again(request: HttpRequest, conversation: Conversation, form: ReplyForm) -> HttpResponse:
    context = list_context(request) | detail_context(request, conversation, form)
    page = "panels/conversation" if is_htmx(request) else "conversation_detail"
    return render(request, f"inbox/{page}.html", context, status=422)
