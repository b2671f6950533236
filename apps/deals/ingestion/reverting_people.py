"""Contacts, phones and e-mails back to what they were before an import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, Q, RestrictedError

from apps.common.bulk import update_rows
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion.contact_values import CHANGING
from apps.deals.ingestion.later import Later
from apps.deals.ingestion.traces import (
    AUTOMATIC_FACTS,
    KEPT,
    TOUCHING,
    Trace,
    Traces,
    undo_reason,
)
from apps.deals.models import Deal, DealParty, ImportBefore, ImportRow, LeadImport
from apps.events.actions import Actor
from apps.events.history import deletions_recorded, record_bulk
from apps.events.queries import list_names_by_subject

PHONE_COLUMNS = ("line_type", "is_dnc")


def revert_people(
    traces: Traces,
    later: Later,
    contact_ids: Iterable[int],
    *,
    first_row: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Undo what the import did to these contacts, as far as nobody touched them since.

    A contact the import brought goes when nothing names it any more; while other deals do, it
    stays as it is. Rows before `first_row` are still to be undone: an owner of one of theirs waits
    for it, because only then it is known whether all of the owner's parcels went. Whom a later
    import tells of keeps what both of them said.
    """
    workspace_id = traces.lead_import.workspace_id
    contacts = {
        contact.pk: contact
        for contact in Contact.objects.in_workspace(workspace_id)
        .select_for_update(no_key=True)
        .filter(pk__in=list(contact_ids))
        .order_by("pk")
    }
    told = traces.of(Contact, contacts)
    said = list_names_by_subject(workspace_id, [contact.public_id for contact in contacts.values()])
    standing = _standing(traces, contacts, first_row)
    retold = later.people_of(list(contacts))
    wanted = _wanted_back(traces) if any(one.is_created for one in told.values()) else set()
    brought = []
    for key, contact in contacts.items():
        trace = told.get(key)
        is_touched = bool(said[contact.public_id] - AUTOMATIC_FACTS)
        if trace and trace.is_created:
            is_free = key not in standing.anywhere and key not in wanted
            if is_free and not (trace.is_edited or is_touched):
                brought.append(contact)
        elif key not in standing.kept | retold:
            _restore(traces, contact, trace, actor, now)
    _remove(traces, brought, actor, now)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Contacts that deals still name, and those named by deals this undoing left alone so far."""

    anywhere: set[int]
    kept: set[int]


def _wanted_back(traces: Traces) -> set[int]:
    """Former owners whom undoing a later import would seat again."""
    held = traces.lead_import
    rows = ImportBefore.objects.filter(
        what=ImportBefore.What.PARTIES,
        property__in=ImportRow.objects.filter(lead_import=held).values("property"),
    )
    others = rows.exclude(lead_import=held).exclude(lead_import__state=LeadImport.State.UNDONE)
    return {seat[1] for seats in others.values_list("rows", flat=True) for seat in seats}


def _standing(traces: Traces, contacts: Iterable[int], first_row: int) -> _Standing:
    ids = list(contacts)
    held = traces.lead_import
    deals = Deal.objects.in_workspace(held.workspace_id)
    anywhere: set[int] = set()
    kept: set[int] = set()
    is_left = Q(reason__startswith=KEPT) | Q(row_no__lt=first_row, outcome__in=TOUCHING)
    left = ImportRow.objects.filter(is_left, lead_import=held)
    left_properties = set(
        deals.filter(Q(seller__in=ids) | Q(parties__contact__in=ids))
        .filter(property__in=left.values("property"))
        .values_list("property_id", flat=True)
    )
    for contact, item in deals.filter(seller__in=ids).values_list("seller_id", "property_id"):
        anywhere.add(contact)
        if item in left_properties:
            kept.add(contact)
    parties = DealParty.objects.in_workspace(held.workspace_id).filter(contact__in=ids)
    for contact, item in parties.values_list("contact_id", "deal__property_id"):
        anywhere.add(contact)
        if item in left_properties:
            kept.add(contact)
    return _Standing(anywhere, kept)


def _remove(traces: Traces, contacts: Sequence[Contact], actor: Actor, now: datetime) -> None:
    """With phones and e-mails, unless one of them was touched since or something names it."""
    free = {contact.pk for contact in contacts}
    for model in (Phone, EmailAddress):
        rows = model.objects.in_workspace(traces.lead_import.workspace_id)
        owners = dict(rows.filter(contact__in=free).values_list("pk", "contact_id"))
        found = traces.of(model, owners)
        free -= {
            contact for key, contact in owners.items() if key not in found or found[key].is_edited
        }
    if not _delete(traces, free, actor, now) and len(free) > 1:
        for contact in contacts:
            if contact.pk in free:
                _delete(traces, {contact.pk}, actor, now)


def _delete(traces: Traces, ids: set[int], actor: Actor, now: datetime) -> bool:
    """False where one of them is still named; then all of them stay."""
    reason = undo_reason(traces.lead_import)
    try:
        with transaction.atomic(), deletions_recorded(Contact, Phone, EmailAddress):
            for model, field in ((Phone, "contact"), (EmailAddress, "contact"), (Contact, "pk")):
                found = model.objects.in_workspace(traces.lead_import.workspace_id)
                keys = list(found.filter(**{f"{field}__in": ids}).values_list("pk", flat=True))
                record_bulk(model, keys, kind="-", reason=reason, actor=actor, now=now)
            rows = Contact.objects.in_workspace(traces.lead_import.workspace_id)
            rows.filter(pk__in=ids).delete()
    except (ProtectedError, RestrictedError):
        return False
    return True


def _restore(
    traces: Traces, contact: Contact, trace: Trace | None, actor: Actor, now: datetime
) -> None:
    reason = undo_reason(traces.lead_import)
    if trace and not trace.is_edited and trace.before is not None:
        values = [getattr(trace.before, name) for name in CHANGING]
        update_rows(Contact, CHANGING, [[*values, contact.pk]])
        record_bulk(Contact, [contact.pk], kind="~", reason=reason, actor=actor, now=now)
    phones = {phone.pk: phone for phone in contact.phones.all()}
    for key, found in traces.of(Phone, phones).items():
        if found.is_edited:
            continue
        if found.is_created:
            phones[key].delete()
        elif found.before is not None:
            values = [getattr(found.before, name) for name in PHONE_COLUMNS]
            update_rows(Phone, PHONE_COLUMNS, [[*values, key]])
            record_bulk(Phone, [key], kind="~", reason=reason, actor=actor, now=now)
    emails = {email.pk: email for email in contact.emails.all()}
    for key, found in traces.of(EmailAddress, emails).items():
        if found.is_created and not found.is_edited:
            emails[key].delete()
