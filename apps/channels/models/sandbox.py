"""What the sandbox provider took: its own journal, the truth that crash tests compare with."""

from __future__ import annotations

from django.db import models

from apps.channels.models.choices import Channel
from apps.workspaces.scoping import WorkspaceRow


class SandboxDelivery(WorkspaceRow):
    """One acceptance by the sandbox provider.

    Written outside every action, as a provider's database would be. The same `client_ref` twice
    gives two rows on purpose: a real provider texts twice, and the tests must be able to see it.
    """

    client_ref = models.UUIDField()
    channel = models.CharField(max_length=10, choices=Channel)
    to_address = models.CharField(max_length=254)
    from_address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    sid = models.CharField(max_length=40, unique=True)
    accepted_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        verbose_name_plural = "sandbox deliveries"
        indexes = [
            models.Index(fields=["workspace", "client_ref"], name="sandbox_client_ref"),
            models.Index(fields=["workspace", "to_address"], name="sandbox_address"),
        ]

    def __str__(self) -> str:
        return f"{self.sid} to {self.to_address}"
