"""Due work is rows; a worker takes the oldest that nobody works on."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.deals.models.files import Leased

L = TypeVar("L", bound=Leased)


def claim_oldest(due: QuerySet[L], now: datetime) -> L | None:
    """One of these rows, held for a while; two workers at once get two."""
    is_free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        free = due.select_for_update(skip_locked=True, of=("self",)).filter(is_free)
        found = free.order_by("id").first()
        if found is not None:
            found.hold(now)
    return found
