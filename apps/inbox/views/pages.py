"""The inbox: conversations on the left, the thread in the middle, the person on the right."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.channels.queries import is_suppressed, list_thread
from apps.common.clock import now
from apps.inbox.forms import AssignForm, ReplyForm
from apps.inbox.models import Conversation
from apps.inbox.queries import (
    count_unread,
    get_conversation,
    list_conversations,
    reply_addresses,
)
from apps.inbox.rules import clock_color, reply_subject, waited_text
from apps.inbox.types import SNOOZES, Folder
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.models import User, Workspace
from apps.workspaces.queries import list_members


@require_GET
@member_required
def conversation_list(request: HttpRequest) -> HttpResponse:
    """The page; `?part=list` only the list, which the page polls for new replies."""
    context = list_context(request)
    if request.GET.get("part") == "list":
        return render(request, "inbox/panels/list.html", context)
    return render(request, "inbox/conversation_list.html", context)


@require_GET
@member_required
def conversation_detail(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The page; `?part=thread` only the messages, which the page polls."""
    conversation = conversation_or_404(request, conversation_id)
    if request.GET.get("part") == "thread":
        return render(request, "inbox/panels/thread.html", thread_context(request, conversation))
    context = list_context(request) | detail_context(request, conversation)
    return render(request, "inbox/conversation_detail.html", context)


@require_GET
@member_required
def badge(request: HttpRequest) -> HttpResponse:
    count = count_unread(workspace_of(request))
    return render(request, "inbox/panels/badge.html", {"count": count})


def workspace_of(request: HttpRequest) -> Workspace:
    return cast(WorkspaceRequest, request).workspace


def conversation_or_404(request: HttpRequest, conversation_id: UUID) -> Conversation:
    try:
        return get_conversation(workspace_of(request), conversation_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def list_context(request: HttpRequest) -> dict[str, Any]:
    wanted = request.GET.get("folder", "")
    folder = Folder(wanted) if wanted in set(Folder) else Folder.OPEN
    page = list_conversations(
        workspace_of(request),
        folder,
        cast(User, request.user),
        now(),
        request.GET.get("cursor", ""),
    )
    current = request.GET.get("current", "")
    return {"folder": folder, "folders": list(Folder), "page": page, "current": current}


def thread_context(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    moment, since = now(), conversation.first_unanswered_at
    asleep_until = conversation.snoozed_until
    return {
        "conversation": conversation,
        "thread": list_thread(workspace_of(request), conversation.contact.public_id),
        "is_asleep": asleep_until is not None and asleep_until > moment,
        "waited": waited_text(moment - since) if since else "",
        "clock": clock_color(moment - since) if since else "",
    }


def detail_context(
    request: HttpRequest, conversation: Conversation, form: ReplyForm | None = None
) -> dict[str, Any]:
    workspace = workspace_of(request)
    context = thread_context(request, conversation)
    addresses = reply_addresses(workspace, conversation.contact, context["thread"])
    return context | {
        "form": form or ReplyForm(addresses=addresses, initial=_first_reply(conversation)),
        "current": str(conversation.public_id),
        "addresses": addresses,
        "is_opted_out": is_suppressed(workspace, conversation.contact.public_id),
        "snoozes": [(key, label) for key, (label, _) in SNOOZES.items()],
        "assign_form": AssignForm(
            members=list_members(workspace),
            initial={"member": str(conversation.assigned_to_id or "")},
        ),
    }


def _first_reply(conversation: Conversation) -> dict[str, str]:
    line = conversation.deal.property.line if conversation.deal else ""
    return {"channel": conversation.last_channel, "subject": reply_subject(line)}
