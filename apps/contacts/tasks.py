"""Celery entries of checks and orders. What is due is a row; the call only wakes a worker."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import shared_task
from django.conf import settings

from apps.common.clock import now
from apps.contacts.actions.checking import check_contact
from apps.contacts.actions.due import (
    claim_due_batch,
    claim_due_checks,
    list_due_comparisons,
    list_stale_lookups,
)
from apps.contacts.actions.looking_up import apply_known_lines, fail_lookup
from apps.contacts.actions.suggesting import suggest_merges
from apps.contacts.buying import buy_traces, look_up_numbers
from apps.contacts.queries.batches import refused_meanwhile
from apps.contacts.queries.reach import list_unproven_numbers
from apps.contacts.queries.traces import map_past_traces
from apps.contacts.queries.vendors import list_vendor_states
from apps.contacts.rules import CUT_OFF, may_ask
from apps.contacts.types import DueCheck
from apps.contacts.working import lose_stale, work_batch
from apps.events.actions import Actor
from apps.workspaces.types import Capability

log = logging.getLogger(__name__)
ACTOR = Actor.system("contacts.check_due")
COMPARER = Actor.system("contacts.suggest_merges")
ORDERS = Actor.system("contacts.trace_batches")
ROUNDS = 20
# Short turns: a list of thousands must not keep replies and messages out of the same workers.
RUN_SECONDS = 5.0


@shared_task(name="contacts.check_due")
def check_due() -> None:
    """Check what is due for RUN_SECONDS; beat comes again. Any number may run at once."""
    for lookup in list_stale_lookups(now=now()):
        fail_lookup(
            workspace=lookup.workspace, actor=ACTOR, lookup=lookup, reason=CUT_OFF, is_lost=True,
            now=now(),
        )  # fmt: skip
    end = time.monotonic() + RUN_SECONDS
    while time.monotonic() < end:
        claimed = claim_due_checks(now=now())
        for due in claimed:
            try:
                _check(due)
            except Exception:  # one contact may not hold back the others; its claim runs out
                log.exception("the check of contact %s failed", due.contact.public_id)
        if not claimed:
            return


def _check(due: DueCheck) -> None:
    """Numbers first: one that does not work must not keep its owner from being looked up."""
    workspace, contact = due.workspace, due.contact
    numbers = list_unproven_numbers(workspace, contact)
    if numbers:
        look_up_numbers(workspace, contact, numbers, actor=ACTOR, clock=lambda: now())
        apply_known_lines(workspace=workspace, actor=ACTOR, contact=contact, now=now())
    lose_stale(workspace, [contact], actor=ACTOR, clock=lambda: now())
    is_trace_due = check_contact(
        workspace=workspace,
        actor=ACTOR,
        contact=contact,
        now=now(),
        may_trace=_may_trace(due),
    )
    if is_trace_due:
        buy_traces(workspace, [contact], actor=ACTOR, clock=lambda: now())


def _may_trace(due: DueCheck) -> bool:
    at = now()
    if refused_meanwhile(due.workspace, [due.contact]):
        return False
    past = map_past_traces(due.workspace, [due.contact.pk], now=at).get(due.contact.pk, [])
    vendors = list_vendor_states(due.workspace, Capability.SKIP_TRACE, now=at)
    return any(may_ask(one.names, past, at) and not one.why_not(at) for one in vendors)


@shared_task(name="contacts.trace_batches")
def trace_batches() -> None:
    """Work orders of skip traces off; each is held by one worker at a time."""
    for _ in range(ROUNDS):
        batch = claim_due_batch(now=now())
        if batch is None:
            return
        try:
            work_batch(batch, actor=ORDERS, clock=lambda: now())
        except Exception:  # the next order may go on; this one comes back when its claim runs out
            log.exception("the trace batch %s failed", batch.public_id)


@shared_task(name="contacts.suggest_merges")
def suggest_due() -> None:
    """Look for duplicates of contacts that are new or changed, in rounds; beat comes again."""
    for _ in range(ROUNDS):
        due = list_due_comparisons()
        for workspace, contact_ids in due:
            suggest_merges(workspace=workspace, actor=COMPARER, contact_ids=contact_ids, now=now())
        if not due:
            return


def wake_checker() -> None:
    """A hint after a check was asked for; beat finds the row anyway."""
    _wake(check_due)


def wake_tracer() -> None:
    """A hint after an order was started."""
    _wake(trace_batches)


def _wake(task: Any) -> None:
    if not settings.WAKE_WORKERS:
        return
    try:
        task.apply_async(retry=False, ignore_result=True)
    except Exception:  # the row is committed; the broker may be down
        log.warning("could not wake a worker; the sweep will come", exc_info=True)
