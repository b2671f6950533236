"""A message on its way out, and every answer the guard gave about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.channels.models.choices import Channel, Purpose, State, Verdict
from apps.workspaces.models import Connection
from apps.workspaces.scoping import WorkspaceRow


class Message(WorkspaceRow):
    """One message, sent at most once per `idempotency_key`.

    `due_at` is when the next worker may take it up: the send itself while queued, the next look
    at the provider while unknown. `attempt` counts claims; an outcome of an older claim is stale.
    """

    idempotency_key = models.CharField(max_length=200)
    channel = models.CharField(max_length=10, choices=Channel)
    purpose = models.CharField(max_length=24, choices=Purpose)
    contact_ref = models.UUIDField()
    deal_ref = models.UUIDField(null=True, blank=True)
    to_address = models.CharField(max_length=254)
    from_address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="When its fate was decided; null while it is open."
    )
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    provider_sid = models.CharField(max_length=120, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.CharField(max_length=300, blank=True)
    stop_if_replied_since = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "idempotency_key"], name="message_key_once"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_sid"],
                condition=~Q(provider_sid=""),
                name="message_provider_sid_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "delivered"]) | ~Q(provider_sid=""),
                name="message_accepted_has_sid",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["queued", "unknown"]),
                name="message_due",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="sending"), name="message_leased"
            ),
            models.Index(fields=["workspace", "contact_ref", "queued_at"], name="message_thread"),
            models.Index(fields=["workspace", "to_address", "claimed_at"], name="message_address"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} to {self.to_address}"


class Decision(WorkspaceRow):
    """What the guard said of one attempt, with what it saw and the version of its tables."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="decisions")
    attempt = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=6, choices=Verdict)
    until = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(default=list)
    live_verdict = models.CharField(max_length=6, choices=Verdict)
    live_until = models.DateTimeField(null=True, blank=True)
    live_reasons = models.JSONField(default=list)
    is_sandbox = models.BooleanField()
    rules_version = models.CharField(max_length=20)
    seen = models.JSONField(default=dict, help_text="The facts the guard looked at.")
    decided_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} at {self.decided_at:%Y-%m-%d %H:%M}"
