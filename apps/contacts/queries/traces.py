"""Look-ups that were bought, and whom the next one looks for."""

from datetime import datetime

from apps.contacts.models import Contact, SkipTrace
from apps.contacts.types import TraceQuery
from apps.workspaces.models import Workspace


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
