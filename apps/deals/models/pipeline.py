"""Deals and the stages they pass."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.contacts.models import Contact
from apps.deals.models.property import Property
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class StageKind(models.TextChoices):
    """What automations are bound to; labels may be renamed freely."""

    NEW = "new"
    QUALIFIED = "qualified"
    OFFERED = "offered"
    IN_CONVERSATION = "in_conversation"
    UNDER_CONTRACT = "under_contract"
    CLOSED = "closed"
    DEAD = "dead"


class Stage(WorkspaceRow):
    """A column of the pipeline, named by the workspace; one row per kind."""

    Kind = StageKind
    kind = models.CharField(max_length=16, choices=StageKind)
    label = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind"], name="stage_kind_once")
        ]

    def __str__(self) -> str:
        return self.label


class Deal(WorkspaceRow):
    """The attempt to buy one property; one per property."""

    class Status(models.TextChoices):
        OPEN = "open"
        WON = "won"
        LOST = "lost"

    property = models.OneToOneField(Property, on_delete=models.PROTECT, related_name="deal")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="deals")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    seller = models.ForeignKey(
        Contact,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The owner who is written to; other parties stand beside.",
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.CharField(max_length=80, blank=True)
    # Address, owners and phones in one text: one index answers every search.
    search_text = models.TextField(blank=True)
    arv_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    arv_source = models.CharField(max_length=80, blank=True)
    repairs_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    repairs_source = models.CharField(max_length=80, blank=True)
    stage_entered_at = models.DateTimeField()
    history = history(
        unindexed=["workspace", "public_id", "property", "stage", "seller", "assigned_to"]
    )

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(fields=["workspace", "stage", "-id"], name="deal_by_stage"),
            models.Index(fields=["workspace", "-id"], name="deal_newest"),
        ]

    def __str__(self) -> str:
        return str(self.property)


class DealParty(WorkspaceRow):
    """A contact's part in a deal; rank 1 is the first owner."""

    class Part(models.TextChoices):
        OWNER = "owner"
        CO_OWNER = "co_owner"
        # People a vendor found at the property or near its owner; never written to by themselves.
        RESIDENT = "resident"
        RELATIVE = "relative"
        OTHER = "other"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="parties")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part, default=Part.OWNER)
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "deal", "contact"], name="party_once")
        ]
        indexes = [models.Index(fields=["workspace", "contact"], name="party_by_contact")]

    def __str__(self) -> str:
        return f"{self.contact} in {self.deal_id}"
