"""Which calls are read next, and by whom."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.deals.models import WebhookCall

LEASE = timedelta(seconds=60)
# With at most 400 leads in a call, never more rows than an import may have.
MOST_CALLS = 500
MOST_BYTES = 10_000_000


def claim_calls(now: datetime) -> list[WebhookCall]:
    """Take the oldest calls that nobody works on, all of one source; [] when there are none."""
    is_free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    waiting = WebhookCall.across_workspaces.filter(is_free, state=WebhookCall.State.WAITING)
    with transaction.atomic():
        oldest = waiting.order_by("id").values_list("source_id", flat=True).first()
        if oldest is None:
            return []
        free = waiting.filter(source=oldest).select_for_update(skip_locked=True)
        taken: list[int] = []
        size = 0
        for key, byte_count in free.order_by("id").values_list("id", "byte_count")[:MOST_CALLS]:
            size += byte_count
            if taken and size > MOST_BYTES:
                break
            taken.append(key)
        held = WebhookCall.across_workspaces.filter(pk__in=taken)
        held.update(lease_until=now + LEASE)
        return list(held.select_related("source__workspace").order_by("id"))
