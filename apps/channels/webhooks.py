"""The way in for providers: verify the raw bytes, then one action. Nothing else happens inline."""

from __future__ import annotations

import hmac
import json
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.channels.actions import receive_message
from apps.channels.models import InboundMessage
from apps.channels.types import Channel, InboundCall
from apps.common.clock import now
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from apps.workspaces.queries import has_sandbox, is_sandbox_channel

SIGNATURE_HEADER = "X-Sandbox-Signature"
MAX_BYTES = 100_000


class CallRefused(ValueError):
    """The call is not the provider's, or holds nothing we can read."""


def sandbox_signature(workspace: Workspace, raw: bytes) -> str:
    """What the sandbox provider signs its calls with: HMAC-SHA-256 under a workspace's own key."""
    key = salted_hmac("channels.sandbox", str(workspace.public_id), algorithm="sha256").digest()
    return hmac.new(key, raw, "sha256").hexdigest()


def take_sandbox_call(
    workspace: Workspace, raw: bytes, signature: str, at: datetime
) -> InboundMessage:
    """Verify and receive one inbound call. Raises CallRefused, with nothing written."""
    if len(raw) > MAX_BYTES:
        raise CallRefused("the call is too large")
    expected = sandbox_signature(workspace, raw)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise CallRefused("the signature is wrong")
    call = _parsed(raw)
    # A pretended START must not reopen a number that a real provider texts.
    if not is_sandbox_channel(workspace, call.channel):
        raise CallRefused("this channel is not served by the sandbox")
    return receive_message(workspace=workspace, actor=Actor.provider("sandbox"), call=call, now=at)


def _parsed(raw: bytes) -> InboundCall:
    try:
        fields = {str(key): str(value) for key, value in json.loads(raw).items()}
        return InboundCall(
            provider="sandbox",
            external_id=fields["id"],
            channel=Channel(fields["channel"]),
            from_address=fields["from"],
            to_address=fields.get("to", ""),
            body=fields["body"],
            raw=fields,
        )
    except (ValueError, KeyError, AttributeError) as error:
        raise CallRefused("the call cannot be read") from error


@csrf_exempt
@require_POST
def sandbox_inbound(request: HttpRequest, workspace_id: UUID) -> HttpResponse:
    """200: stored, and a refusal in it is in force. After an error the provider comes again."""
    workspace = Workspace.objects.filter(public_id=workspace_id).first()
    if workspace is None or not has_sandbox(workspace):
        raise Http404
    try:
        take_sandbox_call(workspace, request.body, request.headers.get(SIGNATURE_HEADER, ""), now())
    except CallRefused:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
