"""Taking due checks over all workspaces; each is then done inside its own."""

from datetime import datetime

from django.db import transaction

from apps.contacts.models import Contact
from apps.contacts.rules import CHECK_LEASE
from apps.contacts.types import DueCheck

BATCH = 100


def claim_due_checks(*, now: datetime, limit: int = BATCH) -> list[DueCheck]:
    """Take due checks over all workspaces for CHECK_LEASE; a claim that dies comes back then."""
    with transaction.atomic():
        rows = list(
            Contact.across_workspaces.select_for_update(skip_locked=True, of=("self",))
            .filter(check_due_at__lte=now)
            .select_related("workspace")
            .order_by("check_due_at", "id")[:limit]
        )
        Contact.across_workspaces.filter(pk__in=[row.pk for row in rows]).update(
            check_due_at=now + CHECK_LEASE
        )
    return [DueCheck(row.workspace, row) for row in rows]
