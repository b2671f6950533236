"""Keeping a call as it came."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.deals.feeds.calls.body import CallUnreadable, read_body
from apps.deals.feeds.calls.paths import at_path
from apps.deals.feeds.calls.settings import CallSettings
from apps.deals.models import LeadSource, WebhookCall

# What may be needed to read the body again, or to trace a call; never a header with a secret.
KEPT_HEADERS = ("User-Agent", "X-Request-Id", "X-Event-Id", "X-Event-Type", "Webhook-Id")
_LONGEST_HEADER = 200


def store_call(
    source: LeadSource,
    settings: CallSettings,
    headers: Mapping[str, str],
    raw: bytes,
    now: datetime,
) -> tuple[UUID, bool]:
    """(id of the stored call, was it there already). No fact: nothing has happened to a lead yet.

    One short transaction; when it returns, the call is safe. The same call in parallel is one row.
    """
    content_type = _clean(headers.get("Content-Type", ""))
    call = WebhookCall(
        workspace_id=source.workspace_id,
        source=source,
        dedupe_key=dedupe_key(settings, content_type, raw),
        content_type=content_type,
        headers={name: _clean(headers[name]) for name in KEPT_HEADERS if name in headers},
        body=raw,
        byte_count=len(raw),
        received_at=now,
    )
    WebhookCall.objects.bulk_create([call], ignore_conflicts=True)
    calls = WebhookCall.objects.in_workspace(source.workspace_id)
    same = calls.filter(source=source, dedupe_key=call.dedupe_key)
    stored: UUID = same.values_list("public_id", flat=True).get()
    return stored, stored != call.public_id


def dedupe_key(settings: CallSettings, content_type: str, raw: bytes) -> str:
    """The vendor's event id, where the source names its place and the call has it; or the body."""
    event_id = ""
    if settings.event_path:
        try:
            items = read_body(raw, content_type)
        except CallUnreadable:
            items = []
        # A call with several leads has no one id.
        event_id = at_path(items[0], settings.event_path) if len(items) == 1 else ""
    kept = b"event:" + event_id.encode(errors="replace") if event_id else b"body:" + raw
    return hashlib.sha256(kept).hexdigest()


def _clean(text: str) -> str:
    """PostgreSQL takes no NUL, and nobody needs a control character."""
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST_HEADER]
