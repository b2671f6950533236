"""Writing a sequence and its steps as one new version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.sequences import SequenceSaved
from apps.events.publish import publish
from apps.sequences import rules
from apps.sequences.models import Sequence, Step
from apps.workspaces.models import Workspace

# Larger than any position in use: moved steps are parked there while others take their places.
_PARKING = 10_000


class SequenceInvalid(ValueError):
    """The steps cannot be run as written; the message names what is wrong."""


@action
def save_sequence(
    *,
    workspace: Workspace,
    actor: Actor,
    sequence: Sequence,
    steps: Iterable[Step],
    now: datetime,
    removed: Iterable[Step] = (),
) -> Sequence:
    """Save a sequence with the given new or changed steps; the version grows when anything did.

    Running enrollments go on with the new steps from the position they have reached.
    Raises SequenceInvalid.
    """
    before = _described(sequence) if sequence.pk else None
    version = sequence.version
    sequence.workspace = workspace
    sequence.save()
    for step in removed:
        step.delete()
    _save_steps(workspace, sequence, list(steps))
    after = _described(sequence)
    if before == after:
        unchanged("the sequence is as it was")
        return sequence
    problems = rules.step_problems([step.planned() for step in sequence.steps.all()])
    if problems:
        raise SequenceInvalid(" ".join(problems))
    if before is not None:
        sequence.version = version + 1
        sequence.save()
    fact = SequenceSaved(
        subject=sequence.public_id,
        key=sequence.key,
        version=sequence.version,
        steps=after["steps"],
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return sequence


def _save_steps(workspace: Workspace, sequence: Sequence, steps: list[Step]) -> None:
    moved = [step.pk for step in steps if step.pk]
    Step.objects.in_workspace(workspace).filter(pk__in=moved).update(
        position=F("position") + _PARKING
    )
    for step in steps:
        if step.template.workspace_id != workspace.pk:
            raise SequenceInvalid(f"The text of step {step.position} is not of this workspace.")
        step.workspace, step.sequence = workspace, sequence
        step.save()


def _described(sequence: Sequence) -> dict[str, Any]:
    """The stored rows in plain values, for comparing and for the fact."""
    own = sequence.workspace_id
    stored = Sequence.objects.in_workspace(own).filter(pk=sequence.pk)
    steps = Step.objects.in_workspace(own).filter(sequence=sequence).order_by("position")
    fields = ("position", "channel", "offset_minutes", "template__key", "archives_after")
    return {
        **stored.values("key", "name", "is_active", "trigger").get(),
        "steps": list(steps.values(*fields)),
    }
