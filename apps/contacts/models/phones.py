"""The ranked phone numbers of a contact."""

from __future__ import annotations

from django.db import models

from apps.contacts.models.people import Contact
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class Phone(WorkspaceRow):
    """A number of a contact; rank 1 is tried first."""

    class LineType(models.TextChoices):
        UNKNOWN = "unknown"
        MOBILE = "mobile"
        LANDLINE = "landline"
        VOIP = "voip"

    class Status(models.TextChoices):
        UNVERIFIED = "unverified"
        VERIFIED = "verified"
        PARKED = "parked"
        INVALID = "invalid"
        WRONG_NUMBER = "wrong_number"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="phones")
    e164 = models.CharField(max_length=16)
    rank = models.PositiveSmallIntegerField(default=1)
    line_type = models.CharField(max_length=8, choices=LineType, default=LineType.UNKNOWN)
    status = models.CharField(max_length=12, choices=Status, default=Status.UNVERIFIED)
    is_dnc = models.BooleanField(default=False)
    dnc_checked_on = models.DateField(null=True, blank=True)
    # Database defaults, because imports write phones past the ORM and do not know these.
    dnc_source = models.CharField(max_length=80, blank=True, default="", db_default="")
    is_litigator = models.BooleanField(default=False, db_default=False)
    carrier = models.CharField(max_length=80, blank=True, default="", db_default="")
    verified_at = models.DateTimeField(null=True, blank=True)
    status_note = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Why it stands as it does."
    )
    source = models.CharField(max_length=80, blank=True)
    history = history(unindexed=["workspace", "public_id", "contact"])

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "contact", "e164"], name="phone_once_per_contact"
            )
        ]
        indexes = [models.Index(fields=["workspace", "e164"], name="phone_by_number")]

    def __str__(self) -> str:
        return self.e164
