"""How to reach a person, whose an address is, and what the guard must know."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.channels.places import places_of_number, time_zones_of
from apps.channels.types import AddressOption, Channel, ContactCard, LineType, RecipientFacts
from apps.common.phones import phone_text, to_e164
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.queries.identity import get_survivor, same_person_refs
from apps.contacts.registry import owned_places
from apps.contacts.rules import USABLE, normalize_email, phone_preference
from apps.workspaces.models import Workspace

OTHER_VERIFIED = "another number of this person was verified"


def best_phone(workspace: Workspace, contact: Contact) -> Phone | None:
    """The number to try first, or None. Parked, wrong and invalid numbers are never returned.

    A do-not-call or landline number comes last but does come: whether it may be used for what is
    to be sent is the guard's decision, which it then stores with the reason.
    """
    rows = Phone.objects.in_workspace(workspace).filter(contact=contact, status__in=USABLE)
    return min(rows, key=_preference, default=None)


def list_unproven_numbers(workspace: Workspace, contact: Contact) -> list[str]:
    """Numbers a look-up may say something about: well formed, usable, not proven by a person."""
    rows = Phone.objects.in_workspace(workspace).filter(
        contact=contact, status=Phone.Status.UNVERIFIED
    )
    numbers = [to_e164(phone.e164) for phone in rows.order_by("rank", "pk")]
    return [number for number in numbers if number]


def _preference(phone: Phone) -> tuple[int, ...]:
    order = phone_preference(
        is_dnc=phone.is_dnc, line_type=phone.line_type, standing=phone.status, rank=phone.rank
    )
    return (*order, phone.pk)


def best_email(workspace: Workspace, contact: Contact) -> EmailAddress | None:
    """The address to try first, or None. Bounced and invalid addresses are never returned."""
    rows = EmailAddress.objects.in_workspace(workspace).filter(contact=contact, status__in=USABLE)
    ordered = sorted(rows, key=lambda row: (row.status != "verified", row.rank, row.pk))
    return ordered[0] if ordered else None


def find_contact_by_address(workspace: Workspace | int, address: str) -> Contact | None:
    """Whose phone or e-mail this is, in any writing. Of several, the one who answered last."""
    if "@" in address:
        email = normalize_email(address)
        owner = Q(emails__address=email) if email else None
    else:
        e164 = to_e164(address)
        owner = Q(phones__in=_working_phones(workspace, e164)) if e164 else None
    if owner is None:
        return None
    rows = Contact.objects.in_workspace(workspace).filter(owner).distinct()
    return max(rows, key=lambda row: (_answered(row), row.pk), default=None)


def _working_phones(workspace: Workspace | int, e164: str) -> QuerySet[Phone]:
    rows = Phone.objects.in_workspace(workspace).filter(e164=e164)
    return rows.exclude(status=Phone.Status.WRONG_NUMBER)


def _answered(contact: Contact) -> float:
    return contact.last_responded_at.timestamp() if contact.last_responded_at else 0.0


def find_contact_ref(workspace_id: int, address: str) -> UUID | None:
    """For a stranger's message: the contact behind the address, if it is a known one."""
    contact = find_contact_by_address(workspace_id, address)
    return contact.public_id if contact else None


def recipient_facts(workspace_id: int, contact_ref: UUID, address: str) -> RecipientFacts:
    """What the guard must know of a person at an address, read in the sending transaction.

    The person may be wherever they get mail, own property or have their number from; the guard
    takes the strictest of these. Nothing is known of a contact that is not there.
    """
    contact = Contact.objects.in_workspace(workspace_id).filter(public_id=contact_ref).first()
    if contact is None:
        return RecipientFacts()
    contact = get_survivor(workspace_id, contact)
    phone = _phone_at(contact, address)
    warned = _warnings(workspace_id, phone)
    states, zones = _places_of(workspace_id, contact)
    if contact.mailing_state:
        states |= {contact.mailing_state}
        zones |= time_zones_of(contact.mailing_state, contact.mailing_zip)
    if phone is not None:
        number_states, number_zones = places_of_number(phone.e164)
        states, zones = states | number_states, zones | number_zones
    return RecipientFacts(
        states=states,
        time_zones=zones,
        line_type=LineType(phone.line_type) if phone else LineType.UNKNOWN,
        is_dnc=warned.filter(is_dnc=True).exists(),
        dnc_checked_on=phone.dnc_checked_on if phone else None,
        is_litigator=contact.is_litigator or warned.filter(is_litigator=True).exists(),
        is_deceased=contact.is_deceased,
        is_wrong_number=phone is not None and phone.status == Phone.Status.WRONG_NUMBER,
        is_invalid_number=phone is not None and phone.status == Phone.Status.INVALID,
        parked_because=_why_parked(contact, phone),
        contact_name=contact.name,
        source=(phone.source if phone else "") or contact.source,
    )


def _places_of(workspace_id: int, contact: Contact) -> tuple[frozenset[str], frozenset[str]]:
    """Of every id: deals learn of a merge a moment later, and the strictest place must hold."""
    found = [
        owned_places(workspace_id, ref) for ref in same_person_refs(workspace_id, contact.public_id)
    ]
    states = frozenset[str]().union(*(states for states, _ in found))
    return states, frozenset[str]().union(*(zones for _, zones in found))


def _warnings(workspace_id: int, phone: Phone | None) -> QuerySet[Phone]:
    """The number wherever it stands: a register lists numbers, whoever has them."""
    rows = Phone.objects.in_workspace(workspace_id)
    return rows.filter(e164=phone.e164) if phone else rows.none()


def _why_parked(contact: Contact, phone: Phone | None) -> str:
    if phone is None or phone.status != Phone.Status.PARKED:
        return ""
    if contact.phones.filter(status=Phone.Status.VERIFIED).exclude(e164=phone.e164).exists():
        return OTHER_VERIFIED
    return phone.status_note.rstrip(". ") or "a person set this number aside"


def _phone_at(contact: Contact, address: str) -> Phone | None:
    if "@" in address:
        return None
    return contact.phones.filter(e164=to_e164(address) or address).order_by("rank", "id").first()


def contact_card(workspace_id: int, contact_ref: UUID) -> ContactCard | None:
    """Who a thread is with and where they may be reached, the usable addresses first."""
    contact = Contact.objects.in_workspace(workspace_id).filter(public_id=contact_ref).first()
    if contact is None:
        return None
    contact = get_survivor(workspace_id, contact)
    phones = sorted((row for row in contact.phones.all() if row.status in USABLE), key=_preference)
    emails = [row for row in contact.emails.all() if row.status in USABLE]
    options = [
        AddressOption(Channel.SMS, row.e164, f"Text {phone_text(row.e164)}") for row in phones
    ]
    options += [
        AddressOption(Channel.EMAIL, row.address, f"E-mail {row.address}")
        for row in sorted(emails, key=lambda row: (row.status != "verified", row.rank, row.pk))
    ]
    return ContactCard(contact.name, tuple(options))
