"""Celery entries of the deals: list imports and re-scoring."""

import logging
import time

from celery import shared_task

from apps.common.clock import now
from apps.deals.actions import due_rule_sets, rescore_batch
from apps.deals.feeds import tasks as feed_tasks  # noqa: F401 - registers them
from apps.deals.feeds.calls import tasks as call_tasks  # noqa: F401 - registers them
from apps.deals.ingestion import tasks as ingestion_tasks  # noqa: F401 - registers them
from apps.deals.rules import fitting_batch
from apps.deals.sales import tasks as sales_tasks  # noqa: F401 - registers them
from apps.deals.tallies import fold
from apps.events.actions import Actor

log = logging.getLogger(__name__)
RUN_SECONDS = 20.0
FIRST_BATCH = 2_000


@shared_task(name="deals.rescore_due")
def rescore_due() -> None:
    """Batches of the rule sets that are due, for at most RUN_SECONDS; beat comes again."""
    end = time.monotonic() + RUN_SECONDS
    sizes: dict[int, int] = {}
    unusable: set[int] = set()
    while due := [one for one in due_rule_sets(now()) if one.pk not in unusable]:
        for rule_set in due:
            start = time.monotonic()
            if start > end:
                return
            size = sizes.get(rule_set.pk, FIRST_BATCH)
            try:
                rescore_batch(
                    actor=Actor.system("qualification"), rule_set=rule_set, now=now(), size=size
                )
            except (ValueError, LookupError):
                # Rules that this release cannot evaluate hold up nobody else's.
                log.exception("rule set %s cannot judge", rule_set.public_id)
                unusable.add(rule_set.pk)
            sizes[rule_set.pk] = fitting_batch(size, time.monotonic() - start)


@shared_task(name="deals.fold_tallies")
def fold_tallies() -> None:
    """Keep the few rows that counts are summed from few."""
    fold()
