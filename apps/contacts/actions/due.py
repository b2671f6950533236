"""Taking due checks over all workspaces; each is then done inside its own."""

from datetime import datetime

from django.db import transaction

from apps.contacts.models import Contact, NumberLookup, TraceBatch
from apps.contacts.rules import BATCH_LEASE, CHECK_LEASE, LOOKUP_LEASE
from apps.contacts.types import DueCheck
from apps.workspaces.models import Workspace
from apps.workspaces.queries import get_workspace_by_id

BATCH = 20
COMPARE_BATCH = 500


def claim_due_checks(*, now: datetime, limit: int = BATCH) -> list[DueCheck]:
    """Take due checks over all workspaces for CHECK_LEASE; a claim that dies comes back then."""
    with transaction.atomic():
        rows = list(
            Contact.across_workspaces.select_for_update(skip_locked=True, of=("self",))
            .filter(check_due_at__lte=now)
            .select_related("workspace")
            .order_by("check_due_at", "id")[:limit]
        )
        Contact.across_workspaces.filter(pk__in=[row.pk for row in rows]).update(
            check_due_at=now + CHECK_LEASE
        )
    return [DueCheck(row.workspace, row) for row in rows]


def list_due_comparisons(*, limit: int = COMPARE_BATCH) -> list[tuple[Workspace, list[int]]]:
    """Contacts never compared since they were last touched, oldest first, by workspace.

    Nothing is claimed: the comparison locks what it takes, and doing it twice does no harm.
    """
    rows = Contact.across_workspaces.filter(compared_at__isnull=True, merged_into__isnull=True)
    found: dict[int, list[int]] = {}
    for workspace_id, key in rows.order_by("id").values_list("workspace_id", "id")[:limit]:
        found.setdefault(workspace_id, []).append(key)
    return [(get_workspace_by_id(workspace_id), keys) for workspace_id, keys in found.items()]


def list_stale_lookups(*, now: datetime, limit: int = BATCH) -> list[NumberLookup]:
    """Number look-ups whose worker did not live to hear the answer, over all workspaces."""
    rows = NumberLookup.across_workspaces.filter(
        state=NumberLookup.State.REQUESTED, requested_at__lte=now - LOOKUP_LEASE
    )
    return list(rows.select_related("workspace", "contact").order_by("id")[:limit])


def claim_due_batch(*, now: datetime) -> TraceBatch | None:
    """Take the order that waits longest, for BATCH_LEASE; a worker that dies loses it then."""
    with transaction.atomic():
        rows = TraceBatch.across_workspaces.select_for_update(skip_locked=True, of=("self",))
        due = rows.filter(due_at__lte=now).select_related("workspace")
        batch = due.order_by("due_at", "id").first()
        if batch is not None:
            batch.state = TraceBatch.State.RUNNING
            batch.started_at = batch.started_at or now
            batch.due_at = now + BATCH_LEASE
            batch.save(update_fields=["state", "started_at", "due_at"])
    return batch


def hold_batch(batch: TraceBatch, *, until: datetime) -> bool:
    """Keep an order until then; False when somebody ended it meanwhile."""
    rows = TraceBatch.across_workspaces.filter(pk=batch.pk, state=TraceBatch.State.RUNNING)
    return bool(rows.update(due_at=until))
