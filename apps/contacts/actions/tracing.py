"""Buying a skip trace once: the row stands before the call, the answer is recorded after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from apps.contacts.actions.finding import add_emails, add_phones, candidate_cells
from apps.contacts.models import Contact, SkipTrace, TraceBatch, TraceBatchItem
from apps.contacts.queries.batches import refused_meanwhile
from apps.contacts.queries.identity import get_survivor
from apps.contacts.queries.traces import count_failed_traces, map_past_traces
from apps.contacts.queries.vendors import spent_this_month
from apps.contacts.rules import (
    MOST_TRACE_FAILURES,
    TRACE_RETRY,
    TRACE_REUSE,
    affordable,
    may_ask,
)
from apps.contacts.types import TraceResult
from apps.contacts.vendors import amount, family_names, price_of
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import (
    ContactTraced,
    ContactTraceFailed,
    ContactTraceLost,
    ContactTraceRequested,
)
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Connection, Workspace
from apps.workspaces.types import Capability

State = SkipTrace.State


@action
def open_traces(
    *,
    workspace: Workspace,
    actor: Actor,
    contacts: Sequence[Contact],
    connection: Connection,
    now: datetime,
    batch: TraceBatch | None = None,
) -> list[SkipTrace]:
    """Note that look-ups are about to be bought, for those this vendor may still be asked about.

    Of any number of callers one gets a contact's row. The caller then asks the vendor, outside any
    transaction, and records each answer. Until then a row counts with its full price against the
    month's budget; where that is used up, fewer rows come back. Nobody is asked about a person who
    refused, whenever that was.
    """
    connection = _locked_connection(workspace, connection)
    rows = Contact.objects.in_workspace(workspace).select_for_update().order_by("pk")
    # Whoever became part of another is asked about there, if at all.
    rows = rows.filter(merged_into__isnull=True)
    locked = list(rows.filter(pk__in=[contact.pk for contact in contacts]))
    past = map_past_traces(workspace, [contact.pk for contact in locked], now=now)
    family = family_names(connection.provider)
    refused = refused_meanwhile(workspace, locked)
    chosen = [
        one
        for one in locked
        if one.pk not in refused and may_ask(family, past.get(one.pk, ()), now)
    ]
    price, room = _price_and_room(workspace, connection, now)
    chosen = chosen if room is None else chosen[:room]
    if not chosen:
        unchanged("earlier look-ups answer for these, or the budget is used up")
        return []
    open_rows = SkipTrace.objects.in_workspace(workspace).filter(state=State.REQUESTED)
    open_rows.filter(contact__in=chosen).update(state=State.LOST)
    traces = SkipTrace.objects.bulk_create(
        SkipTrace(
            workspace=workspace,
            contact=contact,
            batch=batch,
            provider=connection.provider,
            requested_at=now,
            expires_at=now + TRACE_REUSE,
            cost_amount=price,
        )
        for contact in chosen
    )
    facts = [
        ContactTraceRequested(
            subject=trace.contact.public_id, trace=trace.public_id, provider=trace.provider
        )
        for trace in traces
    ]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return list(traces)


@action
def record_trace(
    *,
    workspace: Workspace,
    actor: Actor,
    trace: SkipTrace,
    result: TraceResult,
    now: datetime,
    ends_check: bool = True,
) -> SkipTrace:
    """Store the answer, its cost, and the phones and e-mails that are new.

    A litigator or deceased mark is added, never lifted. An answer that comes after its row was
    given up as lost is recorded all the same; a second answer changes nothing. `ends_check`: no
    other vendor will be asked after this one.
    """
    contact = _locked(workspace, trace.contact)
    trace = SkipTrace.objects.in_workspace(workspace).get(pk=trace.pk)
    if trace.state not in (State.REQUESTED, State.LOST):
        unchanged("the answer is recorded already")
        return trace
    phones_added = add_phones(contact, result, trace.provider)
    emails_added = add_emails(contact, result, trace.provider)
    contact.is_litigator = contact.is_litigator or result.is_litigator
    contact.is_deceased = contact.is_deceased or result.is_deceased
    if ends_check or result.is_enough:
        contact.check_due_at = None if result.is_enough else _retry_at(workspace, contact, now)
    contact.save()
    trace.state = State.ANSWERED
    trace.cost_amount = result.cost_amount
    trace.is_match = result.is_match
    trace.phone_count = len(result.phones)
    trace.result = {
        "phones": [phone.number for phone in result.phones],
        "emails": list(result.emails),
        "is_litigator": result.is_litigator,
        "is_deceased": result.is_deceased,
        "candidates": candidate_cells(result),
    }
    trace.save()
    if ends_check or result.is_enough:
        found = TraceBatchItem.State.MATCHED if result.is_match else TraceBatchItem.State.NO_MATCH
        _settle_item(trace, found, "")
    publish(
        ContactTraced(
            subject=contact.public_id,
            trace=trace.public_id,
            provider=trace.provider,
            phones_added=phones_added,
            emails_added=emails_added,
            cost_amount=result.cost_amount,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return trace


@action
def fail_trace(
    *,
    workspace: Workspace,
    actor: Actor,
    trace: SkipTrace,
    reason: str,
    now: datetime,
    ends_check: bool = True,
) -> SkipTrace:
    """The vendor gave nothing and charged nothing: try again later, at most five times a day."""
    contact = _locked(workspace, trace.contact)
    trace = SkipTrace.objects.in_workspace(workspace).get(pk=trace.pk)
    if trace.state != State.REQUESTED:
        unchanged("the look-up ended already")
        return trace
    trace.state = State.FAILED
    trace.expires_at = now
    trace.cost_amount = Decimal(0)
    trace.result = {"error": reason[:500]}
    trace.save()
    if ends_check:
        _end_check(workspace, contact, trace, TraceBatchItem.State.FAILED, reason, now)
    publish(
        ContactTraceFailed(
            subject=contact.public_id,
            trace=trace.public_id,
            provider=trace.provider,
            reason=reason[:500],
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return trace


@action
def lose_trace(
    *,
    workspace: Workspace,
    actor: Actor,
    trace: SkipTrace,
    reason: str,
    now: datetime,
    ends_check: bool = True,
) -> SkipTrace:
    """The answer never came: it stays booked at its full price, and this vendor is left alone."""
    contact = _locked(workspace, trace.contact)
    trace = SkipTrace.objects.in_workspace(workspace).get(pk=trace.pk)
    if trace.state != State.REQUESTED:
        unchanged("the look-up ended already")
        return trace
    trace.state = State.LOST
    trace.result = {"error": reason[:500]}
    trace.save()
    if ends_check:
        _end_check(workspace, contact, trace, TraceBatchItem.State.LOST, reason, now)
    publish(
        ContactTraceLost(
            subject=contact.public_id,
            trace=trace.public_id,
            provider=trace.provider,
            reason=reason[:500],
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return trace


def _locked(workspace: Workspace, contact: Contact) -> Contact:
    """Who stands for the contact now: it may have become part of another during the call."""
    rows = Contact.objects.in_workspace(workspace).select_for_update()
    locked: Contact = rows.get(pk=contact.pk)
    if locked.merged_into_id is not None:
        locked = rows.get(pk=get_survivor(workspace.pk, locked).pk)
    return locked


def _locked_connection(workspace: Workspace, connection: Connection) -> Connection:
    """Whoever buys from a vendor waits here, so that its budget is counted by one at a time."""
    rows = Connection.objects.in_workspace(workspace).select_for_update()
    locked: Connection = rows.get(pk=connection.pk)
    return locked


def _price_and_room(
    workspace: Workspace, connection: Connection, now: datetime
) -> tuple[Decimal, int | None]:
    kind = Capability.SKIP_TRACE
    price = price_of(kind, connection.provider, connection.settings)
    spent = spent_this_month(workspace, kind, connection.provider, now=now)
    return price, affordable(amount(connection.settings.get("monthly_budget")), spent, price)


def _retry_at(workspace: Workspace, contact: Contact, now: datetime) -> datetime | None:
    failures = count_failed_traces(workspace, contact, since=now - timedelta(days=1))
    return now + TRACE_RETRY if 0 < failures < MOST_TRACE_FAILURES else None


def _end_check(
    workspace: Workspace,
    contact: Contact,
    trace: SkipTrace,
    state: TraceBatchItem.State,
    reason: str,
    now: datetime,
) -> None:
    """Nobody else is asked now; an order shows the reason, a check may come again."""
    contact.check_due_at = _retry_at(workspace, contact, now) if trace.batch_id is None else None
    contact.save(update_fields=["check_due_at"])
    _settle_item(trace, state, reason)


def _settle_item(trace: SkipTrace, state: TraceBatchItem.State, reason: str) -> None:
    if trace.batch_id is not None:
        rows = TraceBatchItem.objects.filter(batch=trace.batch_id, contact=trace.contact_id)
        rows.update(state=state, reason=reason[:300])
