"""How long people and imports wait while every deal of the workspace is judged anew."""

from __future__ import annotations

import io
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import connection

from tests.benchmarks.import_rows import files
from tests.benchmarks.rescore_ours import ACTOR, Ours
from tests.benchmarks.rescore_rows import NOW
from tests.benchmarks.rescore_rules import FIRST

ROWS = 4_000


def wait_beside(ours: Ours) -> dict[str, Any]:
    """Milliseconds that edits took while deals were judged anew, moved on and imported."""
    from apps.deals.models import Deal, Stage

    workspace = ours.workspace
    new = Stage.objects.in_workspace(workspace).get(kind=Stage.Kind.NEW)
    Deal.objects.in_workspace(workspace).update(stage=new)
    keys = list(Deal.objects.in_workspace(workspace).order_by("pk").values_list("pk", flat=True))
    work = [
        _thread(lambda: ours.change(replace(FIRST, qualified_from=50))),
        _thread(lambda: _import(workspace)),
    ]
    took: list[float] = []
    maker = random.Random(3)
    while any(thread.is_alive() for thread in work):
        took.append(_edit(workspace, maker.choice(keys), maker))
    took.sort()
    return {
        "edits": len(took),
        "p50": round(took[len(took) // 2]),
        "p99": round(took[int(len(took) * 0.99)]),
        "slowest": round(took[-1]),
        "moved_on": Deal.objects.in_workspace(workspace).exclude(stage=new).count(),
    }


def _edit(workspace: Any, key: int, maker: random.Random) -> float:
    from apps.deals.actions import value_deal
    from apps.deals.models import Deal

    start = time.perf_counter()
    deal = Deal.objects.in_workspace(workspace).get(pk=key)
    arv = Decimal(maker.randint(90, 500) * 1000)
    value_deal(
        workspace=workspace, actor=ACTOR, deal=deal, arv_amount=arv, repairs_amount=None, now=NOW
    )
    return (time.perf_counter() - start) * 1000


def _import(workspace: Any) -> None:
    from apps.deals.ingestion.actions import start_import
    from apps.deals.ingestion.reader import inspect
    from apps.deals.ingestion.worker import run_import

    content = next(files(ROWS, ROWS))
    held = start_import(
        workspace=workspace, actor=ACTOR, file_name="beside.csv",
        list_file=inspect(io.BytesIO(content)), now=NOW,
    )  # fmt: skip
    done = run_import(held, clock=lambda: NOW)
    if done.state != "done":
        raise SystemExit(f"the import ended {done.state}: {done.error}")


def _thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
