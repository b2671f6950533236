"""What was bought about a contact, and for how much."""

from __future__ import annotations

from django.db import models

from apps.contacts.models.batches import TraceBatch
from apps.contacts.models.people import Contact
from apps.workspaces.scoping import WorkspaceRow


class SkipTrace(WorkspaceRow):
    """One paid look-up of a contact's phones and e-mails; good for 30 days.

    The row stands before the vendor is called, so that a process that dies in between does not
    pay a second time: its row is `lost`, and that vendor is not asked again until it expires.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        ANSWERED = "answered"
        FAILED = "failed"
        LOST = "lost"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="skip_traces")
    batch = models.ForeignKey(
        TraceBatch, null=True, on_delete=models.SET_NULL, related_name="traces"
    )
    provider = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Until the answer is in, and where it is lost: what it may have cost.
    cost_amount = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    is_match = models.BooleanField(default=False)
    phone_count = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)

    class Meta(WorkspaceRow.Meta):
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
