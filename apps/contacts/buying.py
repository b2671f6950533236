"""Asking vendors, outside any transaction: note the purchase, call, note the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from apps.common.failpoints import failpoint
from apps.contacts.actions.looking_up import fail_lookup, open_lookups, record_lookup
from apps.contacts.actions.tracing import fail_trace, lose_trace, open_traces, record_trace
from apps.contacts.actions.troubles import end_trouble, note_trouble
from apps.contacts.models import Contact, SkipTrace, TraceBatch
from apps.contacts.providers import make_lookup, make_tracer
from apps.contacts.providers.base import (
    AnswerLost,
    BulkSkipTrace,
    KeyRefused,
    PhoneLookupProvider,
    SkipTraceProvider,
    TraceOutcome,
    TraceUnavailable,
)
from apps.contacts.queries.traces import map_past_traces, trace_query
from apps.contacts.queries.vendors import VendorState, list_vendor_states
from apps.contacts.rules import may_ask
from apps.contacts.types import NumberResult, TraceResult
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from apps.workspaces.types import Capability
from apps.workspaces.vault import KeyMissing, unseal

Clock = Callable[[], datetime]
T = TypeVar("T")
_UNREADABLE = "The vendor's answer could not be read"


def buy_traces(
    workspace: Workspace,
    contacts: Sequence[Contact],
    *,
    actor: Actor,
    clock: Clock,
    batch: TraceBatch | None = None,
) -> None:
    """Ask the first vendor about all, the next one about those it did not find, and so on.

    A vendor that turns us away (key, credit, rate) rests; the others go on.
    """
    waiting = {contact.pk: contact for contact in contacts}
    vendors = _ready(workspace, Capability.SKIP_TRACE, clock())
    for number, vendor in enumerate(vendors):
        provider = _made(workspace, vendor, make_tracer, actor, clock)
        if provider is None:
            continue
        size = provider.most_per_call if isinstance(provider, BulkSkipTrace) else 1
        for group in _groups(list(waiting.values()), size):
            traces = open_traces(
                workspace=workspace, actor=actor, contacts=group,
                connection=vendor.connection, batch=batch, now=clock(),
            )  # fmt: skip
            if not traces:
                continue
            failpoint("contacts.after_trace_open")
            outcomes = _trace(workspace, provider, traces)
            failpoint("contacts.after_trace_call")
            later = vendors[number + 1 :]
            for trace, outcome in zip(traces, outcomes, strict=True):
                is_last = not any(_may(workspace, trace.contact, other, clock()) for other in later)
                _note(workspace, vendor, trace, outcome, clock, batch, is_last)
                if isinstance(outcome, TraceResult) and outcome.is_enough:
                    waiting.pop(trace.contact_id, None)
            if _rests(workspace, vendor, outcomes, actor, clock):
                break


def look_up_numbers(
    workspace: Workspace, contact: Contact, numbers: Sequence[str], *, actor: Actor, clock: Clock
) -> int:
    """Buy what is not known of these numbers; returns how many were asked about."""
    asked = 0
    for vendor in _ready(workspace, Capability.PHONE_LOOKUP, clock()):
        provider = _made(workspace, vendor, make_lookup, actor, clock)
        if provider is None or not numbers:
            continue
        lookups = open_lookups(
            workspace=workspace, actor=actor, contact=contact, numbers=numbers,
            connection=vendor.connection, now=clock(),
        )  # fmt: skip
        asked += len(lookups)
        by = Actor.provider(vendor.vendor.name)
        is_resting = False
        for lookup in lookups:
            # Once turned away, the rest of the row is given back unasked and uncharged.
            outcome = (
                TraceUnavailable("not asked: the vendor turned the one before away")
                if is_resting
                else _look_up(provider, lookup.e164)
            )
            failpoint("contacts.after_lookup_call")
            if isinstance(outcome, NumberResult):
                record_lookup(
                    workspace=workspace, actor=by, lookup=lookup, result=outcome, now=clock()
                )
            else:
                fail_lookup(
                    workspace=workspace, actor=by, lookup=lookup, reason=str(outcome),
                    is_lost=isinstance(outcome, AnswerLost), now=clock(),
                )  # fmt: skip
            if not is_resting:
                is_resting = _rests(workspace, vendor, [outcome], actor, clock)
    return asked


def _ready(workspace: Workspace, capability: Capability, now: datetime) -> list[VendorState]:
    states = list_vendor_states(workspace, capability, now=now)
    return [state for state in states if not state.why_not(now)]


def _may(workspace: Workspace, contact: Contact, vendor: VendorState, now: datetime) -> bool:
    """Whether another vendor would still be asked; the row now being answered is not counted."""
    past = map_past_traces(workspace, [contact.pk], now=now).get(contact.pk, [])
    return may_ask(vendor.names, [row for row in past if row.state != "requested"], now)


def _made(
    workspace: Workspace,
    vendor: VendorState,
    make: Callable[..., T | None],
    actor: Actor,
    clock: Clock,
) -> T | None:
    """The vendor's adapter, or None with its trouble noted."""
    connection = vendor.connection
    try:
        return make(
            connection.provider,
            secrets=unseal(connection.credentials),
            settings=connection.settings,
            price=vendor.price,
        )
    except (KeyRefused, KeyMissing) as error:
        until = clock() + timedelta(hours=1)
        note_trouble(
            workspace=workspace, actor=actor, connection=connection, problem=str(error),
            until=until, now=clock(),
        )  # fmt: skip
        return None


def _trace(
    workspace: Workspace, provider: SkipTraceProvider, traces: Sequence[SkipTrace]
) -> list[TraceOutcome]:
    """One outcome per row. Whatever an adapter raises, the purchase is accounted for."""
    queries = [trace_query(workspace, trace.contact, ref=trace.public_id.hex) for trace in traces]
    try:
        if isinstance(provider, BulkSkipTrace):
            return provider.trace_many(queries)
        return [provider.trace(query) for query in queries]
    except (TraceUnavailable, AnswerLost) as error:
        return [error for _ in traces]
    except Exception as error:  # an adapter's surprise at an answer that did come
        return [AnswerLost(f"{_UNREADABLE} ({type(error).__name__}).") for _ in traces]


def _look_up(
    provider: PhoneLookupProvider, e164: str
) -> NumberResult | TraceUnavailable | AnswerLost:
    try:
        return provider.look_up(e164)
    except (TraceUnavailable, AnswerLost) as error:
        return error
    except Exception as error:  # as above
        return AnswerLost(f"{_UNREADABLE} ({type(error).__name__}).")


def _note(
    workspace: Workspace,
    vendor: VendorState,
    trace: SkipTrace,
    outcome: TraceOutcome,
    clock: Clock,
    batch: TraceBatch | None,
    is_last: bool,
) -> None:
    by = Actor.provider(vendor.vendor.name)
    if isinstance(outcome, TraceResult):
        record_trace(
            workspace=workspace, actor=by, trace=trace, result=outcome, now=clock(),
            ends_check=is_last,
        )  # fmt: skip
    elif isinstance(outcome, AnswerLost):
        lose_trace(
            workspace=workspace, actor=by, trace=trace, reason=str(outcome), now=clock(),
            ends_check=is_last,
        )  # fmt: skip
    else:
        # In an order, somebody turned away with the whole vendor keeps their turn.
        keeps_turn = batch is not None and outcome.pause is not None
        fail_trace(
            workspace=workspace, actor=by, trace=trace, reason=str(outcome), now=clock(),
            ends_check=is_last and not keeps_turn,
        )  # fmt: skip


def _rests(
    workspace: Workspace,
    vendor: VendorState,
    outcomes: Sequence[object],
    actor: Actor,
    clock: Clock,
) -> bool:
    """Note what holds for the whole vendor: trouble that asks for a pause, or that it is over."""
    connection = vendor.connection
    for outcome in outcomes:
        if isinstance(outcome, TraceUnavailable) and outcome.pause is not None:
            note_trouble(
                workspace=workspace, actor=actor, connection=connection, problem=str(outcome),
                until=clock() + outcome.pause, now=clock(),
            )  # fmt: skip
            return True
    if vendor.problem and any(isinstance(one, TraceResult | NumberResult) for one in outcomes):
        end_trouble(workspace=workspace, actor=actor, connection=connection, now=clock())
    return False


def _groups(rows: list[Contact], size: int) -> list[list[Contact]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]
