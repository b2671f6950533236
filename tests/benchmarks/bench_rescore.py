"""Judging a million deals: ours, the same by hand in SQL, and engines that take one deal at a time.

`make bench ONLY=rescore` prints `rescore.full`, `rescore.one_rule`, `rescore.impact`,
`rescore.what_if` and `rescore.beside`. CPU seconds of this process plus its PostgreSQL backend.
BENCH_DEALS, BENCH_ROUNDS and BENCH_PEER_DEALS for quick tries; 100,000 deals on SQLite.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.cpu import cpu_seconds, machine

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
    from tests.benchmarks import rescore_rules as rules
    from tests.benchmarks.rescore_floor import Hand
    from tests.benchmarks.rescore_ours import Ours
    from tests.benchmarks.rescore_rows import is_postgres, make_workspace, run

    if is_postgres():
        # The CPU of parallel workers is not the backend's, so nobody would count it.
        run("SET max_parallel_workers_per_gather = 0")
    workspace = make_workspace("rescore", count)
    ours = Ours(workspace, rules.FIRST)
    ours.check(rules.FIRST)
    hand = Hand(workspace.pk, ours.rule_set)
    other = rules.with_weights(rules.FIRST, rules.OTHER_WEIGHTS)
    later = rules.with_year(rules.FIRST, rules.YEARS[1])
    first = (rules.FIRST_WEIGHTS, rules.YEARS[0])
    ways: dict[str, Callable[[], Any]] = {
        # There and back: both ways change the same rows.
        "full": ours.judge,
        "full_floor": lambda: hand.update_all(*first),
        "one": ours.judge,
        "one_floor": lambda: hand.one_rule(rules.FIRST_WEIGHTS, rules.YEARS[::-1]),
        "impact": lambda: ours.impact(later),
        "verdicts": ours.count_verdicts,
        "impact_floor": lambda: hand.impact(rules.FIRST_WEIGHTS, rules.YEARS[1]),
    }
    published: dict[str, Callable[[], None]] = {
        "full": lambda: ours.publish_unseen(other),
        "one": lambda: ours.publish(later),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    moved: dict[str, int] = {}
    for turn in range(ROUNDS):
        for name, way in ways.items():
            # Writing a draft and publishing it is no judging.
            published.get(name, lambda: None)()
            before = _facts()
            spent[name].append(cpu_seconds(way))
            moved[name] = _facts() - before
            if name.endswith("_floor") and name != "impact_floor":
                # The rules that the stored scores now follow are published again.
                ours.publish(rules.FIRST)
                ours.adopt()
                ours.check(rules.FIRST)
            elif name in ("full", "one"):
                ours.check(other if name == "full" else later)
        hand.vacuum()
        print(json.dumps({"round": turn} | {k: round(v[-1], 2) for k, v in spent.items()}))
    _report(count, spent, moved)
    _peers(count, spent, workspace)
    _what_if(count, workspace)
    _beside(count, ours)


def _beside(count: int, ours: Any) -> None:
    from tests.benchmarks.rescore_beside import wait_beside

    found = wait_beside(ours)
    figure = {
        "name": "rescore.beside",
        "value": found["slowest"],
        "unit": "ms, the slowest edit of a deal while all are judged anew and a list is imported",
        "floor": 1000,
        "ratio_to_floor": round(found["slowest"] / 1000, 3),
        "deals": count,
    }
    print(json.dumps(figure | found | machine()))


def _facts() -> int:
    from apps.events.catalog.judging import DealScored
    from apps.events.models import Event

    return Event.objects.filter(name=DealScored.name).count()


def _over(spent: dict[str, list[float]], above: str, below: str) -> float:
    pairs = zip(spent[above], spent[below], strict=True)
    return round(statistics.median(one / other for one, other in pairs), 2)


def _report(count: int, spent: dict[str, list[float]], moved: dict[str, int]) -> None:
    middle = {name: statistics.median(seconds) for name, seconds in spent.items()}
    held = {
        "full": "every deal judged anew, nearly every score moved",
        "one": "the threshold of one rule moved",
        "impact": "verdicts, bands, pass rates and contracts now and under the draft",
    }
    for name, note in held.items():
        figure = {
            "name": "rescore." + ("one_rule" if name == "one" else name),
            "value": round(middle[name], 2),
            "unit": "CPU seconds",
            "deals": count,
            "rounds": ROUNDS,
            "facts": moved[name],
            "floor": round(middle[f"{name}_floor"], 2),
            "ratio_to_floor": _over(spent, name, f"{name}_floor"),
            "note": f"{note}; floor is the same by hand in one SQL statement",
        }
        if name == "one":
            figure["full_over_one_rule"] = _over(spent, "full", "one")
        print(json.dumps(figure | machine()))


def _peers(count: int, spent: dict[str, list[float]], workspace: Any) -> None:
    """Rows per CPU second: judged and counted, and judged and stored."""
    from tests.benchmarks import rescore_peers
    from tests.benchmarks.rescore_rules import FIRST

    names = rescore_peers.asked(FIRST)
    ours = {
        "counted": count / statistics.median(spent["verdicts"]),
        "stored": count / statistics.median(spent["full"]),
    }
    for name, judge in rescore_peers.peers(FIRST).items() if PEER_DEALS else ():
        figure: dict[str, Any] = {"name": "rescore.peer", "peer": name, "deals": PEER_DEALS}
        for way, work in (
            ("counted", rescore_peers.count_verdicts),
            ("stored", rescore_peers.write_verdicts),
        ):
            spent_here = cpu_seconds(
                lambda work=work, judge=judge: work(
                    judge, rescore_peers.rows(workspace.pk, names, PEER_DEALS), FIRST
                )
            )
            rate = PEER_DEALS / spent_here
            figure |= {
                f"{way}_rows_per_cpu_second": round(rate),
                f"ours_{way}": round(ours[way]),
                f"{way}_ratio": round(ours[way] / rate, 1),
            }
        print(json.dumps(figure | machine()))


def _what_if(count: int, workspace: Any) -> None:
    """Server time of one answer while a slider moves, by the page's own address."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    from apps.deals.models import Deal
    from apps.workspaces.models import Membership

    user = get_user_model().objects.create_user("bench@example.com", "bench@example.com")
    Membership.objects.create(workspace=workspace, user=user, role="owner")
    client = Client(headers={"HX-Request": "true"}, SERVER_NAME="localhost")
    client.force_login(user)
    deals = Deal.objects.in_workspace(workspace).order_by("pk")[: ASKED + 5]
    took = []
    for deal in deals:
        address = reverse("deals:what_if", args=[deal.public_id])
        start = time.perf_counter()
        answer = client.get(address, {"arv": 300_000, "repairs": 20_000, "asking_price": 150_000})
        took.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"what-if answered {answer.status_code}")
    # The first ones fill caches: templates, specs.
    took = sorted(took[5:])
    figure = {
        "name": "rescore.what_if",
        "value": round(statistics.median(took), 1),
        "unit": "ms server time, median",
        "p95": round(took[int(len(took) * 0.95)], 1),
        "floor": 20,
        "ratio_to_floor": round(statistics.median(took) / 20, 3),
        "deals": count,
    }
    print(json.dumps(figure | machine()))


if __name__ == "__main__":
    main()
