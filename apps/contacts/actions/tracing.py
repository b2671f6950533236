"""Buying a skip trace once: the row stands before the call, the answer is recorded after it."""

from datetime import datetime, timedelta

from apps.common.phones import to_e164
from apps.contacts.models import Contact, EmailAddress, Phone, SkipTrace
from apps.contacts.queries import count_failed_traces, find_latest_trace
from apps.contacts.rules import (
    MOST_TRACE_FAILURES,
    TRACE_RETRY,
    TRACE_REUSE,
    needs_trace,
    normalize_email,
)
from apps.contacts.types import TraceResult
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import (
    ContactTraced,
    ContactTraceFailed,
    ContactTraceRequested,
)
from apps.events.publish import publish
from apps.workspaces.models import Workspace


@action
def open_trace(
    *, workspace: Workspace, actor: Actor, contact: Contact, provider: str, now: datetime
) -> SkipTrace | None:
    """Note that a look-up is about to be bought; None when one within 30 days answers for it.

    Of any number of callers one gets the row. The caller then asks the provider, outside any
    transaction, and records the answer. A row without an answer is never asked again within its
    30 days: the vendor may have charged for it.
    """
    contact = _locked(workspace, contact)
    last = find_latest_trace(workspace, contact)
    last_paid_at = last.requested_at if last else None
    if not needs_trace(has_usable_phone=False, last_paid_at=last_paid_at, now=now):
        contact.check_due_at = None
        contact.save(update_fields=["check_due_at"])
        unchanged("a look-up within 30 days answers for this one")
        return None
    SkipTrace.objects.in_workspace(workspace).filter(
        contact=contact, state=SkipTrace.State.REQUESTED
    ).update(state=SkipTrace.State.LOST)
    trace = SkipTrace.objects.create(
        workspace=workspace,
        contact=contact,
        provider=provider,
        requested_at=now,
        expires_at=now + TRACE_REUSE,
    )
    publish(
        ContactTraceRequested(subject=contact.public_id, trace=trace.public_id, provider=provider),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return trace


@action
def record_trace(
    *, workspace: Workspace, actor: Actor, trace: SkipTrace, result: TraceResult, now: datetime
) -> SkipTrace:
    """Store the answer, its cost, and the phones and e-mails that are new; ends the check.

    A litigator or deceased mark is added, never lifted. A second answer changes nothing.
    """
    contact = _locked(workspace, trace.contact)
    trace = SkipTrace.objects.in_workspace(workspace).get(pk=trace.pk)
    if trace.state != SkipTrace.State.REQUESTED:
        unchanged("the answer is recorded already")
        return trace
    phones_added = _add_phones(contact, result, trace.provider)
    emails_added = _add_emails(contact, result, trace.provider)
    contact.is_litigator = contact.is_litigator or result.is_litigator
    contact.is_deceased = contact.is_deceased or result.is_deceased
    contact.check_due_at = None
    contact.save()
    trace.state = SkipTrace.State.ANSWERED
    trace.cost_amount = result.cost_amount
    trace.result = {
        "phones": [phone.number for phone in result.phones],
        "emails": list(result.emails),
        "is_litigator": result.is_litigator,
        "is_deceased": result.is_deceased,
    }
    trace.save()
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
    *, workspace: Workspace, actor: Actor, trace: SkipTrace, reason: str, now: datetime
) -> SkipTrace:
    """The vendor gave nothing and charged nothing: try again later, at most five times a day."""
    contact = _locked(workspace, trace.contact)
    trace = SkipTrace.objects.in_workspace(workspace).get(pk=trace.pk)
    if trace.state != SkipTrace.State.REQUESTED:
        unchanged("the look-up ended already")
        return trace
    trace.state = SkipTrace.State.FAILED
    trace.expires_at = now
    trace.result = {"error": reason[:500]}
    trace.save()
    failures = count_failed_traces(workspace, contact, since=now - timedelta(days=1))
    contact.check_due_at = now + TRACE_RETRY if failures < MOST_TRACE_FAILURES else None
    contact.save(update_fields=["check_due_at"])
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


def _locked(workspace: Workspace, contact: Contact) -> Contact:
    locked: Contact = Contact.objects.in_workspace(workspace).select_for_update().get(pk=contact.pk)
    return locked


def _add_phones(contact: Contact, result: TraceResult, provider: str) -> int:
    known = set(contact.phones.values_list("e164", flat=True))
    last = contact.phones.count()
    added = 0
    for found in result.phones:
        e164 = to_e164(found.number)
        if e164 is None or e164 in known:
            continue
        known.add(e164)
        added += 1
        Phone.objects.create(
            workspace=contact.workspace,
            contact=contact,
            e164=e164,
            rank=last + added,
            line_type=found.line_type,
            is_dnc=found.is_dnc,
            source=f"skip trace: {provider}",
        )
    return added


def _add_emails(contact: Contact, result: TraceResult, provider: str) -> int:
    known = set(contact.emails.values_list("address", flat=True))
    last = contact.emails.count()
    added = 0
    for found in result.emails:
        address = normalize_email(found)
        if address is None or address in known:
            continue
        known.add(address)
        added += 1
        EmailAddress.objects.create(
            workspace=contact.workspace,
            contact=contact,
            address=address,
            rank=last + added,
            source=f"skip trace: {provider}",
        )
    return added
