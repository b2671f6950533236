"""A webhook source and its sender, as a vendor's server would speak."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.deals.feeds.calls.verifying import sign
from apps.deals.models import LeadSource, Strength
from apps.workspaces.models import Workspace
from apps.workspaces.vault import seal

SECRET = "whsec_of_the_tests"
FORM_LEAD = {
    "first_name": "Pat",
    "last_name": "Sample",
    "phone": "(203) 555-0143",
    "email": "pat@example.com",
    "street_address": "12 Elm Street",
    "city": "New Haven",
    "state": "CT",
    "zip": "06511",
    "message": "Inherited it, want to sell this fall.",
    "utm_source": "google",
    "consent": True,
    "consent_text": "I agree to receive calls and texts from Blue Gate Homes.",
    "ip_address": "192.0.2.7",
    "submitted_at": "2026-11-20T16:58:01Z",
}


def make_source(workspace: Workspace, name: str = "Website", **settings: Any) -> LeadSource:
    return LeadSource.objects.create(
        workspace=workspace,
        name=name,
        type=LeadSource.Type.WEBHOOK,
        strength=Strength.WEB_FORM,
        settings=settings,
        credentials=seal({"secret": SECRET}),
    )


def lead(n: int, **more: Any) -> dict[str, Any]:
    return FORM_LEAD | {"street_address": f"{n} Elm Street", "email": f"pat{n}@example.com"} | more


@dataclass
class Sender:
    """Signs and posts; `call(body)` gives the answer."""

    source: LeadSource
    at: datetime
    secret: str = SECRET
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def call(self, body: Any, *, content_type: str = "application/json", **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = str(int(self.at.timestamp()))
        own = {"X-Timestamp": timestamp, "X-Signature": sign(self.secret, raw, timestamp)}
        sent = {name: text for name, text in (own | headers).items() if text}
        path = reverse("deals:lead_hook", args=[self.source.public_id])
        return self.client.generic("POST", path, raw, content_type, headers=sent)
