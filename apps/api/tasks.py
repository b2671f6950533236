"""Celery entry of the API: answers kept for repeats do not pile up."""

from celery import shared_task

from apps.api.idempotency import forget_old_answers
from apps.common.clock import now


@shared_task(name="api.forget_old_answers")
def forget_old() -> None:
    forget_old_answers(now=now())
