"""Locking a follow-up and bringing it to its end; shared by the actions that may end it."""

from __future__ import annotations

from datetime import datetime

from apps.events.catalog.sequences import EnrollmentFinished, EnrollmentStopped
from apps.sequences.models import Enrollment, StepRun
from apps.sequences.types import EnrollmentState, StepOutcome, StopReason
from apps.workspaces.models import Workspace

ENDING = ["state", "stopped_reason", "due_at", "lease_until", "ended_at", "note"]


def lock_enrollment(workspace: Workspace, enrollment: Enrollment) -> Enrollment:
    """The row as it is now, held until the action ends."""
    return (
        Enrollment.objects.in_workspace(workspace)
        .select_for_update(of=("self",))
        .select_related("sequence", "contact", "deal__stage", "deal__property")
        .get(pk=enrollment.pk)
    )


def stop(row: Enrollment, reason: StopReason, now: datetime) -> EnrollmentStopped:
    """Close a locked row early. The fact names the message in flight, if there is one."""
    runs = StepRun.objects.in_workspace(row.workspace_id)
    run = runs.filter(enrollment=row, outcome=StepOutcome.PENDING).first()
    _close(row, EnrollmentState.STOPPED, reason, now)
    return EnrollmentStopped(
        subject=row.public_id,
        sequence=row.sequence.key,
        deal=row.deal.public_id,
        contact=row.contact.public_id,
        reason=reason,
        message_key=run.message_key if run else "",
    )


def finish(row: Enrollment, now: datetime, run: StepRun | None = None) -> EnrollmentFinished:
    """Close a locked row that has no step left; `run` is the one that was its last."""
    _close(row, EnrollmentState.FINISHED, "", now)
    return EnrollmentFinished(
        subject=row.public_id,
        sequence=row.sequence.key,
        deal=row.deal.public_id,
        contact=row.contact.public_id,
        position=run.position if run else None,
        outcome=run.outcome if run else "",
        is_archived=bool(run and run.step and run.step.archives_after),
    )


def _close(row: Enrollment, state: EnrollmentState, reason: str, now: datetime) -> None:
    row.state, row.stopped_reason, row.note = state, reason, ""
    row.due_at, row.lease_until, row.ended_at = None, None, now
    row.save(update_fields=ENDING)
