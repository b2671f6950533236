"""Celery entries of the deals: list imports and re-scoring."""

import time

from celery import shared_task

from apps.common.clock import now
from apps.deals.actions import due_rule_sets, rescore_batch
from apps.deals.feeds import tasks as feed_tasks  # noqa: F401 - registers them
from apps.deals.feeds.calls import tasks as call_tasks  # noqa: F401 - registers them
from apps.deals.ingestion import tasks as ingestion_tasks  # noqa: F401 - registers them
from apps.deals.rules import fitting_batch
from apps.deals.sales import tasks as sales_tasks  # noqa: F401 - registers them
from apps.events.actions import Actor

RUN_SECONDS = 20.0
FIRST_BATCH = 2_000


@shared_task(name="deals.rescore_due")
def rescore_due() -> None:
    """Batches of the rule sets that are due, for at most RUN_SECONDS; beat comes again."""
    end = time.monotonic() + RUN_SECONDS
    size = FIRST_BATCH
    while time.monotonic() < end:
        due = due_rule_sets(now())
        if not due:
            return
        for rule_set in due:
            start = time.monotonic()
            rescore_batch(
                actor=Actor.system("qualification"), rule_set=rule_set, now=now(), size=size
            )
            size = fitting_batch(size, time.monotonic() - start)
