"""Orders of many skip traces: started, canceled, taken up again, finished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.contacts.models import Contact, TraceBatch, TraceBatchItem
from apps.contacts.queries.batches import MOST_OWNERS, TRACED, plan_traces
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import (
    TraceBatchItemsLeftOut,
    TraceBatchMoved,
    TraceBatchStarted,
)
from apps.events.publish import publish
from apps.workspaces.models import Workspace

State = TraceBatch.State
ItemState = TraceBatchItem.State


class NothingToTrace(ValueError):
    """Nobody in the order can be looked up now; the message says why."""


@action
def start_trace_batch(
    *,
    workspace: Workspace,
    actor: Actor,
    contact_ids: Sequence[UUID],
    title: str,
    now: datetime,
) -> TraceBatch:
    """Order look-ups of these contacts; those the rules leave out stand in it with their reason.

    Raises NothingToTrace. At most 10,000 owners are taken into one order.
    """
    if len(set(contact_ids)) > MOST_OWNERS:
        raise NothingToTrace(f"An order takes at most {MOST_OWNERS:,} owners; narrow the list.")
    plan = plan_traces(workspace, contact_ids, now=now)
    if plan.blocked:
        raise NothingToTrace(plan.blocked)
    if not plan.chosen:
        raise NothingToTrace("Nobody here needs a look-up: see the reasons above.")
    batch = TraceBatch.objects.create(
        workspace=workspace,
        title=title[:160],
        most_cost_amount=plan.most_cost_amount,
        due_at=now,
    )
    waiting = [TraceBatchItem(batch=batch, contact=contact) for contact in plan.chosen]
    left_out = [
        TraceBatchItem(batch=batch, contact=contact, state=ItemState.SKIPPED, reason=reason)
        for contact, reason in plan.left_out
    ]
    TraceBatchItem.objects.bulk_create([*waiting, *left_out], batch_size=500)
    publish(
        TraceBatchStarted(
            subject=batch.public_id,
            title=batch.title,
            total=plan.total,
            chosen=len(plan.chosen),
            most_cost_amount=plan.most_cost_amount,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return batch


@action
def cancel_trace_batch(
    *, workspace: Workspace, actor: Actor, batch: TraceBatch, now: datetime
) -> TraceBatch:
    """Buy nothing more; what was found stays. A call under way is still recorded."""
    batch = _locked(workspace, batch)
    if not batch.is_open and batch.state != State.STOPPED:
        unchanged("the order is over already")
        return batch
    return _move(workspace, actor, batch, State.CANCELED, "", now)


@action
def resume_trace_batch(
    *, workspace: Workspace, actor: Actor, batch: TraceBatch, now: datetime
) -> TraceBatch:
    """Go on with those who wait, and try those again that failed without being charged."""
    batch = _locked(workspace, batch)
    items = TraceBatchItem.objects.filter(batch=batch)
    if batch.is_open or not items.filter(state__in=[ItemState.WAITING, ItemState.FAILED]).exists():
        unchanged("nothing waits, or it is under way")
        return batch
    items.filter(state=ItemState.FAILED).update(state=ItemState.WAITING, reason="")
    return _move(workspace, actor, batch, State.QUEUED, "", now)


@action
def end_trace_batch(
    *,
    workspace: Workspace,
    actor: Actor,
    batch: TraceBatch,
    note: str,
    now: datetime,
) -> TraceBatch:
    """Close an order nobody waits in; one where somebody does stops with `note` as its reason."""
    batch = _locked(workspace, batch)
    if not batch.is_open:
        unchanged("the order is over already")
        return batch
    is_waiting = TraceBatchItem.objects.filter(batch=batch, state=ItemState.WAITING).exists()
    state = State.STOPPED if is_waiting else State.DONE
    return _move(workspace, actor, batch, state, note if is_waiting else "", now)


@action
def leave_out_items(
    *,
    workspace: Workspace,
    actor: Actor,
    batch: TraceBatch,
    contacts: Sequence[Contact],
    now: datetime,
    reason: str = TRACED,
) -> None:
    """Owners who were looked up elsewhere while they waited, or about whom nobody may be asked any
    more; nothing was paid for them."""
    batch = _locked(workspace, batch)
    rows = TraceBatchItem.objects.filter(
        batch=batch, contact__in=contacts, state=ItemState.WAITING
    ).select_related("contact")
    left_out = [item.contact.public_id for item in rows]
    if not left_out:
        unchanged("nobody of these waits")
        return
    rows.update(state=ItemState.SKIPPED, reason=reason)
    publish(
        TraceBatchItemsLeftOut(subject=batch.public_id, contacts=left_out, reason=reason),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


def _locked(workspace: Workspace, batch: TraceBatch) -> TraceBatch:
    rows = TraceBatch.objects.in_workspace(workspace).select_for_update()
    locked: TraceBatch = rows.get(pk=batch.pk)
    return locked


def _move(
    workspace: Workspace,
    actor: Actor,
    batch: TraceBatch,
    state: TraceBatch.State,
    note: str,
    now: datetime,
) -> TraceBatch:
    batch.state, batch.note = state, note[:400]
    batch.due_at = now if state == State.QUEUED else None
    batch.finished_at = None if state == State.QUEUED else now
    batch.save(update_fields=["state", "note", "due_at", "finished_at"])
    publish(
        TraceBatchMoved(subject=batch.public_id, state=state, note=batch.note),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return batch
