"""The way in for leads that come by themselves: verify the raw bytes, store them, answer 202."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.common.clock import now
from apps.deals.feeds.calls.secrets import secrets_of
from apps.deals.feeds.calls.settings import SettingsInvalid, settings_of
from apps.deals.feeds.calls.storing import store_call
from apps.deals.feeds.calls.verifying import CallForbidden, verify
from apps.deals.models import LeadSource
from apps.workspaces.vault import KeyMissing

log = logging.getLogger(__name__)
MOST_BYTES = 1_000_000
_RETRY_SECONDS = "60"


class CallTurnedAway(Exception):
    """An answer other than 202; nothing was written."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@csrf_exempt
@require_POST
def receive_lead_call(request: HttpRequest, source_id: UUID) -> JsonResponse:
    """202: the call is stored and will be read. 503: it is not; the sender comes again.

    A paused source answers 503 too, so that no lead is lost to a pause.
    """
    try:
        return _receive(request, source_id)
    except CallTurnedAway as refusal:
        answer = JsonResponse({"error": str(refusal)}, status=refusal.status)
        if refusal.status == 503:
            answer["Retry-After"] = _RETRY_SECONDS
        return answer


def _receive(request: HttpRequest, source_id: UUID) -> JsonResponse:
    raw = _read(request)
    try:
        source = _find_source(source_id)
        _verify(source, request, raw)
        call_id, is_duplicate = store_call(
            source, settings_of(source.settings), request.headers, raw, now()
        )
    except (DatabaseError, InterfaceError) as error:
        log.warning("a call could not be stored", exc_info=True)
        raise CallTurnedAway(503, "The call could not be stored; send it again.") from error
    return JsonResponse({"id": str(call_id), "duplicate": is_duplicate}, status=202)


def _read(request: HttpRequest) -> bytes:
    """The body as it came, whole."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced.isdecimal():
        raise CallTurnedAway(411, "Send the length of the call in Content-Length.")
    if int(announced) > MOST_BYTES:
        raise CallTurnedAway(413, "A call may hold up to one megabyte; send several.")
    try:
        raw = request.body
    except UnreadablePostError as error:
        raise CallTurnedAway(400, "The call did not arrive whole.") from error
    if len(raw) != int(announced):
        raise CallTurnedAway(400, "The call did not arrive whole.")
    return raw


def _find_source(source_id: UUID) -> LeadSource:
    # Nobody is signed in: the address names the source, and the secret proves the sender.
    sources = LeadSource.across_workspaces.filter(type=LeadSource.Type.WEBHOOK)
    needed = ("public_id", "workspace_id", "is_active", "settings", "credentials")
    found = sources.filter(public_id=source_id).only(*needed).first()
    if found is None:
        raise CallTurnedAway(404, "There is no such address.")
    return found


def _verify(source: LeadSource, request: HttpRequest, raw: bytes) -> None:
    try:
        verify(settings_of(source.settings), secrets_of(source), request.headers, raw, now())
    except CallForbidden as refusal:
        raise CallTurnedAway(refusal.status, str(refusal)) from refusal
    except (KeyMissing, SettingsInvalid, ValueError) as error:
        log.warning("source %s cannot verify calls", source.public_id, exc_info=True)
        raise CallTurnedAway(503, "This address cannot take calls at the moment.") from error
    if not source.is_active:
        raise CallTurnedAway(503, "This address is paused; send the call again later.")
