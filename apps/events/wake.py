"""The wake-up call after a commit. Losing it costs latency only: beat sweeps every two seconds."""

import logging
import threading
import time

from django.conf import settings

log = logging.getLogger(__name__)
# One call wakes a worker that takes everything; a burst of commits needs no burst of calls.
PAUSE_SECONDS = 0.1
_last = threading.local()


def wake_dispatcher() -> None:
    if not settings.WAKE_WORKERS:
        return
    moment = time.monotonic()
    if moment - getattr(_last, "moment", 0.0) < PAUSE_SECONDS:
        return
    _last.moment = moment
    from apps.events.tasks import deliver

    try:
        deliver.apply_async(retry=False, ignore_result=True)
    except Exception:  # the fact is committed; the broker may be down
        log.warning("could not wake a worker; the sweep will deliver", exc_info=True)
