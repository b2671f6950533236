"""What higher rooms tell the guard. They register a function; nothing is imported upwards."""

from uuid import UUID

from apps.channels.types import (
    ContactCard,
    ContactFinder,
    ContactReader,
    FactsReader,
    RecipientFacts,
)

_facts_readers: list[FactsReader] = []
_contact_finders: list[ContactFinder] = []
_contact_readers: list[ContactReader] = []


def register_recipient_facts(read: FactsReader) -> None:
    """Register `(workspace_id, contact_ref, address) -> RecipientFacts`, read before each send."""
    _facts_readers[:] = [read]


def register_contact_finder(find: ContactFinder) -> None:
    """Register `(workspace_id, address) -> contact_ref or None`, asked when a stranger writes."""
    _contact_finders[:] = [find]


def register_contact_reader(read: ContactReader) -> None:
    """Register `(workspace_id, contact_ref) -> ContactCard`, or None for a person not there."""
    _contact_readers[:] = [read]


def recipient_facts(workspace_id: int, contact_ref: UUID, address: str) -> RecipientFacts:
    """Facts of one person at one address; "nothing is known" where nobody registered."""
    for read in _facts_readers:
        return read(workspace_id, contact_ref, address)
    return RecipientFacts()


def find_contact(workspace_id: int, address: str) -> UUID | None:
    for find in _contact_finders:
        return find(workspace_id, address)
    return None


def contact_card(workspace_id: int, contact_ref: UUID) -> ContactCard | None:
    """None when the workspace has no such person: pages answer 404."""
    for read in _contact_readers:
        return read(workspace_id, contact_ref)
    return None
