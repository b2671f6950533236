"""A source in words: how far it was read, how a webhook is to be called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.urls import reverse

from apps.deals.feeds.calls.settings import CallSettings, Proof
from apps.deals.models import LeadSource

_EXAMPLE = {
    "first_name": "Pat",
    "last_name": "Sample",
    "phone": "203-555-0143",
    "email": "pat@example.com",
    "street_address": "12 Elm Street",
    "city": "New Haven",
    "state": "CT",
    "zip": "06511",
    "message": "What would you pay?",
}


@dataclass(frozen=True, slots=True)
class CallGuide:
    """What a sender must be told."""

    url: str
    example: str


def read_up_to(watermark: Mapping[str, Any], zone: str) -> str:
    """'read up to Nov 20, 2026, 4:12 PM'; '' where nothing was read yet."""
    moments = [at for value in watermark.values() if (at := _moment(value))]
    if moments:
        at = max(moments).astimezone(ZoneInfo(zone))
        return f"read up to {at:%b} {at.day}, {at.year}, {at:%I:%M %p}".replace(", 0", ", ")
    seen = watermark.get("seen")
    if isinstance(seen, Mapping):
        return f"{len(seen)} file{'' if len(seen) == 1 else 's'} seen"
    return ""


def _moment(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))


def guide_of(source: LeadSource, settings: CallSettings) -> CallGuide:
    """Address and a shell example that works once SECRET is filled in."""
    url = django_settings.PUBLIC_URL + reverse("deals:lead_hook", args=[source.public_id])
    body = json.dumps(_EXAMPLE)
    if settings.proof == Proof.SECRET:
        header = settings.secret_header
        value = "Bearer $SECRET" if header.casefold() == "authorization" else "$SECRET"
        lines = ["SECRET='…'", f"BODY='{body}'", f"curl -X POST '{url}' \\",
                 "  -H 'Content-Type: application/json' \\",
                 f'  -H "{header}: {value}" -d "$BODY"']  # fmt: skip
        return CallGuide(url, "\n".join(lines))
    signed = '"$BODY"' if settings.is_body_alone_signed else '"$AT.$BODY"'
    time_header = (
        [] if settings.is_body_alone_signed else [f'  -H "{settings.timestamp_header}: $AT" \\']
    )
    lines = [
        "SECRET='…'",
        f"BODY='{body}'",
        *([] if settings.is_body_alone_signed else ["AT=$(date +%s)"]),
        f"MAC=$(printf '%s' {signed} | openssl dgst -sha256 -hmac \"$SECRET\" -r | cut -c1-64)",
        f"curl -X POST '{url}' \\",
        "  -H 'Content-Type: application/json' \\",
        *time_header,
        f'  -H "{settings.signature_header}: $MAC" -d "$BODY"',
    ]
    return CallGuide(url, "\n".join(lines))
