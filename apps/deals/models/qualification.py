"""Rules as rows, the numbers they read and the verdicts they gave."""

from __future__ import annotations

from django.db import models

from apps.deals.models.pipeline import Deal
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class RuleSet(WorkspaceRow):
    """A set of rules with its thresholds. `version` grows with every change that can move a score."""

    class Unknown(models.TextChoices):
        NEUTRAL = "neutral", "Leave out of the score"
        FAIL = "fail", "Count as failed"
        ASK = "ask", "Send the deal to review"

    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    qualified_from = models.PositiveSmallIntegerField(default=60, help_text="Score, 0–100.")
    review_from = models.PositiveSmallIntegerField(default=40, help_text="Score, 0–100.")
    unknown = models.CharField(max_length=8, choices=Unknown, default=Unknown.NEUTRAL)
    # Re-scoring after a change is due work in a row; a sweep does it in batches.
    rescore_from_deal = models.BigIntegerField(null=True, editable=False)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(is_active=True),
                name="rule_set_one_active",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Rule(WorkspaceRow):
    """One rule: its conditions joined by all or any."""

    class Join(models.TextChoices):
        ALL = "all", "All conditions"
        ANY = "any", "Any condition"

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(max_length=120)
    weight = models.PositiveSmallIntegerField(default=10)
    is_knock_out = models.BooleanField(default=False)
    join = models.CharField(max_length=4, choices=Join, default=Join.ALL)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Condition(WorkspaceRow):
    """metric – operator – value; `value_to` closes a range."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="conditions")
    metric = models.CharField(max_length=60)
    operator = models.CharField(max_length=12)
    value = models.CharField(max_length=120, blank=True)
    value_to = models.CharField(max_length=120, blank=True)
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.metric} {self.operator} {self.value}"


class EstimatePolicy(WorkspaceRow):
    """What stands in where a list has no ARV or repairs; one row per workspace."""

    arv_share_of_value = models.FloatField(
        default=1.0, help_text="ARV estimate as a share of the list's estimated value."
    )
    repair_per_sqft_new = models.DecimalField(max_digits=8, decimal_places=2, default=15)
    repair_per_sqft_mid = models.DecimalField(max_digits=8, decimal_places=2, default=25)
    repair_per_sqft_old = models.DecimalField(max_digits=8, decimal_places=2, default=35)
    mid_age_years = models.PositiveSmallIntegerField(default=25)
    old_age_years = models.PositiveSmallIntegerField(default=60)
    history = history()

    class Meta(WorkspaceRow.Meta):
        verbose_name_plural = "estimate policies"
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="estimate_policy_once")
        ]

    def __str__(self) -> str:
        return "Estimates"


class DealMetrics(models.Model):
    """The numbers rules read, narrow and typed for speed; NULL is unknown."""

    deal = models.OneToOneField(
        Deal, primary_key=True, on_delete=models.CASCADE, related_name="metrics"
    )
    workspace_id = models.BigIntegerField(db_index=True)
    arv = models.FloatField(null=True)
    is_arv_estimate = models.BooleanField(default=True)
    repairs = models.FloatField(null=True)
    is_repairs_estimate = models.BooleanField(default=True)
    est_value = models.FloatField(null=True)
    loan_balance = models.FloatField(null=True)
    loan_count = models.IntegerField(null=True)
    equity_pct = models.FloatField(null=True)
    ltv = models.FloatField(null=True)
    repair_ratio = models.FloatField(null=True)
    days_on_market = models.IntegerField(null=True)
    price_reduction_pct = models.FloatField(null=True)
    ownership_years = models.FloatField(null=True)
    is_absentee = models.BooleanField(null=True)
    is_out_of_state = models.BooleanField(null=True)
    owner_kind = models.CharField(max_length=8, blank=True)
    is_free_and_clear = models.BooleanField(null=True)
    has_failed_listing = models.BooleanField(null=True)
    assessed = models.FloatField(null=True)
    lien = models.FloatField(null=True)
    building_sqft = models.FloatField(null=True)
    lot_sqft = models.FloatField(null=True)
    year_built = models.IntegerField(null=True)
    bedrooms = models.FloatField(null=True)
    bathrooms = models.FloatField(null=True)
    list_count = models.IntegerField(null=True)
    phone_count = models.IntegerField(null=True)
    computed_on = models.DateField()

    class Meta:
        verbose_name_plural = "deal metrics"

    def __str__(self) -> str:
        return f"metrics of deal {self.deal_id}"


class DealScore(models.Model):
    """Score, verdict and the bit masks that explain them (bit n: n-th rule by position)."""

    class Verdict(models.TextChoices):
        QUALIFIED = "qualified"
        REVIEW = "review"
        REJECTED = "rejected"

    deal = models.OneToOneField(
        Deal, primary_key=True, on_delete=models.CASCADE, related_name="score"
    )
    workspace_id = models.BigIntegerField()
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    rule_set_version = models.PositiveIntegerField()
    score = models.SmallIntegerField()
    coverage = models.SmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    pass_mask = models.BigIntegerField(default=0)
    unknown_mask = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-score", "-deal"], name="score_best")]

    def __str__(self) -> str:
        return f"{self.score} {self.verdict}"
