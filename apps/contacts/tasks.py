"""Celery entry of the contact check. What is due is a row; the call only wakes a worker."""

import logging

from celery import shared_task
from django.conf import settings

from apps.common.clock import now
from apps.common.failpoints import failpoint
from apps.contacts.actions.checking import check_contact
from apps.contacts.actions.due import claim_due_checks, list_due_comparisons
from apps.contacts.actions.suggesting import suggest_merges
from apps.contacts.actions.tracing import fail_trace, open_trace, record_trace
from apps.contacts.providers import find_provider
from apps.contacts.providers.base import SkipTraceProvider, TraceUnavailable
from apps.contacts.queries import trace_query
from apps.contacts.types import DueCheck
from apps.events.actions import Actor
from apps.workspaces.queries import find_connection
from apps.workspaces.types import Capability

log = logging.getLogger(__name__)
ACTOR = Actor.system("contacts.check_due")
COMPARER = Actor.system("contacts.suggest_merges")
ROUNDS = 20


@shared_task(name="contacts.check_due")
def check_due() -> None:
    """Check what is due, in rounds; beat comes again. Safe to run any number of times at once."""
    for _ in range(ROUNDS):
        claimed = claim_due_checks(now=now())
        for due in claimed:
            try:
                _check(due)
            except Exception:  # one contact may not hold back the others; its claim runs out
                log.exception("the check of contact %s failed", due.contact.public_id)
        if not claimed:
            return


def _check(due: DueCheck) -> None:
    connection = find_connection(due.workspace, Capability.SKIP_TRACE)
    provider = find_provider(connection.provider) if connection else None
    is_trace_due = check_contact(
        workspace=due.workspace,
        actor=ACTOR,
        contact=due.contact,
        now=now(),
        may_trace=provider is not None,
    )
    if is_trace_due and provider is not None:
        _trace(due, provider)


def _trace(due: DueCheck, provider: SkipTraceProvider) -> None:
    """Three steps: note the purchase, call the vendor outside any transaction, note the answer."""
    workspace = due.workspace
    trace = open_trace(
        workspace=workspace, actor=ACTOR, contact=due.contact, provider=provider.name, now=now()
    )
    if trace is None:
        return
    actor = Actor.provider(provider.name)
    try:
        result = provider.trace(trace_query(workspace, due.contact))
    except TraceUnavailable as error:
        fail_trace(workspace=workspace, actor=actor, trace=trace, reason=str(error), now=now())
        return
    failpoint("contacts.after_trace_call")
    record_trace(workspace=workspace, actor=actor, trace=trace, result=result, now=now())


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
    if not settings.WAKE_WORKERS:
        return
    try:
        check_due.apply_async(retry=False, ignore_result=True)
    except Exception:  # the row is committed; the broker may be down
        log.warning("could not wake a worker; the sweep will check", exc_info=True)
