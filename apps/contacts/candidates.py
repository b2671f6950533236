"""Persons beside the owner whom a look-up found: read, and taken over as contacts.

No actions of their own: a deal takes somebody over inside its own transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.common.names import Name, parse_name
from apps.common.phones import to_e164
from apps.contacts.models import Contact, EmailAddress, Phone, SkipTrace
from apps.contacts.queries.identity import get_survivor
from apps.contacts.rules import normalize_email
from apps.workspaces.models import Workspace

_LINES = frozenset(Phone.LineType.values)


class CandidateUnusable(ValueError):
    """Nobody can be made a contact of this; the text says why."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the other persons of a look-up. `contact_id` is whom they became, if anybody."""

    trace: SkipTrace
    number: int
    name: str
    phones: list[dict[str, Any]]
    emails: list[str]
    is_litigator: bool
    is_deceased: bool
    contact_id: UUID | None


def get_candidate(
    workspace: Workspace, trace_id: UUID, number: int, *, for_update: bool = False
) -> Candidate:
    """Raises SkipTrace.DoesNotExist, also for a number that the look-up has not."""
    rows = SkipTrace.objects.in_workspace(workspace).select_related("contact")
    if for_update:
        rows = rows.select_for_update(of=("self",))
    trace = rows.get(public_id=trace_id)
    found = trace.result.get("candidates") or []
    if not 0 <= number < len(found):
        raise SkipTrace.DoesNotExist
    cells = found[number]
    taken = cells.get("contact")
    return Candidate(
        trace=trace,
        number=number,
        name=" ".join(str(cells.get("name") or "").split()),
        phones=list(cells.get("phones") or []),
        emails=list(cells.get("emails") or []),
        is_litigator=bool(cells.get("is_litigator")),
        is_deceased=bool(cells.get("is_deceased")),
        contact_id=UUID(taken) if taken else None,
    )


def name_of(candidate: Candidate) -> Name:
    """Raises CandidateUnusable for somebody without a name."""
    if not candidate.name:
        raise CandidateUnusable("The vendor gave no name for this person, so nobody was added.")
    return parse_name(candidate.name)


def take_over(workspace: Workspace, candidate: Candidate, *, match_key: str) -> Contact:
    """The candidate as a contact, with phones and e-mails; warnings are added, never lifted.

    `match_key` is how lists know somebody of that name at that place: who came with a list already
    is that contact.
    """
    name = name_of(candidate)
    source = f"skip trace: {candidate.trace.provider}"
    contact, _ = Contact.objects.in_workspace(workspace).get_or_create(
        workspace=workspace,
        match_key=match_key,
        defaults={
            "kind": name.kind.value,
            "name": name.full[:200],
            "first_name": f"{name.first} {name.middle}".strip()[:80],
            "last_name": f"{name.last} {name.suffix}".strip()[:120],
            "source": source,
        },
    )
    contact = get_survivor(workspace, contact)
    if candidate.is_litigator or candidate.is_deceased:
        contact.is_litigator = contact.is_litigator or candidate.is_litigator
        contact.is_deceased = contact.is_deceased or candidate.is_deceased
        contact.save(update_fields=["is_litigator", "is_deceased"])
    _add_phones(contact, candidate, source)
    _add_emails(contact, candidate, source)
    _note_taken(candidate, contact)
    return contact


def _add_phones(contact: Contact, candidate: Candidate, source: str) -> None:
    known = {phone.e164: phone for phone in contact.phones.all()}
    for cells in candidate.phones:
        e164 = to_e164(str(cells.get("number") or ""))
        is_dnc = bool(cells.get("is_dnc"))
        if e164 is None:
            continue
        if e164 in known:
            if is_dnc and not known[e164].is_dnc:
                known[e164].is_dnc, known[e164].dnc_source = True, source
                known[e164].save()
            continue
        line_type = str(cells.get("line_type") or "")
        known[e164] = Phone.objects.create(
            workspace=contact.workspace,
            contact=contact,
            e164=e164,
            rank=len(known) + 1,
            line_type=line_type if line_type in _LINES else Phone.LineType.UNKNOWN,
            is_dnc=is_dnc,
            dnc_source=source if is_dnc else "",
            source=source,
        )


def _add_emails(contact: Contact, candidate: Candidate, source: str) -> None:
    known = set(contact.emails.values_list("address", flat=True))
    for text in candidate.emails:
        address = normalize_email(str(text))
        if address is None or address in known:
            continue
        known.add(address)
        EmailAddress.objects.create(
            workspace=contact.workspace,
            contact=contact,
            address=address,
            rank=len(known),
            source=source,
        )


def _note_taken(candidate: Candidate, contact: Contact) -> None:
    trace = candidate.trace
    trace.result["candidates"][candidate.number]["contact"] = str(contact.public_id)
    trace.save(update_fields=["result"])
