"""Look-ups that were bought, and whom the next one looks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from apps.contacts.models import Contact, NumberLookup, Phone, SkipTrace
from apps.contacts.registry import owned_address
from apps.contacts.rules import TRACE_REUSE, PastTrace
from apps.contacts.types import TraceQuery
from apps.workspaces.models import Workspace


def find_latest_trace(workspace: Workspace, contact: Contact) -> SkipTrace | None:
    """The last look-up that was or may have been paid for; failed ones cost nothing."""
    rows = SkipTrace.objects.in_workspace(workspace).filter(contact=contact)
    return rows.exclude(state=SkipTrace.State.FAILED).order_by("-requested_at", "-id").first()


def list_traces(workspace: Workspace, contact: Contact, limit: int = 10) -> list[SkipTrace]:
    """What was bought about a person, newest first."""
    rows = SkipTrace.objects.in_workspace(workspace).filter(contact=contact)
    return list(rows.order_by("-requested_at", "-id")[:limit])


def map_past_traces(
    workspace: Workspace, contact_ids: Iterable[int], *, now: datetime
) -> dict[int, list[PastTrace]]:
    """The look-ups of the last 30 days by contact (primary key).

    Those of contacts that became part of one count for it too: a merge leaves one behind where
    both were being looked up.
    """
    survivors = _survivors(workspace, contact_ids)
    rows = SkipTrace.objects.in_workspace(workspace).filter(
        contact__in=list(survivors), requested_at__gt=now - TRACE_REUSE
    )
    past: dict[int, list[PastTrace]] = defaultdict(list)
    for contact, *values in rows.values_list(
        "contact_id", "provider", "state", "requested_at", "phone_count"
    ):
        past[survivors[contact]].append(PastTrace(*values))
    return past


def _survivors(workspace: Workspace, contact_ids: Iterable[int]) -> dict[int, int]:
    """Contacts and all that became part of them -> the contact asked about."""
    found = {key: key for key in contact_ids}
    fresh = list(found)
    rows = Contact.objects.in_workspace(workspace)
    while fresh:
        below = rows.filter(merged_into__in=fresh).values_list("pk", "merged_into_id")
        fresh = [key for key, _ in below if key not in found]
        found |= {key: found[into] for key, into in below if key not in found}
    return found


def count_failed_traces(workspace: Workspace, contact: Contact, *, since: datetime) -> int:
    rows = SkipTrace.objects.in_workspace(workspace).filter(contact=contact)
    return rows.filter(state=SkipTrace.State.FAILED, requested_at__gte=since).count()


def trace_query(workspace: Workspace, contact: Contact, *, ref: str = "") -> TraceQuery:
    """Whom a skip trace looks for: read fresh, so that no name travels in a broker message."""
    row = Contact.objects.in_workspace(workspace).get(pk=contact.pk)
    return TraceQuery(
        name=row.name,
        line=" ".join(part for part in (row.mailing_line, row.mailing_unit) if part),
        city=row.mailing_city,
        state=row.mailing_state,
        postal_code=row.mailing_zip,
        first_name=row.first_name,
        last_name=row.last_name,
        ref=ref,
        property_address=owned_address(workspace.pk, row.public_id),
    )


def list_lookups(workspace: Workspace, contact: Contact, limit: int = 20) -> list[NumberLookup]:
    """Look-ups of the numbers a person has, whoever they were bought for, newest first."""
    numbers = Phone.objects.in_workspace(workspace).filter(contact=contact).values("e164")
    rows = NumberLookup.objects.in_workspace(workspace).filter(e164__in=numbers)
    return list(rows.order_by("-requested_at", "-id")[:limit])


def map_past_lookups(
    workspace: Workspace, numbers: Iterable[str], *, since: datetime
) -> dict[str, list[PastTrace]]:
    rows = NumberLookup.objects.in_workspace(workspace).filter(
        e164__in=list(numbers), requested_at__gt=since
    )
    past: dict[str, list[PastTrace]] = defaultdict(list)
    for e164, *values in rows.values_list("e164", "provider", "state", "requested_at"):
        past[e164].append(PastTrace(*values))
    return past
