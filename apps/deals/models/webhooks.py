"""Calls that brought leads, kept as they came."""

from __future__ import annotations

from django.db import models

from apps.deals.models.imports import LeadImport
from apps.deals.models.sources import LeadSource
from apps.workspaces.scoping import WorkspaceRow


class WebhookCall(WorkspaceRow):
    """One verified call: raw first, read later. The same call twice is one row."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Taken in"
        REFUSED = "refused", "Not understood"

    source = models.ForeignKey(LeadSource, on_delete=models.CASCADE, related_name="calls")
    # SHA-256 over the vendor's event id, or over the body where the vendor names none.
    dedupe_key = models.CharField(max_length=64)
    content_type = models.CharField(max_length=200, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    byte_count = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=400, blank=True)
    lease_until = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)
    record_count = models.PositiveIntegerField(default=0)
    # What a form showed and asked when the person agreed to be written to.
    consents = models.JSONField(default=list)
    lead_import = models.ForeignKey(
        LeadImport, null=True, on_delete=models.SET_NULL, related_name="calls"
    )

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["source", "dedupe_key"], name="webhook_call_once")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state="waiting"), name="webhook_call_due"
            ),
            models.Index(fields=["source", "-id"], name="webhook_call_latest"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} of source {self.source_id}"
