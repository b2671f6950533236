"""People, companies, trusts and estates, with their phones and e-mail addresses."""

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
        ]

    def __str__(self) -> str:
        return self.name


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


class SkipTrace(WorkspaceRow):
    """One paid look-up of a contact's phones and e-mails; good for 30 days.

    The row stands before the vendor is called, so that a process that dies in between does not
    pay a second time: its row stays `requested` and blocks the next call until it expires.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        ANSWERED = "answered"
        FAILED = "failed"
        LOST = "lost"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="skip_traces")
    provider = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    cost_amount = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    result = models.JSONField(default=dict)

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(fields=["workspace", "contact", "-requested_at"], name="skip_trace_latest")
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
