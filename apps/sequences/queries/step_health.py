"""What each step of a sequence came to, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from apps.sequences.models import Enrollment, Sequence, Step, StepRun
from apps.sequences.rules import outline, wait_text
from apps.sequences.types import (
    CHANNEL_ICONS,
    CHANNEL_LABELS,
    OPEN_STATES,
    StepOutcome,
    StopReason,
)
from apps.workspaces.models import Workspace

_ON_THE_WAY = Q(outcome=StepOutcome.PENDING, enrollment__state__in=OPEN_STATES)


@dataclass(frozen=True)
class StepHealth:
    reached: int = 0
    sent: int = 0
    skipped: int = 0
    on_the_way: int = 0
    answered: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class StepCard:
    step: Step
    label: str
    icon: str
    wait: str
    subject: str
    body: str
    health: StepHealth


def list_step_health(workspace: Workspace, sequence: Sequence) -> dict[int, StepHealth]:
    """By position. `answered` counts those whose last step this was when they wrote back."""
    later = StepRun.objects.in_workspace(workspace).filter(
        enrollment=OuterRef("enrollment"), position__gt=OuterRef("position")
    )
    rows = StepRun.objects.in_workspace(workspace).filter(enrollment__sequence=sequence)
    counted = (
        rows.order_by()
        .values("position")
        .annotate(
            reached=Count("pk"),
            sent=Count("pk", filter=Q(outcome=StepOutcome.SENT)),
            skipped=Count("pk", filter=Q(outcome=StepOutcome.SKIPPED)),
            on_the_way=Count("pk", filter=_ON_THE_WAY),
            answered=Count(
                "pk", filter=Q(enrollment__stopped_reason=StopReason.REPLIED) & ~Exists(later)
            ),
        )
    )
    found = {row.pop("position"): row for row in counted}
    for position, count in _waiting(workspace, sequence).items():
        found.setdefault(position, {})["waiting"] = count
    return {position: StepHealth(**row) for position, row in found.items()}


def list_step_cards(workspace: Workspace, sequence: Sequence) -> list[StepCard]:
    """The steps as they stand, each with its counts."""
    health = list_step_health(workspace, sequence)
    return [
        StepCard(
            step=step,
            label=CHANNEL_LABELS.get(step.channel, step.channel),
            icon=CHANNEL_ICONS.get(step.channel, "message"),
            wait=wait_text(step.offset_minutes),
            subject=outline(step.template.subject),
            body=outline(step.template.body),
            health=health.get(step.position, StepHealth()),
        )
        for step in sequence.steps.select_related("template")
    ]


def _waiting(workspace: Workspace, sequence: Sequence) -> dict[int, int]:
    rows = Enrollment.objects.in_workspace(workspace).filter(
        sequence=sequence, state__in=OPEN_STATES, due_at__isnull=False
    )
    return dict(rows.order_by().values_list("next_position").annotate(Count("pk")))
