"""Celery entry of the API: answers kept for repeats do not pile up."""

from datetime import datetime, timedelta

from celery import shared_task

from apps.api.models import IdempotencyRecord
from apps.common.clock import now

KEEP = timedelta(days=7)


@shared_task(name="api.forget_old_answers")
def forget_old() -> None:
    forget_old_answers(now=now())


def forget_old_answers(*, now: datetime) -> int:
    """Delete answers older than a week; returns how many."""
    count, _ = IdempotencyRecord.across_workspaces.filter(created_at__lt=now - KEEP).delete()
    return count
