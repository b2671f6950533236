"""Checking how a contact can be reached: asked for, claimed, done."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.channels.queries import is_suppressed
from apps.common.phones import to_e164
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.rules import (
    RECHECK_AFTER,
    USABLE,
    normalize_email,
    worse_standing,
)
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import ContactChecked, ContactCheckRequested
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Workspace


@action
def request_checks(
    *,
    workspace: Workspace,
    actor: Actor,
    contact_ids: Sequence[UUID],
    reason: str,
    now: datetime,
    is_forced: bool = False,
) -> list[UUID]:
    """Make a check due for contacts not checked within 30 days; returns those it is due for now.

    `is_forced` asks again whatever was checked before. Unknown ids and checks already due are
    left as they are.
    """
    stale = Q(checked_at__isnull=True) | Q(checked_at__lte=now - RECHECK_AFTER)
    rows = Contact.objects.in_workspace(workspace).filter(
        public_id__in=contact_ids, check_due_at__isnull=True, merged_into__isnull=True
    )
    chosen = list((rows if is_forced else rows.filter(stale)).order_by("id"))
    if not chosen:
        unchanged("every contact was checked or is about to be")
        return []
    ids = [contact.pk for contact in chosen]
    Contact.objects.in_workspace(workspace).filter(pk__in=ids).update(check_due_at=now)
    facts = [ContactCheckRequested(subject=one.public_id, reason=reason) for one in chosen]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return [contact.public_id for contact in chosen]


@action
def check_contact(
    *, workspace: Workspace, actor: Actor, contact: Contact, may_trace: bool, now: datetime
) -> bool:
    """Write phones in E.164 and e-mails in lower case, join duplicates, mark what cannot work.

    Returns True when no usable phone is left and some vendor may be asked (`may_trace`); the check
    then stays due until the look-up is recorded. Repeatable. Nothing leaves the machine here.
    """
    contact = Contact.objects.in_workspace(workspace).select_for_update().get(pk=contact.pk)
    if contact.merged_into_id is not None:
        unchanged("the contact became part of another, whose own check is due")
        return False
    problems = [*_check_phones(workspace, contact), *_check_emails(workspace, contact)]
    phones = Phone.objects.in_workspace(workspace).filter(contact=contact, status__in=USABLE)
    emails = EmailAddress.objects.in_workspace(workspace).filter(contact=contact, status__in=USABLE)
    numbers = list(phones.order_by("rank", "id").values_list("e164", flat=True))
    addresses = list(emails.order_by("rank", "id").values_list("address", flat=True))
    is_trace_due = may_trace and not numbers
    contact.checked_at = now
    if not is_trace_due:
        contact.check_due_at = None
    contact.save(update_fields=["checked_at", "check_due_at"])
    publish(
        ContactChecked(
            subject=contact.public_id,
            phones=numbers,
            emails=addresses,
            problems=problems,
            is_suppressed=is_suppressed(workspace, contact.public_id),
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return is_trace_due


def _check_phones(workspace: Workspace, contact: Contact) -> list[str]:
    kept: dict[str, Phone] = {}
    problems = []
    rows = Phone.objects.in_workspace(workspace).filter(contact=contact)
    for phone in rows.order_by("rank", "id"):
        e164 = to_e164(phone.e164)
        if e164 is None:
            problems.append(f"{phone.e164}: not a US phone number")
            _settle(phone, "status", worse_standing(phone.status, Phone.Status.INVALID))
        elif e164 in kept:
            _join(kept[e164], phone)
        else:
            kept[e164] = phone
    for e164, phone in kept.items():
        _settle(phone, "e164", e164)
    return problems


def _join(kept: Phone, extra: Phone) -> None:
    """Fold a second row of the same number into the first; every warning survives."""
    kept.status = worse_standing(kept.status, extra.status)
    kept.is_dnc = kept.is_dnc or extra.is_dnc
    checks = [day for day in (kept.dnc_checked_on, extra.dnc_checked_on) if day]
    kept.dnc_checked_on = max(checks, default=None)
    if kept.line_type == Phone.LineType.UNKNOWN:
        kept.line_type = extra.line_type
    extra.delete()
    kept.save()


def _check_emails(workspace: Workspace, contact: Contact) -> list[str]:
    kept: dict[str, EmailAddress] = {}
    problems = []
    rows = EmailAddress.objects.in_workspace(workspace).filter(contact=contact)
    for email in rows.order_by("rank", "id"):
        address = normalize_email(email.address)
        if address is None:
            problems.append(f"{email.address}: not an e-mail address")
            _settle(email, "status", EmailAddress.Status.INVALID)
        elif address in kept:
            if email.status == EmailAddress.Status.BOUNCED:
                _settle(kept[address], "status", email.status)
            email.delete()
        else:
            kept[address] = email
    for address, email in kept.items():
        _settle(email, "address", address)
    return problems


def _settle(row: Phone | EmailAddress, field: str, value: str) -> None:
    """Save only what differs, so that history shows changes and not visits."""
    if getattr(row, field) != value:
        setattr(row, field, value)
        row.save()
