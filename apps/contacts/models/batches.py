"""Many skip traces ordered at once."""

from __future__ import annotations

from django.db import models

from apps.contacts.models.people import Contact
from apps.workspaces.scoping import WorkspaceRow


class TraceBatch(WorkspaceRow):
    """One order, and how far it has come. Money and counts are read from its rows."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        # Waits for a person: the money, the key or the credit is gone.
        STOPPED = "stopped"
        CANCELED = "canceled"

    title = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    note = models.CharField(max_length=400, blank=True)
    most_cost_amount = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    # When a worker may take it (again); a claim that dies comes back then.
    due_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        verbose_name_plural = "trace batches"
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="trace_batch_due",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class TraceBatchItem(models.Model):
    """One owner of an order, and what became of them."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        MATCHED = "matched", "Found"
        NO_MATCH = "no_match", "Not found"
        FAILED = "failed", "Failed"
        LOST = "lost", "Answer lost"
        SKIPPED = "skipped", "Left out"

    batch = models.ForeignKey(TraceBatch, on_delete=models.CASCADE, related_name="items")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "contact"], name="trace_batch_contact_once")
        ]
        indexes = [models.Index(fields=["batch", "state", "id"], name="trace_batch_items")]

    def __str__(self) -> str:
        return f"contact {self.contact_id} in batch {self.batch_id}"
