"""Comparable sales of one deal among a million: server time of the whole appraisal.

BENCH_SALES sets the number of sales for quick tries; the plan of the search is printed too.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

SALES = int(os.environ.get("BENCH_SALES", "1000000"))
ASKED = 60
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
# A state's worth of ground: about 110 by 60 miles.
SOUTH, NORTH, WEST, EAST = 41.0, 42.0, -73.7, -71.6
KINDS = ("single_family",) * 6 + ("condo",) * 2 + ("two_family", "three_family")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "a key for benchmarks only")
    os.environ["WAKE_WORKERS"] = "false"
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    settings.DEBUG = False
    held = setup_databases(verbosity=0, interactive=False)
    try:
        _measure()
    finally:
        teardown_databases(held, verbosity=0)


def _measure() -> None:
    from django.db import connection

    from apps.common.bulk import insert_rows
    from apps.deals.comps.queries import appraise
    from apps.deals.models import ComparableSale, Property
    from apps.events.actions import Actor
    from apps.workspaces.actions import create_workspace

    workspace = create_workspace(actor=Actor.system("bench"), slug="b", name="b", now=NOW)
    maker = random.Random(5)
    insert_rows(ComparableSale, COLUMNS, _rows(maker, workspace.pk))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {ComparableSale._meta.db_table}")
    took, found = [], 0
    for number in range(ASKED + 5):
        held = Property(
            workspace=workspace, line=f"{number} Elm St", city="Hamden", state="CT", zip="06514",
            address_key=f"{number} ELM ST||06514", property_type="Single Family",
            building_sqft=1600, latitude=maker.uniform(SOUTH + 0.1, NORTH - 0.1),
            longitude=maker.uniform(WEST + 0.1, EAST - 0.1),
        )  # fmt: skip
        start = time.perf_counter()
        made = appraise(workspace, held, TODAY)
        # The first ones fill caches: ZIP tables, query plans.
        if number >= 5:
            took.append((time.perf_counter() - start) * 1000)
            found += made.value.amount is not None
    took.sort()
    _explain(workspace)
    figure = {
        "name": "comps.appraise",
        "value": round(statistics.median(took), 1),
        "unit": "ms server time, median",
        "p95": round(took[int(len(took) * 0.95)], 1),
        "floor": 50,
        "ratio_to_floor": round(statistics.median(took) / 50, 3),
        "sales": SALES,
        "answered": f"{found} of {ASKED}",
        "database": connection.vendor,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}",
    }
    print(json.dumps(figure))


COLUMNS = (
    "workspace_id", "public_id", "created_at", "source", "external_id", "line", "unit", "city",
    "state", "zip", "address_key", "latitude", "longitude", "is_point_exact", "sold_on", "amount",
    "assessed_amount", "building_sqft", "lot_sqft", "bedrooms", "bathrooms", "year_built", "kind",
    "is_arms_length", "not_arms_length_because", "remarks",
)  # fmt: skip


def _rows(maker: random.Random, workspace_id: int) -> Iterator[list[Any]]:
    for number in range(SALES):
        line = f"{maker.randint(1, 9999)} Oak St"
        yield [
            workspace_id, uuid.UUID(int=maker.getrandbits(128)), NOW, "bench", str(number), line,
            "", "Hamden", "CT", "06514", f"{line.upper()}||06514", maker.uniform(SOUTH, NORTH),
            maker.uniform(WEST, EAST), True, TODAY - timedelta(days=maker.randint(0, 3650)),
            maker.randint(90, 900) * 1000, None, maker.randint(700, 3500), None,
            maker.randint(1, 5), None, maker.randint(1890, 2020), maker.choice(KINDS),
            maker.random() < 0.75, "", "",
        ]  # fmt: skip


def _explain(workspace: Any) -> None:
    from django.db import connection

    from apps.deals.comps.queries import COLUMNS as READ
    from apps.deals.comps.queries import Subject, _box
    from apps.deals.comps.rules import House

    if connection.vendor != "postgresql":
        return
    house = House("single_family", "Hamden", 41.5, -72.8, area=1600)
    rows = _box(workspace, Subject(house, frozenset(), ()), 0.5, TODAY - timedelta(days=365))
    print(rows.values_list(*READ).explain(analyze=True, buffers=True))


if __name__ == "__main__":
    main()
