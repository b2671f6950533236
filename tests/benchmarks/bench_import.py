"""Importing 100,000 realistic rows: ours, the hand-written floors and django-import-export.

`make bench ONLY=import` prints `import.100k` and `import.again`; `ONLY=import.1m` imports a million
rows and prints the memory it took. PostgreSQL's figures are CPU seconds of this process plus those
of its backend: wall time says little on a busy machine. On SQLite there is no floor to compare.

For quick tries: BENCH_ROWS, BENCH_ROUNDS, BENCH_PEER_ROWS, BENCH_MILLION, BENCH_FILE_ROWS.
"""

from __future__ import annotations

import io
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.benchmarks.cpu import cpu_seconds, machine
from tests.benchmarks.import_rows import files

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PEER_ROWS = int(os.environ.get("BENCH_PEER_ROWS", "500"))
MILLION = int(os.environ.get("BENCH_MILLION", "1000000"))
# A file of the layout may be 20 MB; this many rows are about 14.
FILE_ROWS = int(os.environ.get("BENCH_FILE_ROWS", "40000"))
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "a key for benchmarks only")
    os.environ["WAKE_WORKERS"] = "false"
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    # Kept for its queries, DEBUG would hold every statement in memory.
    settings.DEBUG = False
    held = setup_databases(verbosity=0, interactive=False)
    try:
        if len(sys.argv) > 1 and sys.argv[1] == "import.1m":
            _million()
        else:
            _report([_round(turn) for turn in range(ROUNDS)])
    finally:
        teardown_databases(held, verbosity=0)


def _round(turn: int) -> dict[str, float]:
    """CPU seconds of each way, in the same order every round: ours, floors, peer, ours again."""
    from django.db import connection

    mine = _workspace(f"ours-{turn}")
    found = {"ours": cpu_seconds(lambda: _import_all(mine, files(ROWS, FILE_ROWS)))}
    if connection.vendor == "postgresql":
        from tests.benchmarks import import_floor

        for name, is_whole in (("floor4", False), ("floor6", True)):
            yours = _workspace(f"{name}-{turn}")
            parts = list(files(ROWS, FILE_ROWS))
            found[name] = cpu_seconds(
                lambda yours=yours, parts=parts, is_whole=is_whole: [
                    import_floor.load(yours, part, NOW, is_whole=is_whole) for part in parts
                ]
            )
            _check_floor(yours)
    found["peer"] = _peer(turn) * ROWS / PEER_ROWS if PEER_ROWS else 0.0
    found["again"] = cpu_seconds(lambda: _import_all(mine, files(ROWS, FILE_ROWS)))
    print(json.dumps({"round": turn, **{k: round(v, 2) for k, v in found.items()}}), flush=True)
    return found


def _peer(turn: int) -> float:
    from tests.benchmarks import import_peer

    theirs = _workspace(f"peer-{turn}")
    content = next(files(PEER_ROWS, PEER_ROWS))
    return cpu_seconds(lambda: import_peer.load(theirs, content, NOW, PEER_ROWS))


def _workspace(slug: str) -> Any:
    from apps.deals.actions import lay_pipeline
    from apps.events.actions import Actor
    from apps.workspaces.actions import create_workspace

    actor = Actor.system("bench")
    workspace = create_workspace(actor=actor, slug=slug, name=slug, now=NOW)
    lay_pipeline(workspace=workspace, actor=actor, now=NOW)
    return workspace


def _import_all(workspace: Any, parts: Iterable[bytes]) -> None:
    """Through the door a customer uses: inspect, start, run."""
    from apps.deals.ingestion.actions import start_import
    from apps.deals.ingestion.reader import inspect
    from apps.deals.ingestion.worker import run_import
    from apps.events.actions import Actor

    for number, content in enumerate(parts, 1):
        held = start_import(
            workspace=workspace,
            actor=Actor.system("bench"),
            file_name=f"made-up-{number}.csv",
            list_file=inspect(io.BytesIO(content)),
            now=NOW,
        )
        done = run_import(held, clock=lambda: NOW)
        if done.state != "done" or done.rows_done != done.rows_total:
            raise SystemExit(f"the import ended {done.state} after {done.rows_done}: {done.error}")


def _check_floor(workspace: Any) -> None:
    from apps.deals.models import Deal

    count = Deal.objects.in_workspace(workspace).count()
    if count != ROWS:
        raise SystemExit(f"the floor made {count} deals of {ROWS} rows")


def _million() -> None:
    """A million rows; the peak of this process' memory is what counts."""
    workspace = _workspace("million")
    start = time.monotonic()
    spent = cpu_seconds(lambda: _import_all(workspace, files(MILLION, FILE_ROWS)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figure = {
        "name": "import.1m",
        "value": round(peak),
        "unit": "MB peak memory of the importer",
        "floor": 400,
        "ratio_to_floor": round(peak / 400, 3),
        "rows": MILLION,
        "cpu_seconds": round(spent, 1),
        "wall_seconds": round(time.monotonic() - start, 1),
    }
    print(json.dumps(figure | machine()))


def _report(rounds: list[dict[str, float]]) -> None:
    middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}

    def over(above: str, below: str) -> float | None:
        """How many times as much CPU the one takes as the other: the median of the rounds."""
        if not middle.get(above) or not middle.get(below):
            return None
        return round(statistics.median(one[above] / one[below] for one in rounds), 2)

    def rate(name: str) -> int | None:
        return round(ROWS / middle[name]) if middle.get(name) else None

    first = {
        "name": "import.100k",
        "value": rate("ours"),
        "unit": "rows per CPU second",
        "rows": ROWS,
        "rounds": len(rounds),
        "floor": rate("floor6"),
        "ratio_to_floor": over("floor6", "ours"),
        "cpu_over_floor": over("ours", "floor6"),
        "floor_four_tables": rate("floor4"),
        "cpu_over_floor_four_tables": over("ours", "floor4"),
        "peer": rate("peer"),
        "ratio_to_peer": over("peer", "ours"),
        "held_to": "floor: properties, contacts, phones, deals, facts and history",
        "note": "floor writes what it is held to set by set, after a COPY into a staging table;"
        f" peer is django-import-export on {PEER_ROWS} rows, scaled; wanted: at most 2.5 times the"
        " floor's CPU, at least 30 times the peer's speed",
    }
    again = {
        "name": "import.again",
        "value": rate("again"),
        "unit": "rows per CPU second",
        "floor": rate("ours"),
        "ratio_to_floor": over("ours", "again"),
        "note": "floor is the first load; at least 2 is wanted",
    }
    for figure in (first, again):
        print(json.dumps(figure | machine()))


if __name__ == "__main__":
    main()
