"""How many deals stand where, kept by the database itself."""

from __future__ import annotations

from django.db import models


class DealTally(models.Model):
    """A change of a count: of the deals in a stage, or of the scores with a verdict.

    The count is the sum of its changes. Triggers add them in the transaction that moves a deal or
    a score (see `tallies`), so a count is never behind; a sweep folds many changes into one.
    """

    workspace_id = models.BigIntegerField()
    stage_id = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=10, blank=True)
    change = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "deal tallies"
        indexes = [models.Index(fields=["workspace_id"], name="tally_by_workspace")]

    def __str__(self) -> str:
        return f"{self.change:+} {self.verdict or self.stage_id}"
