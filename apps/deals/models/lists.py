"""Lists a property was on, and signs of distress: who said it, when, and of which day."""

from __future__ import annotations

from django.db import models

from apps.deals.models.property import Property
from apps.workspaces.scoping import WorkspaceRow


class LeadList(WorkspaceRow):
    """A list by its name: 'Absentee - New Haven'. Stacking counts how many name a property."""

    name = models.CharField(max_length=120)
    # Case and spacing do not make another list.
    key = models.CharField(max_length=120)
    vendor = models.CharField(max_length=60, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="list_once")]

    def __str__(self) -> str:
        return self.name


class ListMembership(WorkspaceRow):
    """A property on a list. `listed_on` is the vendor's day, `last_seen_on` the last file's."""

    # No indexes of their own: those of the two together begin with them.
    lead_list = models.ForeignKey(
        LeadList, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    property = models.ForeignKey(
        Property, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    listed_on = models.DateField(null=True)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()
    source = models.CharField(max_length=80, blank=True)
    # The import that put it there: undoing that import takes it off again.
    lead_import = models.ForeignKey(
        "deals.LeadImport", null=True, on_delete=models.SET_NULL, related_name="memberships"
    )

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["property", "lead_list"], name="membership_of_list_once"
            )
        ]
        indexes = [models.Index(fields=["lead_list", "property"], name="membership_by_list")]

    def __str__(self) -> str:
        return f"property {self.property_id} on list {self.lead_list_id}"


class Signal(WorkspaceRow):
    """A dated sign of distress with its source. One source says one case once, and a kind of which
    it gives no number once per day."""

    class Kind(models.TextChoices):
        VACANT = "vacant", "Vacant"
        TAX_DELINQUENT = "tax_delinquent", "Tax delinquent"
        TAX_LIEN = "tax_lien", "Tax lien"
        LIEN = "lien", "Lien or judgment"
        PRE_FORECLOSURE = "pre_foreclosure", "Pre-foreclosure"
        FORECLOSURE = "foreclosure", "Foreclosure"
        AUCTION = "auction", "Auction scheduled"
        BANKRUPTCY = "bankruptcy", "Bankruptcy"
        DIVORCE = "divorce", "Divorce"
        PROBATE = "probate", "Probate or inherited"
        DECEASED_OWNER = "deceased_owner", "Owner deceased"
        VIOLATION = "violation", "Code violation"
        VACATE_ORDER = "vacate_order", "Vacate order"
        EVICTION = "eviction", "Eviction"
        FAILED_LISTING = "failed_listing", "Listing failed"
        TIRED_LANDLORD = "tired_landlord", "Tired landlord"
        OTHER = "other", "Other"

    # No index of its own: `signal_once` begins with it.
    property = models.ForeignKey(
        Property, on_delete=models.CASCADE, related_name="signals", db_index=False
    )
    kind = models.CharField(max_length=16, choices=Kind)
    # The day it is about; where nobody says, the as-of day of the source that told it.
    observed_on = models.DateField()
    ended_on = models.DateField(null=True, help_text="Dismissed, paid or withdrawn on.")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    detail = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=80, blank=True)
    reference = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="The source's case number."
    )
    as_of = models.DateField()
    lead_import = models.ForeignKey(
        "deals.LeadImport", null=True, on_delete=models.SET_NULL, related_name="signals"
    )

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["property", "kind", "source", "observed_on", "reference"],
                name="signal_once",
            )
        ]
        indexes = [models.Index(fields=["workspace", "kind", "property"], name="signal_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of property {self.property_id}"
