"""Reads of the people room."""

from apps.contacts.queries.identity import get_survivor, same_person_refs
from apps.contacts.queries.people import (
    browse_contacts,
    find_contact,
    get_contact,
    get_phone,
    list_contact_cards,
    list_contacts,
    list_history,
)
from apps.contacts.queries.reach import (
    best_email,
    best_phone,
    contact_card,
    find_contact_by_address,
    find_contact_ref,
    recipient_facts,
)
from apps.contacts.queries.traces import (
    count_failed_traces,
    find_latest_trace,
    list_lookups,
    list_traces,
    trace_query,
)

__all__ = [
    "best_email",
    "best_phone",
    "browse_contacts",
    "contact_card",
    "count_failed_traces",
    "find_contact",
    "find_contact_by_address",
    "find_contact_ref",
    "find_latest_trace",
    "get_contact",
    "get_phone",
    "get_survivor",
    "list_contact_cards",
    "list_contacts",
    "list_history",
    "list_lookups",
    "list_traces",
    "recipient_facts",
    "same_person_refs",
    "trace_query",
]
