"""Writing what a skip trace found: new phones and e-mails, and warnings on known ones."""

from __future__ import annotations

from typing import Any

from apps.common.phones import to_e164
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.rules import normalize_email, worse_standing
from apps.contacts.types import TracedPhone, TraceResult

LITIGATOR_NOTE = "A known litigator's number."
WARNED = ("is_dnc", "is_litigator", "status", "line_type", "carrier")


def add_phones(contact: Contact, result: TraceResult, provider: str) -> int:
    """How many are new. A number somebody has already gets the vendor's warnings, never loses one.

    A known litigator's number is kept and parked: leaving it out would let another list bring it
    back as a fresh one.
    """
    known = {phone.e164: phone for phone in contact.phones.all()}
    last = len(known)
    added = 0
    for found in result.phones:
        e164 = to_e164(found.number)
        if e164 is None:
            continue
        if e164 in known:
            _warn(known[e164], found, provider)
            continue
        added += 1
        known[e164] = Phone.objects.create(
            workspace=contact.workspace,
            contact=contact,
            e164=e164,
            rank=last + added,
            line_type=found.line_type,
            carrier=found.carrier,
            is_dnc=found.is_dnc,
            dnc_source=f"skip trace: {provider}" if found.is_dnc else "",
            is_litigator=found.is_tcpa,
            status=Phone.Status.PARKED if found.is_tcpa else Phone.Status.UNVERIFIED,
            status_note=LITIGATOR_NOTE if found.is_tcpa else "",
            source=f"skip trace: {provider}",
        )
    return added


def _warn(phone: Phone, found: TracedPhone, provider: str) -> None:
    before = [getattr(phone, name) for name in WARNED]
    if found.is_dnc and not phone.is_dnc:
        phone.is_dnc, phone.dnc_source = True, f"skip trace: {provider}"
    if found.is_tcpa and not phone.is_litigator:
        phone.is_litigator = True
        phone.status = worse_standing(phone.status, Phone.Status.PARKED)
        phone.status_note = phone.status_note or LITIGATOR_NOTE
    if phone.line_type == Phone.LineType.UNKNOWN:
        phone.line_type = found.line_type
    phone.carrier = phone.carrier or found.carrier
    if before != [getattr(phone, name) for name in WARNED]:
        phone.save()


def add_emails(contact: Contact, result: TraceResult, provider: str) -> int:
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


def candidate_cells(result: TraceResult) -> list[dict[str, Any]]:
    """Other persons at the address, to be shown: their numbers are nobody's until a person says."""
    return [
        {
            "name": person.name,
            "phones": [
                {
                    "number": to_e164(phone.number) or phone.number,
                    "is_dnc": phone.is_dnc,
                    "line_type": phone.line_type,
                }
                for phone in person.phones
            ],
            "emails": list(person.emails),
            "is_owner": person.is_owner,
            "is_litigator": person.is_litigator,
            "is_deceased": person.is_deceased,
        }
        for person in result.candidates
    ]
