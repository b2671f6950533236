"""The provider that never leaves the machine: what it takes stands on the Seller's phone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from apps.channels.models import SandboxDelivery
from apps.channels.providers.base import Absent, Accepted, Found, Outcome, Trace
from apps.channels.types import OutboundMessage
from apps.common.clock import now
from apps.events.actions import assert_no_action


class SandboxProvider:
    """Behaves as a real one: it has its own journal and takes the same message twice."""

    name = "sandbox"
    settle = timedelta(0)

    def send(self, message: OutboundMessage) -> Outcome:
        assert_no_action()
        delivery = SandboxDelivery.objects.create(
            workspace_id=message.workspace_id,
            client_ref=message.client_ref,
            channel=message.channel,
            to_address=message.to_address,
            from_address=message.from_address,
            subject=message.subject,
            body=message.body,
            sid=f"SB{uuid.uuid4().hex}",
            accepted_at=now(),
        )
        return Accepted(delivery.sid)

    def find(self, message: OutboundMessage, since: datetime) -> Trace:
        assert_no_action()
        rows = SandboxDelivery.objects.in_workspace(message.workspace_id)
        delivery = rows.filter(client_ref=message.client_ref).order_by("pk").first()
        return Found(delivery.sid) if delivery else Absent()
