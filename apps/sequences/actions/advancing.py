"""Due steps: claimed in batches under a lease, taken one transaction at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from apps.common.failpoints import failpoint
from apps.events.actions import Actor
from apps.sequences.actions.reaching import reach_step
from apps.sequences.actions.steering import pause_enrollment
from apps.sequences.models import Enrollment
from apps.sequences.types import EnrollmentState

log = logging.getLogger(__name__)
BATCH = 200
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
ADVANCER = Actor.system("sequences.advance")


def claim_due(*, now: datetime, limit: int = BATCH) -> list[Enrollment]:
    """Lease up to `limit` due enrollments to this process; the others skip them.

    The lease only spares the others the work. What keeps a step from being taken twice is the
    lock and the state that `reach_step` reads again, so a lease that ran out does no harm.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    due = Enrollment.across_workspaces.filter(free, state=EnrollmentState.ACTIVE, due_at__lte=now)
    # Asked every other second: while nothing is due, no write lock is taken.
    if not due.exists():
        return []
    with transaction.atomic():
        rows = list(
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("workspace")
            .order_by("due_at")[:limit]
        )
        # The attempt counts from here, so that a step which kills its process is bounded too.
        Enrollment.across_workspaces.filter(pk__in=[row.pk for row in rows]).update(
            lease_until=now + LEASE, attempts=F("attempts") + 1
        )
    return rows


def advance_due(*, clock: Callable[[], datetime], limit: int = BATCH) -> int:
    """Take every due step of one batch; returns how many were claimed.

    Any number of processes may run this at once and die anywhere: a step whose taking committed
    is never taken again, one that did not is taken when the lease has run out.
    """
    claimed = claim_due(now=clock(), limit=limit)
    if claimed:
        failpoint("advance.after_claim")
    for row in claimed:
        try:
            _take(row, clock())
        except Exception:
            # One bad row must not hold back the batch; its lease runs out and it comes again.
            log.exception("the step of enrollment %s was not taken", row.public_id)
        failpoint("advance.after_reach")
    return len(claimed)


def _take(row: Enrollment, now: datetime) -> None:
    if row.attempts < MAX_ATTEMPTS:
        reach_step(workspace=row.workspace, actor=ADVANCER, enrollment=row, now=now)
        return
    pause_enrollment(
        workspace=row.workspace,
        actor=ADVANCER,
        enrollment=row,
        now=now,
        reason=f"Step {row.next_position} failed {MAX_ATTEMPTS} times; resume to try it again.",
    )
