"""gunicorn settings of `make run`: one process serves pages and hosts the Celery worker and beat.

gunicorn's arbiter is the supervisor: it brings the process back after a crash and ends it on
Ctrl-C. One process, because the in-memory broker lives in it.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = 1
worker_class = "gthread"
threads = 12
timeout = 120
graceful_timeout = 8
# Less than graceful_timeout: a send in flight may end, a backlog need not.
STOP_SECONDS = 4
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(server: Any) -> None:
    from config.demo.accounts import print_accounts

    print_accounts(f"http://{bind}")
    sys.stdout.flush()


def post_worker_init(worker: Any) -> None:
    from celery.beat import EmbeddedService

    from config.celery import app

    app.loader.import_default_modules()
    app.finalize()
    controller = app.WorkController(
        concurrency=3,
        pool_cls="threads",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    threading.Thread(target=controller.start, daemon=True, name="celery-worker").start()
    # EmbeddedService does not read beat_scheduler from the settings by itself.
    beat = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
    beat.daemon = True
    beat.start()
    worker.embedded = (controller, beat)


def worker_exit(server: Any, worker: Any) -> None:
    controller, beat = getattr(worker, "embedded", (None, None))
    if controller is None:
        return

    def stop(beat: Any, controller: Any) -> None:
        beat.stop()
        controller.stop()

    stopping = threading.Thread(target=stop, args=(beat, controller), daemon=True)
    stopping.start()
    stopping.join(STOP_SECONDS)
    # A sweep over a long backlog would hold the exit up; its rows are taken up at the next start.
    os._exit(0)
