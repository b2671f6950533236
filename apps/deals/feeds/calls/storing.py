"""Keeping a call as it came."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

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
    if _insert(call):
        return call.public_id, False
    calls = WebhookCall.objects.in_workspace(source.workspace_id)
    same = calls.filter(source=source, dedupe_key=call.dedupe_key)
    stored: UUID = same.values_list("public_id", flat=True).get()
    return stored, True


def _insert(call: WebhookCall) -> bool:
    """One statement, its own transaction; False when the call is there already.

    By hand, because `bulk_create(ignore_conflicts=True)` does not tell which of the two it was.
    """
    fields = [field for field in WebhookCall._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [
        field.get_db_prep_save(field.pre_save(call, add=True), connection) for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(WebhookCall._meta.db_table)} ({columns}) VALUES ({marks})"
            " ON CONFLICT (source_id, dedupe_key) DO NOTHING",
            values,
        )
        return cursor.rowcount == 1


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
