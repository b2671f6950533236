"""Two contacts that may be one, that were made one, and every row that moved for it."""

from __future__ import annotations

from django.db import models

from apps.contacts.models.people import Contact
from apps.contacts.rules import score_text
from apps.workspaces.scoping import WorkspaceRow


class MergeSuggestion(WorkspaceRow):
    """A pair that may be one person; `first` has the smaller key, so that each pair is one row."""

    class State(models.TextChoices):
        OPEN = "open"
        DISMISSED = "dismissed"
        MERGED = "merged"

    first = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=4, help_text="From 0 to 1.")
    supports = models.JSONField(default=list, help_text="What speaks for one person.")
    objections = models.JSONField(default=list, help_text="What speaks against it.")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    # Filled where the pairs of one contact are listed: the other one of the pair.
    twin: Contact

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "first", "second"], name="merge_suggested_once"
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="merge_suggestion_ordered"
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "score", "id"],
                condition=models.Q(state="open"),
                name="merge_suggestion_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.score}"

    @property
    def words(self) -> str:
        return score_text(float(self.score))


class Merge(WorkspaceRow):
    """`other` became part of `survivor`; undone when `undone_at` is set."""

    survivor = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    choices = models.JSONField(default=dict, help_text="Field to the side it was taken from.")
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "other"],
                condition=models.Q(undone_at__isnull=True),
                name="merged_once",
            )
        ]
        indexes = [models.Index(fields=["workspace", "survivor"], name="merge_of_survivor")]

    def __str__(self) -> str:
        return f"{self.other_id} into {self.survivor_id}"


class MergeMove(WorkspaceRow):
    """One row that a merge changed, in any room: what it was before and what it was made.

    `after` is empty where the row was removed; `before` then holds the whole row.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moves")
    model = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField(default=dict)
    is_undone = models.BooleanField(default=False)

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["workspace", "merge", "id"], name="merge_move_of_merge")]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}"
