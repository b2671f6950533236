"""What was bought about a number, and how the vendors are doing."""

from __future__ import annotations

from django.db import models

from apps.contacts.models.paid import PaidLookup
from apps.contacts.models.people import Contact
from apps.workspaces.models import Connection
from apps.workspaces.scoping import WorkspaceRow


class NumberLookup(PaidLookup):
    """One paid look-up of a number; it answers for everybody who has that number.

    `contact` is the person it was asked for.
    """

    e164 = models.CharField(max_length=16)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="number_lookups"
    )
    is_valid = models.BooleanField(null=True)
    is_reachable = models.BooleanField(null=True)
    line_type = models.CharField(max_length=8, blank=True)
    carrier = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta(PaidLookup.Meta):
        indexes = [
            models.Index(
                fields=["workspace", "e164", "-requested_at"], name="number_lookup_latest"
            ),
            models.Index(
                fields=["workspace", "provider", "requested_at"], name="number_lookup_ledger"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "e164"],
                condition=models.Q(state="requested"),
                name="number_lookup_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.e164} by {self.provider}"

    @property
    def is_bad(self) -> bool:
        return self.is_valid is False or self.is_reachable is False


class VendorTrouble(WorkspaceRow):
    """Why a connection for look-ups rests, in a sentence for the person who can mend it."""

    connection = models.OneToOneField(
        Connection, on_delete=models.CASCADE, related_name="vendor_trouble"
    )
    problem = models.CharField(max_length=400)
    noted_at = models.DateTimeField()
    paused_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.problem
