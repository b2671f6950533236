"""Celery entries: sweeps over due rows. Running twice, late or not at all harms nothing."""

from celery import shared_task

from apps.channels.sweeps.reconciling import reconcile
from apps.channels.sweeps.sending import send_due as sweep
from apps.common.clock import now


@shared_task(name="channels.send_due")
def send_due() -> None:
    sweep(clock=now)


@shared_task(name="channels.reconcile_unknown")
def reconcile_unknown() -> None:
    reconcile(clock=now)
