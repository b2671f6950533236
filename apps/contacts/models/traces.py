"""What was bought about a contact, and for how much."""

from __future__ import annotations

from django.db import models

from apps.contacts.models.batches import TraceBatch
from apps.contacts.models.paid import PaidLookup
from apps.contacts.models.people import Contact


class SkipTrace(PaidLookup):
    """One paid look-up of a contact's phones and e-mails; good for 30 days."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="skip_traces")
    batch = models.ForeignKey(
        TraceBatch, null=True, on_delete=models.SET_NULL, related_name="traces"
    )
    is_match = models.BooleanField(default=False)
    phone_count = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)

    class Meta(PaidLookup.Meta):
        indexes = [
            models.Index(
                fields=["workspace", "contact", "-requested_at"], name="skip_trace_latest"
            ),
            models.Index(
                fields=["workspace", "provider", "requested_at"], name="skip_trace_ledger"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "contact"],
                condition=models.Q(state="requested"),
                name="skip_trace_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} for {self.contact_id}"
