"""What a person does to a running follow-up: pause, resume, stop, run the next step now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.common.locking import lock_rows
from apps.contacts.queries import same_person_refs
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.sequences import (
    EnrollmentPaused,
    EnrollmentResumed,
    StepBroughtForward,
)
from apps.events.publish import publish, publish_many
from apps.sequences.actions.closing import lock_enrollment, stop
from apps.sequences.models import Enrollment
from apps.sequences.rules import state_after
from apps.sequences.types import OPEN_STATES, EnrollmentState, StopReason
from apps.workspaces.models import Workspace


class NothingToRunNow(ValueError):
    """Only a follow-up that waits for its time can be brought forward."""


@action
def pause_enrollment(
    *,
    workspace: Workspace,
    actor: Actor,
    enrollment: Enrollment,
    now: datetime,
    reason: str = "",
) -> Enrollment:
    """Hold back the next step. A message already handed to channels is not called back."""
    row = lock_enrollment(workspace, enrollment)
    state = state_after("pause", EnrollmentState(row.state))
    if state is None:
        unchanged(f"the follow-up is {row.state}")
        return row
    row.state, row.lease_until, row.note = state, None, reason[:300]
    row.save(update_fields=["state", "lease_until", "note"])
    fact = EnrollmentPaused(
        subject=row.public_id,
        deal=row.deal.public_id,
        contact=row.contact.public_id,
        reason=row.note,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def resume_enrollment(
    *, workspace: Workspace, actor: Actor, enrollment: Enrollment, now: datetime
) -> Enrollment:
    """Go on where the pause began; a step that fell due meanwhile runs once, at once."""
    row = lock_enrollment(workspace, enrollment)
    if row.state != EnrollmentState.PAUSED:
        unchanged(f"the follow-up is {row.state}")
        return row
    # Without a due time a message is still with channels, and its settling sets the time.
    row.state = EnrollmentState.ACTIVE if row.due_at else EnrollmentState.WAITING
    row.attempts, row.note = 0, ""
    row.save(update_fields=["state", "attempts", "note"])
    fact = EnrollmentResumed(
        subject=row.public_id,
        deal=row.deal.public_id,
        contact=row.contact.public_id,
        due_at=row.due_at,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def run_next_step_now(
    *, workspace: Workspace, actor: Actor, enrollment: Enrollment, now: datetime
) -> Enrollment:
    """Bring the waiting step forward to now. Raises NothingToRunNow where none waits for time."""
    row = lock_enrollment(workspace, enrollment)
    if state_after("run_now", EnrollmentState(row.state)) is None:
        raise NothingToRunNow(_WHY_NOT.get(EnrollmentState(row.state), "This follow-up has ended."))
    before = row.due_at
    if before is None or before <= now:
        unchanged("the step is due already")
        return row
    row.due_at = now
    row.save(update_fields=["due_at"])
    fact = StepBroughtForward(
        subject=row.public_id,
        sequence=row.sequence.key,
        position=row.next_position,
        deal=row.deal.public_id,
        contact=row.contact.public_id,
        due_at_before=before,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


_WHY_NOT = {
    EnrollmentState.WAITING: "The message before it is still on its way.",
    EnrollmentState.PAUSED: "The follow-up is paused; resume it first.",
}


@action
def stop_enrollment(
    *,
    workspace: Workspace,
    actor: Actor,
    enrollment: Enrollment,
    now: datetime,
    reason: StopReason = StopReason.BY_PERSON,
) -> Enrollment:
    row = lock_enrollment(workspace, enrollment)
    if row.state not in OPEN_STATES:
        unchanged(f"the follow-up is {row.state}")
        return row
    publish(stop(row, reason, now), workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def stop_enrollments(
    *,
    workspace: Workspace,
    actor: Actor,
    reason: StopReason,
    now: datetime,
    contact: UUID | None = None,
    deal: UUID | None = None,
) -> int:
    """Stop every open follow-up of a contact, of a deal, or of the contact on that deal."""
    rows = Enrollment.objects.in_workspace(workspace).filter(state__in=OPEN_STATES)
    if contact is not None:
        rows = rows.filter(contact__public_id__in=same_person_refs(workspace, contact))
    if deal is not None:
        rows = rows.filter(deal__public_id=deal)
    if contact is None and deal is None:
        raise ValueError("name a contact or a deal")
    held = Enrollment.objects.in_workspace(workspace).filter(pk__in=lock_rows(rows))
    found = list(held.filter(state__in=OPEN_STATES).select_related("sequence", "deal", "contact"))
    if not found:
        unchanged("no follow-up is open")
        return 0
    facts = [stop(row, reason, now) for row in found]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return len(found)
