"""How a sequence does: who is in it, who answered, what failed, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from apps.sequences.models import Enrollment, Sequence, StepRun
from apps.sequences.types import (
    OPEN_STATES,
    StepOutcome,
    StopReason,
)
from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class SequenceHealth:
    """Counts of enrollments; shares are whole percent of all ever enrolled, None while nobody is.

    `failed_pct` is of the steps: those that were due and reached nobody.
    """

    enrolled: int = 0
    open: int = 0
    replied: int = 0
    opted_out: int = 0
    finished: int = 0
    steps: int = 0
    steps_skipped: int = 0

    @property
    def replied_pct(self) -> int | None:
        return _share(self.replied, self.enrolled)

    @property
    def opted_out_pct(self) -> int | None:
        return _share(self.opted_out, self.enrolled)

    @property
    def failed_pct(self) -> int | None:
        return _share(self.steps_skipped, self.steps)


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def list_health(workspace: Workspace) -> list[tuple[Sequence, SequenceHealth]]:
    """Every sequence with its health, in name order; three queries whatever the number."""
    sequences = Sequence.objects.in_workspace(workspace).annotate(step_count=Count("steps"))
    people = {row.pop("sequence"): row for row in _people(workspace)}
    steps = {row.pop("enrollment__sequence"): row for row in _steps(workspace)}
    return [
        (each, SequenceHealth(**people.get(each.pk, {}), **steps.get(each.pk, {})))
        for each in sequences.order_by("name")
    ]


def _people(workspace: Workspace) -> list[dict[str, int]]:
    rows = Enrollment.objects.in_workspace(workspace).order_by().values("sequence")
    counted = rows.annotate(
        enrolled=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        replied=Count("pk", filter=Q(stopped_reason=StopReason.REPLIED)),
        opted_out=Count("pk", filter=Q(stopped_reason=StopReason.OPTED_OUT)),
        finished=Count("pk", filter=Q(state="finished")),
    )
    return list(counted)


def _steps(workspace: Workspace) -> list[dict[str, int]]:
    rows = StepRun.objects.in_workspace(workspace).exclude(outcome=StepOutcome.PENDING)
    counted = (
        rows.order_by()
        .values("enrollment__sequence")
        .annotate(
            steps=Count("pk"), steps_skipped=Count("pk", filter=Q(outcome=StepOutcome.SKIPPED))
        )
    )
    return list(counted)
