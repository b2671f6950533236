"""Two versions of a rule set judging side by side."""

from __future__ import annotations

from django.db import models

from apps.deals.models.qualification import RuleSet
from apps.deals.models.versions import RuleSetVersion
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class RuleTrial(WorkspaceRow):
    """The challenger judges `share` percent of the deals, the champion the others.

    Which deal falls to whom follows from its key and `salt` alone, see `qualification.arms`.
    `figures`: what each side came to when the trial ended, see `queries.trials`.
    """

    class Outcome(models.TextChoices):
        RUNNING = "", "Running"
        ADOPTED = "adopted", "Challenger adopted"
        KEPT = "kept", "Champion kept"
        # Other rules were published meanwhile, so neither side judges any more.
        OVERTAKEN = "overtaken", "Ended by publishing"

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="trials")
    champion = models.ForeignKey(RuleSetVersion, on_delete=models.RESTRICT, related_name="+")
    challenger = models.ForeignKey(RuleSetVersion, on_delete=models.RESTRICT, related_name="+")
    # Then the challenger was never in force for all deals.
    is_from_draft = models.BooleanField(default=False)
    share = models.PositiveSmallIntegerField(help_text="Percent of deals, 1–50.")
    salt = models.PositiveIntegerField()
    note = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    started_by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    figures = models.JSONField(default=dict)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set"],
                condition=models.Q(ended_at__isnull=True),
                name="rule_trial_one_running",
            ),
            models.CheckConstraint(
                condition=models.Q(share__gte=1, share__lte=50), name="rule_trial_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set.name}: v{self.challenger.number} against v{self.champion.number}"
