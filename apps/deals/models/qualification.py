"""Rules as rows, the numbers they read and the verdicts they gave."""

from __future__ import annotations

from django.db import models

from apps.deals.models.pipeline import Deal
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class RuleSet(WorkspaceRow):
    """Rules with their thresholds, as a draft; deals are judged by what was last published of it.

    `version` is the number of the published version, 0 before the first. An active set is the
    workspace's rules in use; publishing takes a set into use.
    """

    class Unknown(models.TextChoices):
        NEUTRAL = "neutral", "Leave out of the score"
        FAIL = "fail", "Count as failed"
        ASK = "ask", "Send the deal to review"

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    published = models.ForeignKey(
        "RuleSetVersion", null=True, editable=False, on_delete=models.RESTRICT, related_name="+"
    )
    is_active = models.BooleanField("in use", default=False, editable=False)
    needs_second_person = models.BooleanField(
        default=False,
        help_text="What one person changed is published only when another one has approved it.",
    )
    qualified_from = models.PositiveSmallIntegerField(default=60, help_text="Score, 0–100.")
    review_from = models.PositiveSmallIntegerField(default=40, help_text="Score, 0–100.")
    min_coverage = models.PositiveSmallIntegerField(
        default=0,
        help_text="Percent of the weights that must be answerable; below, the deal goes to review.",
    )
    unknown = models.CharField(
        "unknown data", max_length=8, choices=Unknown, default=Unknown.NEUTRAL
    )
    # Re-scoring after a change is due work in a row; a sweep does it in batches. Deals up to this
    # one are done; NULL is all.
    rescore_from_deal = models.BigIntegerField(null=True, editable=False)
    # The same for metrics, which estimates and the passing of days change.
    refresh_from_deal = models.BigIntegerField(null=True, editable=False)
    # The version by which every deal stood judged when the one in use was published: only what
    # differs from it has to be judged. None: everything.
    rescore_base = models.ForeignKey(
        "RuleSetVersion", null=True, editable=False, on_delete=models.RESTRICT, related_name="+"
    )
    # Days on market and years owned grow by themselves, so every day has its own re-scoring.
    judged_on = models.DateField(null=True, editable=False)
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
        return f"{self.name} v{self.version}" if self.version else f"{self.name} (draft)"


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
    # The rule's place in the masks of scores, given when it is first published.
    bit = models.PositiveSmallIntegerField(null=True, editable=False)
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Condition(WorkspaceRow):
    """metric, operator, value; the value is text in the metric's own notation (20%, yes, 90)."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="conditions")
    metric = models.CharField(max_length=40)
    operator = models.CharField(max_length=8)
    value = models.CharField(max_length=120)
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.metric} {self.operator} {self.value}"


class EstimatePolicy(WorkspaceRow):
    """What stands in where a list has no ARV, repairs, rent or payment; one row per workspace."""

    arv_share_of_value = models.FloatField(
        default=1.0, help_text="ARV estimate as a share of the list's estimated value."
    )
    mao_share_of_arv = models.FloatField(
        "MAO as a share of ARV",
        default=0.70,
        help_text="Before repairs are taken off: 0.70 is the 70% rule.",
    )
    rent_share_of_value = models.FloatField(
        default=0.008, help_text="Rent a month: 0.008 is 0.8% of the estimated value."
    )
    market_rate_pct = models.FloatField(
        "market rate",
        default=0.07,
        help_text="Today's rate of a 30-year loan, 0.07 is 7% a year: for loans of unknown rate,"
        " and what a loan's rate is compared with.",
    )
    loan_term_years = models.PositiveSmallIntegerField(
        default=30, help_text="Years over which an unknown loan payment clears the balance."
    )
    tax_insurance_share_of_value = models.FloatField(
        "taxes and insurance",
        default=0.016,
        help_text="A year, as a share of the estimated value: 0.016 is 1.6%.",
    )
    repair_per_sqft_new = models.DecimalField(max_digits=8, decimal_places=2, default=15)
    repair_per_sqft_mid = models.DecimalField(max_digits=8, decimal_places=2, default=25)
    repair_per_sqft_old = models.DecimalField(max_digits=8, decimal_places=2, default=35)
    mid_age_years = models.PositiveSmallIntegerField(default=25)
    old_age_years = models.PositiveSmallIntegerField(default=60)
    history = history()

    class Meta(WorkspaceRow.Meta):
        verbose_name_plural = "estimate policies"
        constraints = [models.UniqueConstraint(fields=["workspace"], name="estimate_policy_once")]

    def __str__(self) -> str:
        return "Estimates"


class DealScore(models.Model):
    """Score, verdict and the bit masks that explain them.

    Bit n belongs to the rule whose `bit` is n in the version named here.
    """

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
    coverage = models.SmallIntegerField(
        help_text="Percent of the weights that could be answered; 0: the score means nothing."
    )
    verdict = models.CharField(max_length=10, choices=Verdict)
    # What stood here before the last change, written by the same statement: facts tell both.
    previous_score = models.SmallIntegerField(null=True)
    previous_verdict = models.CharField(max_length=10, blank=True)
    pass_mask = models.BigIntegerField(default=0)
    unknown_mask = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            # The verdict last: a list of one verdict skips the others within the index.
            models.Index(
                fields=["workspace_id", "-score", "-coverage", "-deal", "verdict"],
                name="score_best",
            )
        ]

    def __str__(self) -> str:
        return f"{self.score} {self.verdict}"
