"""Which feed is read next, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.deals.feeds.rules import LEASE
from apps.deals.models import LeadSource, SourceRun


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed in one worker's hands, and the run that it carries on."""

    source: LeadSource
    run: SourceRun


def claim_source(now: datetime) -> Reading | None:
    """Take the feed that has been due longest and that nobody reads; the lease is renewed by page.

    A run that a dead worker left is carried on; after a failed one a new run begins at its place.
    """
    is_free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        rows = LeadSource.across_workspaces.select_for_update(skip_locked=True, of=("self",))
        due = rows.filter(is_free, is_active=True, next_run_at__lte=now)
        due = due.exclude(type=LeadSource.Type.WEBHOOK).select_related("workspace", "lead_list")
        source = due.order_by("next_run_at", "id").first()
        if source is None:
            return None
        source.lease_until = now + LEASE
        source.last_run_at = now
        LeadSource.across_workspaces.filter(pk=source.pk).update(
            lease_until=source.lease_until, last_run_at=now
        )
        return Reading(source, _run_of(source, now))


def release(reading: Reading) -> None:
    """Let any worker go on at once: the time for one turn is over, not the run."""
    LeadSource.across_workspaces.filter(pk=reading.source.pk).update(lease_until=None)


def _run_of(source: LeadSource, now: datetime) -> SourceRun:
    runs = SourceRun.across_workspaces.select_for_update()
    last = runs.filter(source=source).order_by("-id").first()
    if last is not None and last.state == SourceRun.State.RUNNING:
        return last
    return SourceRun.objects.create(
        workspace=source.workspace,
        source=source,
        started_at=now,
        watermark_before=source.watermark,
        watermark_after=source.watermark,
        page_token=last.page_token if last is not None else "",
    )
