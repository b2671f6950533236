"""The ranked e-mail addresses of a contact."""

from __future__ import annotations

from django.db import models

from apps.contacts.models.people import Contact
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class EmailAddress(WorkspaceRow):
    """An e-mail address of a contact, lower-cased; rank 1 is tried first."""

    class Status(models.TextChoices):
        UNVERIFIED = "unverified"
        VERIFIED = "verified"
        INVALID = "invalid"
        BOUNCED = "bounced"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails")
    address = models.CharField(max_length=254)
    rank = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=12, choices=Status, default=Status.UNVERIFIED)
    source = models.CharField(max_length=80, blank=True)
    history = history(unindexed=["workspace", "public_id", "contact"])

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "contact", "address"], name="email_once_per_contact"
            )
        ]
        indexes = [models.Index(fields=["workspace", "address"], name="email_by_address")]

    def __str__(self) -> str:
        return self.address
