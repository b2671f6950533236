"""Unit costs of repairs, and the estimates made with them."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from apps.deals.models.pipeline import Deal
from apps.deals.repairs.estimating import Pick, Suggestion, UnitCost
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow

_AMOUNT = [MinValueValidator(Decimal(0))]


class RepairCost(WorkspaceRow):
    """What one repair costs a unit, from – to, as the workspace's contractors charge."""

    key = models.SlugField(max_length=40)
    group = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    unit = models.CharField(max_length=30)
    low_amount = models.DecimalField(
        "cost from", max_digits=10, decimal_places=2, validators=_AMOUNT
    )
    high_amount = models.DecimalField(
        "cost to", max_digits=10, decimal_places=2, validators=_AMOUNT
    )
    suggestion = models.CharField(
        "quantity from",
        max_length=16,
        blank=True,
        choices=[
            (Suggestion.ONE.value, "one a house"),
            (Suggestion.BUILDING_SQFT.value, "living area"),
            (Suggestion.BATHROOMS.value, "bathrooms"),
            (Suggestion.BEDROOMS.value, "bedrooms"),
        ],
        help_text="The fact of the house shown beside the field.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="repair_cost_key_once"),
            models.CheckConstraint(
                condition=models.Q(low_amount__lte=models.F("high_amount")),
                name="repair_cost_range",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def unit_cost(self) -> UnitCost:
        return UnitCost(self.key, self.label, self.unit, self.low_amount, self.high_amount)


class RepairEstimate(WorkspaceRow):
    """An estimate as it was made; a new one is a new row. Lines keep the unit costs of the day."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="repair_estimates")
    lines = models.JSONField(default=list)
    contingency_pct = models.DecimalField(max_digits=5, decimal_places=4)
    low_amount = models.DecimalField(max_digits=14, decimal_places=2)
    high_amount = models.DecimalField(max_digits=14, decimal_places=2)
    pick = models.CharField(max_length=8, choices=[(pick.value, pick.value) for pick in Pick])
    picked_amount = models.DecimalField(max_digits=14, decimal_places=2)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["workspace", "deal", "-id"], name="repairs_by_deal")]

    def __str__(self) -> str:
        return f"repairs of deal {self.deal_id}: {self.picked_amount}"
