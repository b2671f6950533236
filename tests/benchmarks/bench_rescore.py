"""Judging a million deals: ours, the same by hand in SQL, and engines that take one deal at a time.

`make bench ONLY=rescore` prints `rescore.full`, `rescore.one_rule`, `rescore.impact` and
`rescore.what_if`. CPU seconds of this process plus its PostgreSQL backend. BENCH_DEALS,
BENCH_ROUNDS and BENCH_PEER_DEALS for quick tries; on SQLite 100,000 deals are the default.
"""

from __future__ import annotations

import json
import os

from tests.benchmarks.cpu import cpu_seconds

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PEER_DEALS = int(os.environ.get("BENCH_PEER_DEALS", "2000"))
ASKED = 60


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "a key for benchmarks only")
    os.environ["WAKE_WORKERS"] = "false"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    # Kept for its queries, DEBUG would hold every statement in memory.
    settings.DEBUG = False
    held = setup_databases(verbosity=0, interactive=False)
    try:
        default = 1_000_000 if connection.vendor == "postgresql" else 100_000
        _measure(int(os.environ.get("BENCH_DEALS", default)))
    finally:
        teardown_databases(held, verbosity=0)


def _measure(count: int) -> None:
    from tests.benchmarks import rescore_floor as floor
    from tests.benchmarks.rescore_ours import Ours
    from tests.benchmarks.rescore_rows import make_workspace
    from tests.benchmarks.rescore_rules import (
        FIRST,
        FIRST_WEIGHTS,
        OTHER_WEIGHTS,
        YEARS,
        with_weights,
        with_year,
    )

    workspace = make_workspace("rescore", count)
    ours = Ours(workspace, FIRST)
    hand = floor.Hand(workspace.pk, ours.rule_set)
    other = with_weights(FIRST, OTHER_WEIGHTS)
    later = with_year(FIRST, YEARS[1])
    spent: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        spent.setdefault(name, []).append(seconds)

    for turn in range(ROUNDS):
        # There and back: both ways change the same rows, each from the same state.
        note("full", cpu_seconds(lambda: ours.judge_in_full(other)))
        ours.check(other)
        note("full_floor", cpu_seconds(lambda: hand.update_all(FIRST_WEIGHTS, YEARS[0])))
        ours.check(FIRST)
        note("one", cpu_seconds(lambda: ours.change(FIRST, later)))
        ours.check(later)
        note("one_floor", cpu_seconds(lambda: hand.one_rule(FIRST_WEIGHTS, YEARS[0])))
        ours.check(FIRST)
        note("impact", cpu_seconds(lambda: ours.impact(later)))
        note("impact_floor", cpu_seconds(lambda: hand.impact(FIRST_WEIGHTS, YEARS[1])))
        hand.vacuum()
        print(json.dumps({"round": turn} | {k: round(v[-1], 2) for k, v in spent.items()}))
    _report(count, spent, ours)
    _peers(count, spent, workspace, FIRST)
    _what_if(count, workspace)
