"""Celery entries of the offers: print what waits, close what is over."""

import time

from celery import shared_task

from apps.common.clock import now
from apps.events.actions import Actor
from apps.offers.actions import expire_offer
from apps.offers.due import list_due_to_expire
from apps.offers.pdf.render import renderer
from apps.offers.printing import print_next, print_next_intent

RUN_SECONDS = 20.0
IDLE_SECONDS = 120.0


@shared_task(name="offers.render_due")
def render_due() -> None:
    """Print until nothing waits, for at most RUN_SECONDS; beat comes again."""
    end = time.monotonic() + RUN_SECONDS
    for print_one in (print_next, print_next_intent):
        while time.monotonic() < end and print_one(clock=now):
            pass
    renderer.close_if_idle(IDLE_SECONDS)


@shared_task(name="offers.expire_due")
def expire_due() -> None:
    """Close open offers whose time is over, each by its own fact."""
    for offer in list_due_to_expire(now=now()):
        expire_offer(
            workspace=offer.workspace,
            actor=Actor.system("offers.expire_due"),
            offer=offer,
            now=now(),
        )
