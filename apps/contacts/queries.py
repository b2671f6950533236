"""Reading people: one contact, how to reach them, and the list."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from apps.common.pagination import Page, keyset
from apps.common.phones import to_e164
from apps.contacts.models import Contact, EmailAddress, Phone, SkipTrace
from apps.contacts.rules import USABLE, normalize_email, phone_preference
from apps.contacts.types import TraceQuery
from apps.workspaces.models import Workspace

PAGE_SIZE = 50


def get_contact(workspace: Workspace, public_id: UUID) -> Contact:
    """With phones and e-mails loaded. Raises Contact.DoesNotExist, also for another workspace's."""
    return browse_contacts(workspace).get(public_id=public_id)


def find_contact(workspace: Workspace, public_id: UUID) -> Contact | None:
    return browse_contacts(workspace).filter(public_id=public_id).first()


def browse_contacts(workspace: Workspace, search: str = "") -> QuerySet[Contact]:
    """Contacts with their phones and e-mails; `search` is part of a name, a phone or an e-mail."""
    rows = Contact.objects.in_workspace(workspace).prefetch_related(
        Prefetch("phones", queryset=Phone.across_workspaces.order_by("rank", "id")),
        Prefetch("emails", queryset=EmailAddress.across_workspaces.order_by("rank", "id")),
    )
    return rows.filter(_matches(search.strip())) if search.strip() else rows


def _matches(search: str) -> Q:
    wanted = Q(name__icontains=search)
    if e164 := to_e164(search):
        wanted |= Q(phones__e164=e164)
    if "@" in search:
        wanted |= Q(emails__address__startswith=search.lower())
    return Q(pk__in=Contact.across_workspaces.filter(wanted).values("pk"))


def list_contacts(
    workspace: Workspace, *, search: str = "", cursor: str = "", size: int = PAGE_SIZE
) -> Page[Contact]:
    """One page in name order."""
    return keyset(
        browse_contacts(workspace, search), ("name", "id"), cursor, size, descending=False
    )


def list_contact_cards(workspace: Workspace, public_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Several contacts with phones and e-mails by id; ids of other workspaces are left out."""
    rows = browse_contacts(workspace).filter(public_id__in=list(public_ids))
    return {contact.public_id: contact for contact in rows}


def best_phone(workspace: Workspace, contact: Contact) -> Phone | None:
    """The number to try first, or None. Parked, wrong and invalid numbers are never returned.

    A do-not-call or landline number comes last but does come: whether it may be used for what is
    to be sent is the guard's decision, which it then stores with the reason.
    """
    rows = Phone.objects.in_workspace(workspace).filter(contact=contact, status__in=USABLE)
    return min(rows, key=_preference, default=None)


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


def find_contact_by_address(workspace: Workspace, address: str) -> Contact | None:
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


def _working_phones(workspace: Workspace, e164: str) -> QuerySet[Phone]:
    rows = Phone.objects.in_workspace(workspace).filter(e164=e164)
    return rows.exclude(status=Phone.Status.WRONG_NUMBER)


def _answered(contact: Contact) -> float:
    return contact.last_responded_at.timestamp() if contact.last_responded_at else 0.0


def get_phone(workspace: Workspace, contact_id: UUID, phone_id: UUID) -> Phone:
    """Raises Phone.DoesNotExist."""
    return (
        Phone.objects.in_workspace(workspace)
        .select_related("contact")
        .get(contact__public_id=contact_id, public_id=phone_id)
    )


def find_latest_trace(workspace: Workspace, contact: Contact) -> SkipTrace | None:
    """The last look-up that was or may have been paid for; failed ones cost nothing."""
    rows = SkipTrace.objects.in_workspace(workspace).filter(contact=contact)
    return rows.exclude(state=SkipTrace.State.FAILED).order_by("-requested_at", "-id").first()


def count_failed_traces(workspace: Workspace, contact: Contact, *, since: datetime) -> int:
    rows = SkipTrace.objects.in_workspace(workspace).filter(contact=contact)
    return rows.filter(state=SkipTrace.State.FAILED, requested_at__gte=since).count()


def trace_query(workspace: Workspace, contact: Contact) -> TraceQuery:
    """Whom a skip trace looks for: read fresh, so that no name travels in a broker message."""
    row = Contact.objects.in_workspace(workspace).get(pk=contact.pk)
    return TraceQuery(
        name=row.name,
        line=" ".join(part for part in (row.mailing_line, row.mailing_unit) if part),
        city=row.mailing_city,
        state=row.mailing_state,
        postal_code=row.mailing_zip,
    )
