"""Who refused, who agreed, and the row that puts senders and refusals in line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.channels.models.choices import Channel, ConsentBasis, SuppressionKind
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class Recipient(WorkspaceRow):
    """A lock: one row per person and per address.

    A send and a refusal both take the rows of the person and of the address before they decide,
    so that no message is claimed after an opt-out has been committed.
    """

    key = models.CharField(max_length=260, help_text="The contact's id or the address.")

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="recipient_key_once")
        ]

    def __str__(self) -> str:
        return self.key


class PersonAlias(WorkspaceRow):
    """Another id of the same person, since two contacts were made one.

    Whatever still names the old id is sent under the person's, with all their refusals.
    """

    alias_ref = models.UUIDField()
    contact_ref = models.UUIDField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "alias_ref"], name="person_alias_once")
        ]
        indexes = [models.Index(fields=["workspace", "contact_ref"], name="person_aliases_of")]

    def __str__(self) -> str:
        return f"{self.alias_ref} is {self.contact_ref}"


class Suppression(WorkspaceRow):
    """A standing refusal of a person (`contact_ref`) or of an address; never deleted."""

    kind = models.CharField(max_length=14, choices=SuppressionKind)
    contact_ref = models.UUIDField(null=True, blank=True)
    address = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    inbound_ref = models.UUIDField(
        null=True, blank=True, editable=False, help_text="The message that asked for it."
    )
    suppressed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(address="") | Q(contact_ref__isnull=False),
                name="suppression_of_somebody",
            )
        ]
        indexes = [
            models.Index(
                fields=["workspace", "address"],
                condition=Q(lifted_at__isnull=True) & ~Q(address=""),
                name="suppression_address",
            ),
            models.Index(
                fields=["workspace", "contact_ref"],
                condition=Q(lifted_at__isnull=True, address=""),
                name="suppression_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.address or self.contact_ref}"


class Consent(WorkspaceRow):
    """A person's agreement to be written to, with what was shown and where it was given."""

    contact_ref = models.UUIDField()
    address = models.CharField(
        max_length=254, blank=True, help_text="Empty: all addresses of the person."
    )
    basis = models.CharField(max_length=10, choices=ConsentBasis)
    channels = models.JSONField(default=list, help_text="Channels it covers.")
    seller_name = models.CharField(max_length=120, blank=True, help_text="Who may write.")
    text_shown = models.TextField(blank=True)
    source_url = models.CharField(max_length=500, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    certificate = models.CharField(
        max_length=500, blank=True, help_text="What a witness service says of the form."
    )
    user_agent = models.CharField(max_length=300, blank=True)
    evidence_key = models.CharField(
        max_length=120, blank=True, editable=False, help_text="The same evidence counts once."
    )
    recorded_by = models.CharField(max_length=150, blank=True, editable=False)
    given_at = models.DateTimeField()
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "evidence_key"],
                condition=~Q(evidence_key=""),
                name="consent_evidence_once",
            )
        ]
        indexes = [models.Index(fields=["workspace", "contact_ref"], name="consent_person")]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} of {self.contact_ref}"

    @property
    def channel_labels(self) -> list[str]:
        return [str(Channel(channel).label) for channel in self.channels]
