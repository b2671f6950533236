"""Putting sends and refusals to one person in line."""

from typing import Any
from uuid import UUID

from apps.channels.models import Recipient


def lock_recipient(workspace: Any, contact_ref: UUID | None, address: str) -> None:
    """Hold the person's and the address's rows until the transaction ends.

    Both are taken in one fixed order, so that two transactions cannot wait for each other.
    """
    _hold(workspace, {str(key) for key in (contact_ref, address) if key})


def lock_people(workspace: Any, contact_refs: set[UUID]) -> None:
    """Hold several persons' rows until the transaction ends."""
    _hold(workspace, {str(ref) for ref in contact_refs})


def lock_follow_up(workspace_id: int, enrollment_ref: UUID) -> None:
    """Hold one follow-up until the transaction ends: its step is queued before or after a stop.

    A key of its own: senders hold a message and then its recipient, never this.
    """
    _hold(workspace_id, {f"follow-up:{enrollment_ref}"})


def _hold(workspace: Any, keys: set[str]) -> None:
    workspace_id = getattr(workspace, "pk", workspace)
    Recipient.objects.bulk_create(
        [Recipient(workspace_id=workspace_id, key=key) for key in sorted(keys)],
        ignore_conflicts=True,
    )
    rows = Recipient.objects.in_workspace(workspace_id).filter(key__in=keys)
    list(rows.select_for_update().order_by("key"))
