"""Follow-ups when two contacts become one: one goes on, the other stops."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.contacts.merging import Followed, follow_merge, move_rows, note_change
from apps.contacts.models import Contact
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.base import Fact
from apps.events.catalog.sequences import EnrollmentsReassigned
from apps.events.publish import publish_many
from apps.sequences.actions.closing import ENDING, stop
from apps.sequences.models import Enrollment, StepRun
from apps.sequences.types import OPEN_STATES, EnrollmentState, StepOutcome, StopReason
from apps.workspaces.models import Workspace

LABEL = Enrollment._meta.label


@action
def reassign_enrollments(
    *, workspace: Workspace, actor: Actor, merge_id: UUID, now: datetime
) -> list[UUID]:
    """Follow-ups of the merged contact become the survivor's, or their own again. Repeatable.

    Nobody hears from two follow-ups because a list spelled them twice: while the survivor has one
    running, those of the merged contact stop. An unmerge lets them go on where they were.
    """
    followed = follow_merge(workspace, merge_id, [LABEL])
    touched = set(followed.undone.get(LABEL, []))
    _wake_orphans(workspace, touched, now)
    stops: list[Fact] = []
    if followed.survivor is not None:
        stops = list(_stop_second(workspace, followed, followed.survivor, now))
        theirs = Enrollment.objects.in_workspace(workspace).filter(contact=followed.other)
        touched |= set(theirs.values_list("public_id", flat=True))
        move_rows(followed.merge, theirs, "contact", followed.survivor.pk)
    if not touched:
        unchanged("neither is followed up")
        return []
    moved = EnrollmentsReassigned(
        subject=followed.merge.survivor.public_id,
        merge=followed.merge.public_id,
        enrollments=sorted(touched),
    )
    publish_many([*stops, moved], workspace_id=workspace.pk, actor=actor, now=now)
    return moved.enrollments


def _stop_second(
    workspace: Workspace, followed: Followed, survivor: Contact, now: datetime
) -> list[Fact]:
    rows = Enrollment.objects.in_workspace(workspace).filter(state__in=OPEN_STATES)
    if not rows.filter(contact=survivor).exists():
        return []
    second = rows.filter(contact=followed.other).select_related("sequence", "deal", "contact")
    stops: list[Fact] = []
    for row in second.select_for_update(of=("self",)).order_by("pk"):
        before = {name: getattr(row, name) for name in ENDING}
        stops.append(stop(row, StopReason.MERGED, now))
        note_change(followed.merge, row, before)
    return stops


def _wake_orphans(workspace: Workspace, touched: set[UUID], now: datetime) -> None:
    """One that waited for a message which was taken back at the stop is due again at once."""
    rows = Enrollment.objects.in_workspace(workspace).filter(public_id__in=touched)
    pending = StepRun.objects.in_workspace(workspace).filter(outcome=StepOutcome.PENDING)
    waiting = rows.filter(state=EnrollmentState.WAITING)
    waiting.exclude(pk__in=pending.values("enrollment")).update(
        state=EnrollmentState.ACTIVE, due_at=now
    )
