"""One due step: its message goes to channels, or it is skipped, or the follow-up ends."""

from __future__ import annotations

from datetime import datetime

from apps.common.failpoints import failpoint
from apps.contacts.queries import get_survivor
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.base import Fact
from apps.events.catalog.sequences import StepReached, StepSkipped
from apps.events.publish import publish
from apps.sequences import rules
from apps.sequences.actions.closing import finish, lock_enrollment, stop
from apps.sequences.models import Enrollment, Step, StepRun
from apps.sequences.queries.letters import NoLetter, write_letter
from apps.sequences.queries.rows import exit_facts
from apps.sequences.types import EnrollmentState, Letter, StepOutcome
from apps.workspaces.models import Workspace


@action
def reach_step(
    *, workspace: Workspace, actor: Actor, enrollment: Enrollment, now: datetime
) -> Enrollment:
    """Take the due step: hand its message to channels, skip it, or end the follow-up.

    Does nothing (`unchanged`) when somebody else took it, or it is paused, stopped or not due.
    """
    row = lock_enrollment(workspace, enrollment)
    # Not yet moved after a merge: the letter goes to the person the seller is part of now.
    row.contact = get_survivor(workspace, row.contact)
    if row.state != EnrollmentState.ACTIVE or row.due_at is None or row.due_at > now:
        unchanged("no step is due")
        return row
    publish(_take(workspace, row, now), workspace_id=workspace.pk, actor=actor, now=now)
    failpoint("advance.before_commit")
    return row


def _take(workspace: Workspace, row: Enrollment, now: datetime) -> Fact:
    reason = rules.exit_reason(exit_facts(workspace, row))
    if reason is not None:
        return stop(row, reason, now)
    steps = list(row.sequence.steps.select_related("template"))
    planned = rules.step_from([step.planned() for step in steps], row.next_position)
    if planned is None:
        return finish(row, now, row.runs.select_related("step").last())
    step = next(step for step in steps if step.position == planned.position)
    try:
        return _hand_over(row, step, write_letter(workspace, row, step), now)
    except NoLetter as problem:
        return _skip(row, step, steps, str(problem), now)


def _hand_over(row: Enrollment, step: Step, letter: Letter, now: datetime) -> StepReached:
    """The enrollment waits, without a due time, for what becomes of the message."""
    key = f"{row.public_id}:{step.position}"
    run = StepRun(
        workspace_id=row.workspace_id,
        enrollment=row,
        step=step,
        position=step.position,
        channel=step.channel,
        message_key=key,
        reached_at=now,
    )
    run.save(force_insert=True)
    row.state, row.next_position, row.due_at = EnrollmentState.WAITING, step.position + 1, None
    _save(row)
    return StepReached(
        subject=row.public_id,
        sequence=row.sequence.key,
        position=step.position,
        deal=row.deal.public_id,
        contact=row.contact.public_id,
        channel=step.channel,
        to_address=letter.to_address,
        subject_line=letter.subject,
        body=letter.body,
        idempotency_key=key,
        stop_if_replied_since=row.started_at,
    )


def _skip(
    row: Enrollment, step: Step, steps: list[Step], reason: str, now: datetime
) -> StepSkipped:
    """Plan the next step at once; after the last one the row is due to be finished."""
    run = StepRun(
        workspace_id=row.workspace_id,
        enrollment=row,
        step=step,
        position=step.position,
        channel=step.channel,
        outcome=StepOutcome.SKIPPED,
        reason=reason[:300],
        reached_at=now,
        settled_at=now,
    )
    run.save(force_insert=True)
    planned = [each.planned() for each in steps]
    following = rules.step_after(planned, step.planned())
    if following is None:
        row.next_position, row.due_at = max(each.position for each in steps) + 1, now
    else:
        row.next_position = following.position
        row.due_at = rules.due_at(row.started_at, following, step.planned(), now)
    _save(row)
    return StepSkipped(
        subject=row.public_id,
        sequence=row.sequence.key,
        position=step.position,
        deal=row.deal.public_id,
        contact=row.contact.public_id,
        channel=step.channel,
        reason=run.reason,
        next_position=following.position if following else None,
        next_due_at=row.due_at if following else None,
    )


def _save(row: Enrollment) -> None:
    row.lease_until, row.attempts = None, 0
    row.save(update_fields=["state", "next_position", "due_at", "lease_until", "attempts"])
