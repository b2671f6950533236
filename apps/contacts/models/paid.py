"""What every paid look-up shares: whom it was asked of, until when it answers, what it cost."""

from __future__ import annotations

from django.db import models

from apps.workspaces.scoping import WorkspaceRow


class PaidLookup(WorkspaceRow):
    """The row stands before the vendor is called, so that nothing is paid for twice.

    A process that dies in between leaves it `lost`: that vendor is not asked again until it
    expires.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        ANSWERED = "answered"
        FAILED = "failed"
        LOST = "lost"

    provider = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Until the answer is in, and where it is lost: what it may have cost.
    cost_amount = models.DecimalField(max_digits=8, decimal_places=4, default=0)

    class Meta(WorkspaceRow.Meta):
        abstract = True
