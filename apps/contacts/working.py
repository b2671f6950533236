"""Working an order of skip traces off, group by group, until it is done, stopped or slowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from apps.common.failpoints import failpoint
from apps.contacts.actions.batching import end_trace_batch, leave_out_items
from apps.contacts.actions.due import hold_batch
from apps.contacts.actions.tracing import lose_trace
from apps.contacts.buying import buy_traces
from apps.contacts.models import Contact, SkipTrace, TraceBatch, TraceBatchItem
from apps.contacts.queries.batches import refused_meanwhile, why_blocked
from apps.contacts.queries.traces import map_past_traces
from apps.contacts.queries.vendors import VendorState, list_vendor_states
from apps.contacts.rules import BATCH_LEASE, CUT_OFF, TRACE_LEASE, may_ask
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from apps.workspaces.types import Capability

Clock = Callable[[], datetime]
GROUP = 100


def work_batch(batch: TraceBatch, *, actor: Actor, clock: Clock) -> None:
    """One turn of an order that this worker has claimed. Any step may be its last."""
    workspace = batch.workspace
    while True:
        if not hold_batch(batch, until=clock() + BATCH_LEASE):
            return  # canceled
        vendors = list_vendor_states(workspace, Capability.SKIP_TRACE, now=clock())
        group = _waiting(batch)
        blocked = why_blocked(vendors, clock())
        if not group or blocked:
            _pause_or_end(batch, vendors, blocked, actor, clock)
            return
        limit = _limit(vendors, clock())
        group = _still_allowed(batch, group[:limit] if limit else group, actor, clock)
        lose_stale(workspace, group, actor=actor, clock=clock)
        buy_traces(workspace, group, actor=actor, clock=clock, batch=batch)
        failpoint("contacts.after_batch_group")
        _leave_out(batch, group, actor, clock)
        if limit:
            hold_batch(batch, until=clock() + timedelta(minutes=1))
            return


def lose_stale(
    workspace: Workspace, contacts: list[Contact], *, actor: Actor, clock: Clock
) -> None:
    """Look-ups cut off by a crash: their answers will not come any more."""
    rows = SkipTrace.objects.in_workspace(workspace).filter(
        contact__in=contacts,
        state=SkipTrace.State.REQUESTED,
        requested_at__lte=clock() - TRACE_LEASE,
    )
    for trace in rows.select_related("contact"):
        lose_trace(
            workspace=workspace,
            actor=actor,
            trace=trace,
            reason=CUT_OFF,
            now=clock(),
            ends_check=False,
        )


def _waiting(batch: TraceBatch) -> list[Contact]:
    rows = TraceBatchItem.objects.filter(batch=batch, state=TraceBatchItem.State.WAITING)
    return [item.contact for item in rows.select_related("contact").order_by("pk")[:GROUP]]


def _still_allowed(
    batch: TraceBatch, group: list[Contact], actor: Actor, clock: Clock
) -> list[Contact]:
    """Without those who asked to stop, or were found to be litigators or dead, since the order."""
    refused = refused_meanwhile(batch.workspace, group)
    for reason in sorted(set(refused.values())):
        over = [contact for contact in group if refused.get(contact.pk) == reason]
        leave_out_items(
            workspace=batch.workspace,
            actor=actor,
            batch=batch,
            contacts=over,
            reason=f"{reason} after the order",
            now=clock(),
        )
    return [contact for contact in group if contact.pk not in refused]


def _limit(vendors: list[VendorState], now: datetime) -> int | None:
    """Owners a minute where a vendor we may ask takes them one by one; None for no limit."""
    limits = [one.vendor.per_minute for one in vendors if not one.why_not(now)]
    told = [limit for limit in limits if limit]
    return min(told) if told else None


def _leave_out(batch: TraceBatch, group: list[Contact], actor: Actor, clock: Clock) -> None:
    """Whoever still waits though no vendor may be asked about them was answered for elsewhere.

    So was whoever became part of another contact meanwhile.
    """
    workspace = batch.workspace
    vendors = list_vendor_states(workspace, Capability.SKIP_TRACE, now=clock())
    keys = [contact.pk for contact in group]
    past = map_past_traces(workspace, keys, now=clock())
    rows = Contact.objects.in_workspace(workspace).filter(pk__in=keys)
    merged = set(rows.filter(merged_into__isnull=False).values_list("pk", flat=True))
    over = [
        contact
        for contact in group
        if contact.pk in merged
        or not any(may_ask(one.names, past.get(contact.pk, ()), clock()) for one in vendors)
    ]
    if over:
        leave_out_items(workspace=workspace, actor=actor, batch=batch, contacts=over, now=clock())


def _pause_or_end(
    batch: TraceBatch, vendors: list[VendorState], blocked: str, actor: Actor, clock: Clock
) -> None:
    short = [until for one in vendors if (until := one.waits_until(clock()))]
    if blocked and short:
        hold_batch(batch, until=min(short))
        return
    end_trace_batch(workspace=batch.workspace, actor=actor, batch=batch, note=blocked, now=clock())
