"""Webhook calls of a source: one call as it came, trying again, a new secret."""

from __future__ import annotations

import contextlib
import json
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.deals.feeds.calls.actions import replay_calls, rotate_secret
from apps.deals.feeds.calls.queries import get_call
from apps.deals.feeds.calls.shapes.web_form import CONSENT_LABELS
from apps.deals.feeds.calls.tasks import wake_reader
from apps.deals.models import LeadSource, WebhookCall
from apps.deals.views.sources import find_source, show_once
from apps.workspaces.access import actor_of, configurer_required, seller_side_required
from apps.workspaces.vault import KeyMissing

_LONGEST_SHOWN = 100_000


@require_safe
@seller_side_required
def call_detail(request: HttpRequest, source_id: UUID, call_id: UUID) -> HttpResponse:
    """The call as it came, and what became of it."""
    source = find_source(request, source_id)
    try:
        call = get_call(source.workspace, source, call_id)
    except WebhookCall.DoesNotExist as error:
        raise Http404 from error
    context = {
        "source": source,
        "call": call,
        "body": _readable(bytes(call.body)),
        "consents": [
            [(label, given[name]) for name, label in CONSENT_LABELS.items() if name in given]
            for given in call.consents
        ],
    }
    return render(request, "deals/call_detail.html", context)


@require_POST
@configurer_required
def replay(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Read refused calls again: all, or the one named by `call`."""
    source = find_source(request, source_id)
    named = request.POST.get("call", "")
    try:
        call_ids = [UUID(named)] if named else None
    except ValueError as error:
        raise Http404 from error
    count = replay_calls(
        workspace=source.workspace,
        actor=actor_of(request),
        source=source,
        now=now(),
        call_ids=call_ids,
    )
    wake_reader()
    told = f"{count} call{'' if count == 1 else 's'} will be read again."
    messages.success(request, told if count else "No refused call is left.")
    return redirect("deals:source_detail", source_id=source_id)


@require_POST
@configurer_required
def rotate(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """A new secret, shown on the next page; `end_old` ends the one before at once."""
    source = find_source(request, source_id)
    if source.type != LeadSource.Type.WEBHOOK:
        raise Http404
    try:
        secret = rotate_secret(
            workspace=source.workspace,
            actor=actor_of(request),
            source=source,
            now=now(),
            ends_old="end_old" in request.POST,
        )
    except KeyMissing as error:
        messages.error(request, str(error))
    else:
        show_once(request, source, secret)
    return redirect("deals:source_detail", source_id=source_id)


def _readable(body: bytes) -> str:
    """JSON indented, anything else as it is; bytes that are no text are marked."""
    text = body.decode("utf-8", errors="replace")
    with contextlib.suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:_LONGEST_SHOWN]
