"""A message met its fate: when is the next step due, or is this the end?"""

from __future__ import annotations

from datetime import datetime

from apps.channels.queries import has_reply_since
from apps.common.locking import lock_rows
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.base import Fact
from apps.events.catalog.sequences import StepSettled
from apps.events.publish import publish
from apps.sequences import rules
from apps.sequences.actions.closing import finish, stop
from apps.sequences.models import Enrollment, StepRun
from apps.sequences.types import (
    OPEN_STATES,
    EnrollmentState,
    PlannedStep,
    Settlement,
    StepOutcome,
    Verdict,
)
from apps.workspaces.models import Workspace


@action
def schedule_next_step(
    *,
    workspace: Workspace,
    actor: Actor,
    message_key: str,
    settlement: Settlement,
    reason: str,
    now: datetime,
) -> StepRun | None:
    """Record what became of a step's message and plan what follows.

    Repeatable: only the first settlement of a step counts, later ones change nothing. A message
    that belongs to no step (a person's own) is left alone.
    """
    enrollment = _locked_by_key(workspace, message_key)
    if enrollment is None:
        unchanged("the message belongs to no follow-up")
        return None
    run = StepRun.objects.in_workspace(workspace).get(message_key=message_key)
    if run.outcome != StepOutcome.PENDING:
        unchanged(f"the step is {run.outcome} already")
        return run
    verdict = _verdict(workspace, enrollment, run, settlement, reason, now)
    run.outcome, run.reason, run.settled_at = verdict.outcome, verdict.reason[:300], now
    run.save(update_fields=["outcome", "reason", "settled_at"])
    fact = _carry_on(enrollment, run, verdict, now)
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return run


def _locked_by_key(workspace: Workspace, message_key: str) -> Enrollment | None:
    if not message_key:
        return None
    rows = Enrollment.objects.in_workspace(workspace)
    keys = lock_rows(rows.filter(runs__message_key=message_key))
    return rows.select_related("deal", "contact", "sequence").filter(pk__in=keys).first()


def _verdict(
    workspace: Workspace,
    enrollment: Enrollment,
    run: StepRun,
    settlement: Settlement,
    reason: str,
    now: datetime,
) -> Verdict:
    steps = [step.planned() for step in enrollment.sequence.steps.all()]
    # A step deleted while its message was on the way still counts as the step before the next.
    step = rules.step_from(steps, run.position)
    if step is None or step.position != run.position:
        step = PlannedStep(run.position, run.channel, run.reached_at - enrollment.started_at)
    return rules.after_settlement(
        steps=steps,
        step=step,
        started_at=enrollment.started_at,
        settlement=settlement,
        reason=reason,
        has_replied=has_reply_since(workspace, enrollment.contact.public_id, enrollment.started_at),
        settled_at=now,
    )


def _carry_on(enrollment: Enrollment, run: StepRun, verdict: Verdict, now: datetime) -> Fact:
    """Move the enrollment; one that is closed only learns how its last message ended."""
    is_open = enrollment.state in OPEN_STATES
    if is_open and verdict.stop is not None:
        return stop(enrollment, verdict.stop, now)
    if is_open and verdict.next_step is None:
        return finish(enrollment, now, run)
    following = verdict.next_step if is_open else None
    if following is not None:
        enrollment.next_position, enrollment.due_at = following.position, verdict.next_due_at
        if enrollment.state == EnrollmentState.WAITING:
            enrollment.state = EnrollmentState.ACTIVE
        enrollment.save(update_fields=["next_position", "due_at", "state"])
    return StepSettled(
        subject=enrollment.public_id,
        sequence=enrollment.sequence.key,
        position=run.position,
        deal=enrollment.deal.public_id,
        contact=enrollment.contact.public_id,
        outcome=run.outcome,
        reason=run.reason,
        next_position=following.position if following else None,
        next_due_at=verdict.next_due_at if following else None,
    )
