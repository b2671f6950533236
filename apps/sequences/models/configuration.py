"""What an admin edits: a sequence and its steps."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from apps.events.history import history
from apps.sequences.types import CHANNEL_LABELS, PlannedStep, Trigger
from apps.workspaces.scoping import WorkspaceRow


class Sequence(WorkspaceRow):
    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Grows with every change of the steps."
    )
    is_active = models.BooleanField(default=True, help_text="Inactive: nobody new is enrolled.")
    trigger = models.CharField(
        max_length=20,
        choices=[(Trigger.BY_HAND, "By hand"), (Trigger.OFFER_MADE, "When an offer is made")],
        default=Trigger.BY_HAND,
    )

    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="sequence_key_unique"),
            models.UniqueConstraint(
                fields=["workspace", "trigger"],
                condition=Q(is_active=True) & ~Q(trigger=Trigger.BY_HAND),
                name="sequence_one_per_trigger",
                violation_error_message="Another active sequence already starts on this.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Step(WorkspaceRow):
    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20, choices=list(CHANNEL_LABELS.items()))
    offset_minutes = models.PositiveIntegerField(
        help_text="Minutes after the start of the follow-up (1440 is a day)."
    )
    template = models.ForeignKey("channels.MessageTemplate", on_delete=models.PROTECT)
    archives_after = models.BooleanField(default=False, help_text="The follow-up ends here.")

    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sequence", "position"], name="step_position_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"Step {self.position} ({self.channel})"

    def planned(self) -> PlannedStep:
        return PlannedStep(
            self.position,
            self.channel,
            timedelta(minutes=self.offset_minutes),
            self.archives_after,
        )
