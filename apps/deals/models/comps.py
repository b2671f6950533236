"""How comparable sales are chosen and adjusted, and the values that came of it."""

from __future__ import annotations

from django.db import models

from apps.deals.models.pipeline import Deal
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class CompPolicy(WorkspaceRow):
    """Settings of comparable sales, one row per workspace. Shares are fractions of one."""

    max_age_days = models.PositiveIntegerField("sold within (days)", default=365)
    max_miles = models.FloatField("within (miles)", default=0.5)
    area_share = models.FloatField("living area within ±", default=0.20)
    assessed_share = models.FloatField(
        "assessed value within ±",
        default=0.35,
        help_text="Of one assessor; stands in for the living area where none is known.",
    )
    bedroom_tolerance = models.FloatField("bedrooms within ±", default=1)
    bathroom_tolerance = models.FloatField("bathrooms within ±", default=1)
    year_tolerance = models.PositiveIntegerField("year built within ±", default=25)
    min_comps = models.PositiveSmallIntegerField("sales needed", default=3)
    max_comps = models.PositiveSmallIntegerField("sales used at most", default=8)
    widest_age_days = models.PositiveIntegerField("when too few: days up to", default=1825)
    widest_miles = models.FloatField("when too few: miles up to", default=2)
    widest_area_share = models.FloatField("when too few: area up to ±", default=0.40)
    annual_trend = models.FloatField(
        "market trend a year",
        null=True,
        blank=True,
        help_text="0.04 is 4 % up a year. Empty: reckoned from the sales of the area.",
    )
    area_price_share = models.FloatField(
        "marginal price of living area",
        default=0.5,
        help_text="One more square foot brings this share of the average price per square foot.",
    )
    bedroom_share = models.FloatField("price of a bedroom", default=0.02)
    bathroom_share = models.FloatField("price of a bathroom", default=0.03)
    lot_share = models.FloatField("price of twice the lot", default=0.10)
    year_share = models.FloatField("price of a year of age", default=0.002)
    condition_share = models.FloatField(
        "renovated against as sold",
        default=0,
        help_text="County records do not tell the condition; 0.05 adds 5 % to every sale.",
    )
    history = history()

    class Meta(WorkspaceRow.Meta):
        verbose_name = "comparable sales settings"
        verbose_name_plural = "comparable sales settings"
        constraints = [models.UniqueConstraint(fields=["workspace"], name="comp_policy_once")]

    def __str__(self) -> str:
        return "Comparable sales"


class ArvEstimate(WorkspaceRow):
    """A value reckoned from comparable sales on one day, with everything it rests on.

    No amount means that there were not enough sales; that is an answer too.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="arv_estimates")
    made_on = models.DateField()
    made_by = models.CharField(max_length=120)
    method = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    low_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    high_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    confidence = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    comps = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    is_picked = models.BooleanField(default=False, help_text="A person chose the sales.")

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["deal", "-id"], name="arv_estimate_newest")]

    def __str__(self) -> str:
        return f"{self.amount} of {self.made_on}"
