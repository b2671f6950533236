"""Reading, assigning, putting aside, closing; stopping every message to the contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.channels.actions import record_suppression
from apps.channels.types import SuppressionKind
from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.inbox import actions
from apps.inbox.forms import AssignForm, SnoozeForm
from apps.inbox.models import Conversation
from apps.inbox.types import SNOOZES
from apps.inbox.views.pages import conversation_or_404, detail_context, workspace_of
from apps.workspaces.access import actor_of, seller_side_required
from apps.workspaces.queries import list_members


@require_POST
@seller_side_required
def read(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_or_404(request, conversation_id)
    _act(request, actions.mark_read, conversation)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "inbox-changed"})
    return redirect("inbox:conversation_detail", conversation.public_id)


@require_POST
@seller_side_required
def assign(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_or_404(request, conversation_id)
    form = AssignForm(request.POST, members=list_members(workspace_of(request)))
    if not form.is_valid():
        return HttpResponse("Choose a member of the workspace.", status=422)
    user = form.users.get(form.cleaned_data["member"])
    _act(request, actions.assign_conversation, conversation, user=user)
    return _answer(request, conversation, f"On the desk of {user}." if user else "On no desk.")


@require_POST
@seller_side_required
def snooze(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_or_404(request, conversation_id)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose how long.", status=422)
    _, period = SNOOZES[form.cleaned_data["period"]]
    _act(request, actions.snooze_conversation, conversation, until=now() + period)
    return _answer(request, conversation, "Put aside; a new message brings it back at once.")


@require_POST
@seller_side_required
def close(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_or_404(request, conversation_id)
    _act(request, actions.close_conversation, conversation)
    return _answer(request, conversation, "Closed. A new message opens it again.")


@require_POST
@seller_side_required
def reopen(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_or_404(request, conversation_id)
    _act(request, actions.reopen_conversation, conversation)
    return _answer(request, conversation, "Open again.")


@require_POST
@seller_side_required
def stop_all(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The person is written to no more, on any channel, by anybody of this workspace."""
    conversation = conversation_or_404(request, conversation_id)
    record_suppression(
        workspace=workspace_of(request),
        actor=actor_of(request),
        kind=SuppressionKind.MANUAL,
        contact_ref=conversation.contact.public_id,
        address="",
        reason="stopped in the inbox",
        now=now(),
    )
    text = f"{conversation.contact.name} gets no further message."
    return _answer(request, conversation, text)


def _act(
    request: HttpRequest, verb: Callable[..., Any], conversation: Conversation, **values: Any
) -> None:
    verb(
        workspace=workspace_of(request),
        actor=actor_of(request),
        conversation=conversation,
        now=now(),
        **values,
    )


def _answer(request: HttpRequest, conversation: Conversation, text: str) -> HttpResponse:
    messages.success(request, text)
    if not is_htmx(request):
        return redirect("inbox:conversation_detail", conversation.public_id)
    fresh = conversation_or_404(request, conversation.public_id)
    context = detail_context(request, fresh) | {"is_answer": True}
    response = render(request, "inbox/panels/conversation.html", context)
    response["HX-Trigger"] = "inbox-changed"
    return response
