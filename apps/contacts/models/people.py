"""People, companies, trusts and estates."""

from __future__ import annotations

from django.db import models

from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class Contact(WorkspaceRow):
    """Someone who owns, sells or represents."""

    class Kind(models.TextChoices):
        PERSON = "person"
        COMPANY = "company"
        TRUST = "trust"
        ESTATE = "estate"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=200)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    care_of = models.CharField(max_length=200, blank=True)
    # Normalized name + mailing address: the same owner of many parcels is one contact.
    match_key = models.CharField(max_length=400)
    mailing_line = models.CharField(max_length=160, blank=True)
    mailing_unit = models.CharField(max_length=40, blank=True)
    mailing_city = models.CharField(max_length=80, blank=True)
    mailing_state = models.CharField(max_length=2, blank=True)
    mailing_zip = models.CharField(max_length=5, blank=True)
    mailing_key = models.CharField(max_length=200, blank=True)
    is_do_not_mail = models.BooleanField(default=False)
    is_litigator = models.BooleanField(default=False)
    is_deceased = models.BooleanField(default=False)
    source = models.CharField(max_length=80, blank=True)
    last_responded_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    # A due contact check is a row, not a broker message: a sweep finds it.
    check_due_at = models.DateTimeField(null=True, blank=True)
    # A merged contact stays as a row: lists, links and calls that name it reach the survivor.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    # When duplicates were last looked for; null is due, so that rows of an import are found
    # without any further write.
    compared_at = models.DateTimeField(null=True, blank=True)
    # Filled where contacts are listed, with what deals count; no column.
    property_count: int
    history = history(unindexed=["workspace", "public_id"])

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "match_key"], name="contact_match_once")
        ]
        indexes = [
            models.Index(fields=["workspace", "name", "id"], name="contact_by_name"),
            models.Index(
                fields=["check_due_at"],
                condition=models.Q(check_due_at__isnull=False),
                name="contact_check_due",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(compared_at__isnull=True, merged_into__isnull=True),
                name="contact_to_compare",
            ),
            models.Index(
                fields=["workspace", "mailing_key"],
                condition=~models.Q(mailing_key=""),
                name="contact_by_mailing",
            ),
        ]

    def __str__(self) -> str:
        return self.name
