"""What providers told us: the raw call, and the message in it."""

from __future__ import annotations

from django.db import models

from apps.channels.models.choices import Channel, Intent
from apps.channels.models.outbound import Message
from apps.workspaces.scoping import WorkspaceRow


class RawCall(WorkspaceRow):
    """One verified call of a provider, kept as it came; the same call twice is one row."""

    provider = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, help_text="inbound or status")
    external_id = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    received_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "provider", "external_id"], name="raw_call_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.external_id}"


class InboundMessage(WorkspaceRow):
    """Something a seller wrote. `contact_ref` is null when nobody is known at that address."""

    raw_call = models.OneToOneField(RawCall, on_delete=models.PROTECT, related_name="message")
    channel = models.CharField(max_length=10, choices=Channel)
    from_address = models.CharField(max_length=254)
    to_address = models.CharField(max_length=254, blank=True)
    body = models.TextField()
    intent = models.CharField(max_length=12, choices=Intent)
    contact_ref = models.UUIDField(null=True, blank=True)
    deal_ref = models.UUIDField(null=True, blank=True)
    in_reply_to = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True)
    received_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(fields=["workspace", "contact_ref", "received_at"], name="inbound_thread"),
            models.Index(
                fields=["workspace", "from_address", "received_at"], name="inbound_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} from {self.from_address}"
