"""Who is being followed up, and what each step of it came to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.sequences.models.configuration import Sequence, Step
from apps.sequences.types import OPEN_STATES, EnrollmentState, StepOutcome, StopReason
from apps.workspaces.scoping import WorkspaceRow


class Enrollment(WorkspaceRow):
    sequence = models.ForeignKey(Sequence, on_delete=models.PROTECT, related_name="enrollments")
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in EnrollmentState],
        default=EnrollmentState.ACTIVE,
    )
    stopped_reason = models.CharField(
        max_length=20, choices=[(r.value, r.value) for r in StopReason], blank=True
    )
    next_position = models.PositiveSmallIntegerField()
    # Null while a message is with channels: its fate decides when the next step is due.
    due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    # How often the due step was claimed and not taken; bounds a step that keeps failing.
    attempts = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sequence", "deal", "contact"],
                condition=Q(state__in=OPEN_STATES),
                name="enrollment_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrollmentState.ACTIVE) | Q(due_at__isnull=False),
                name="enrollment_active_has_due_at",
            ),
        ]
        indexes = [
            # Not led by the workspace: the sweeper asks once for all of them, and the cost must
            # not depend on how many are not due.
            models.Index(
                fields=["due_at"],
                condition=Q(state=EnrollmentState.ACTIVE),
                name="enrollment_due",
            ),
            models.Index(fields=["workspace", "deal"], name="enrollment_of_deal"),
            models.Index(
                fields=["workspace", "contact"],
                condition=Q(state__in=OPEN_STATES),
                name="enrollment_open_of_contact",
            ),
            models.Index(fields=["workspace", "sequence", "state"], name="enrollment_of_sequence"),
        ]

    def __str__(self) -> str:
        return f"Enrollment {self.public_id}"


class StepRun(WorkspaceRow):
    """One step reached by one enrollment; unique, so that no step can be reached twice."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="runs")
    step = models.ForeignKey(Step, on_delete=models.SET_NULL, null=True, related_name="runs")
    position = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20)
    # Blank where no message was made; otherwise the idempotency key channels works under.
    message_key = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(
        max_length=10,
        choices=[(outcome.value, outcome.value) for outcome in StepOutcome],
        default=StepOutcome.PENDING,
    )
    reason = models.CharField(max_length=300, blank=True)
    reached_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "enrollment", "position"], name="step_run_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "message_key"],
                condition=~Q(message_key=""),
                name="step_run_message_unique",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "step", "outcome"], name="step_run_of_step")]

    def __str__(self) -> str:
        return f"Step {self.position} of {self.enrollment_id}"
