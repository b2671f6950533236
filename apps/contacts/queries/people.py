"""Reading people: one contact, and the list."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from apps.common.pagination import Page, keyset
from apps.common.phones import to_e164
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.queries.identity import get_survivor, same_person_refs
from apps.contacts.registry import owners_of_at_least
from apps.events.queries import StoredFact, list_facts
from apps.workspaces.models import Workspace

PAGE_SIZE = 50


def get_contact(workspace: Workspace, public_id: UUID) -> Contact:
    """With phones and e-mails; a merged contact's id gives the one it became part of.

    Raises Contact.DoesNotExist, also for another workspace's.
    """
    return _with_addresses(workspace).get(pk=_standing_id(workspace, public_id))


def find_contact(workspace: Workspace, public_id: UUID) -> Contact | None:
    try:
        return get_contact(workspace, public_id)
    except Contact.DoesNotExist:
        return None


def _standing_id(workspace: Workspace, public_id: UUID) -> int:
    row = Contact.objects.in_workspace(workspace).get(public_id=public_id)
    return get_survivor(workspace, row).pk


def _with_addresses(workspace: Workspace) -> QuerySet[Contact]:
    return Contact.objects.in_workspace(workspace).prefetch_related(
        Prefetch("phones", queryset=Phone.objects.in_workspace(workspace).order_by("rank", "id")),
        Prefetch(
            "emails", queryset=EmailAddress.objects.in_workspace(workspace).order_by("rank", "id")
        ),
    )


def browse_contacts(workspace: Workspace, *, search: str = "", kind: str = "") -> QuerySet[Contact]:
    """Contacts with their phones and e-mails; `search` is part of a name, a phone or an e-mail."""
    rows = _with_addresses(workspace).filter(merged_into__isnull=True)
    if kind:
        rows = rows.filter(kind=kind)
    if search.strip():
        rows = rows.filter(pk__in=_matching_ids(workspace, search.strip()))
    return rows


def _matching_ids(workspace: Workspace, search: str) -> QuerySet[Contact]:
    wanted = Q(name__icontains=search)
    if e164 := to_e164(search):
        wanted |= Q(phones__e164=e164)
    if "@" in search:
        wanted |= Q(emails__address__startswith=search.lower())
    return Contact.objects.in_workspace(workspace).filter(wanted).values("pk")


def list_contacts(
    workspace: Workspace,
    *,
    search: str = "",
    kind: str = "",
    owns: int = 0,
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> Page[Contact]:
    """One page in name order; `owns` is the least number of properties."""
    rows = browse_contacts(workspace, search=search, kind=kind)
    if owns:
        rows = rows.filter(pk__in=owners_of_at_least(workspace.pk, owns))
    return keyset(rows, ("name", "id"), cursor, size, descending=False)


def list_contact_cards(workspace: Workspace, public_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Several contacts with phones and e-mails by id; ids of other workspaces are left out."""
    rows = _with_addresses(workspace).filter(public_id__in=list(public_ids))
    return {contact.public_id: contact for contact in rows}


def get_phone(workspace: Workspace, contact_id: UUID, phone_id: UUID) -> Phone:
    """Raises Phone.DoesNotExist."""
    return (
        Phone.objects.in_workspace(workspace)
        .select_related("contact")
        .get(contact=_standing_id(workspace, contact_id), public_id=phone_id)
    )


def list_history(workspace: Workspace, contact_id: UUID, limit: int = 30) -> list[StoredFact]:
    """The last facts about a contact and those merged into it, newest first."""
    facts = [
        fact
        for ref in same_person_refs(workspace, contact_id)
        for fact in list_facts(workspace.pk, subject=ref, limit=limit)
    ]
    return sorted(facts, key=lambda fact: fact.position, reverse=True)[:limit]
