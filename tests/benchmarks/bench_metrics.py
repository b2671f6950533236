"""What it costs to refresh the metrics of many deals, in slices as the re-scoring does it.

BENCH_DEALS sets the number of deals. CPU of this process and wall time stand side by side.
"""

from __future__ import annotations

import json
import os
import platform
import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

DEALS = int(os.environ.get("BENCH_DEALS", "20000"))
SLICE = 1000
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


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

    ids = _lay()
    tables = ("deal", "property", "signal", "listmembership", "dealparty")
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f"ANALYZE deals_{name}")
        cursor.execute("ANALYZE contacts_phone")
    runs = (
        ("first", TODAY),
        ("again", TODAY),
        ("again", TODAY),
        ("next_day", TODAY + timedelta(days=1)),
    )
    for what, day in runs:
        start = time.perf_counter()
        _refresh(ids, day)
        took = time.perf_counter() - start
        figure = {
            "name": f"metrics.refresh_{what}",
            "value": round(DEALS / took),
            "unit": "deals per second of wall time",
            "seconds": round(took, 2),
            "deals": DEALS,
            "database": connection.vendor,
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}",
        }
        print(json.dumps(figure), flush=True)


def _refresh(ids: list[int], day: date) -> None:
    from django.db import transaction

    from apps.deals.qualification.compile import Sql
    from apps.deals.qualification.refresh import refresh_metrics

    for start in range(0, len(ids), SLICE):
        part = ids[start : start + SLICE]
        marks = ", ".join(["%s"] * len(part))
        with transaction.atomic():
            refresh_metrics(scope=Sql(f"d.id IN ({marks})", tuple(part)), today=day)


def _lay() -> list[int]:
    from apps.contacts.models import Contact, EmailAddress, Phone
    from apps.deals.actions import lay_pipeline
    from apps.deals.models import Deal, DealParty, LeadList, ListMembership, Property, Signal, Stage
    from apps.events.actions import Actor
    from apps.workspaces.actions import create_workspace

    system, maker = Actor.system("bench"), random.Random(7)
    held = create_workspace(actor=system, slug="b", name="b", now=NOW)
    lay_pipeline(workspace=held, actor=system, now=NOW)
    stage = Stage.objects.in_workspace(held).order_by("position")[0]
    homes = Property.objects.bulk_create(_homes(maker, held), batch_size=500)
    # One owner in five has several properties.
    owners = Contact.objects.bulk_create(
        [
            Contact(workspace=held, name=f"Owner {n}", match_key=f"owner {n}", mailing_state="CT")
            for n in range(DEALS * 4 // 5)
        ],
        batch_size=500,
    )
    deals = Deal.objects.bulk_create(
        [
            Deal(workspace=held, property=home, seller=owners[n % len(owners)], source="bench",
                 stage=stage, search_text=home.line, stage_entered_at=NOW)
            for n, home in enumerate(homes)
        ],
        batch_size=500,
    )  # fmt: skip
    DealParty.objects.bulk_create(
        [DealParty(workspace=held, deal=deal, contact=deal.seller) for deal in deals],
        batch_size=1000,
    )
    Phone.objects.bulk_create(
        [
            Phone(workspace=held, contact=owner, e164=f"+1203{n:04d}{m:03d}",
                  line_type=maker.choice(["mobile", "landline", "unknown"]),
                  status=maker.choice(["unverified", "verified", "parked"]))
            for n, owner in enumerate(owners)
            for m in range(maker.choice([0, 1, 3]))
        ],
        batch_size=1000,
    )  # fmt: skip
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(workspace=held, contact=owner, address=f"o{n}@example.com")
            for n, owner in enumerate(owners)
            if n % 3 == 0
        ],
        batch_size=1000,
    )
    lists = LeadList.objects.bulk_create(
        [LeadList(workspace=held, name=f"List {n}", key=f"list {n}") for n in range(5)]
    )
    ListMembership.objects.bulk_create(
        [
            ListMembership(workspace=held, lead_list=named, property=home,
                           first_seen_on=TODAY, last_seen_on=TODAY)
            for home in homes
            for named in lists[: maker.choice([1, 1, 2, 3])]
        ],
        batch_size=1000,
    )  # fmt: skip
    Signal.objects.bulk_create(
        [
            Signal(workspace=held, property=home, kind=kind, source="bench", as_of=TODAY,
                   observed_on=TODAY - timedelta(days=maker.randint(0, 900)))
            for home in homes
            for kind in maker.sample(Signal.Kind.values, maker.choice([0, 1, 2, 4]))
        ],
        batch_size=1000,
    )  # fmt: skip
    return [deal.pk for deal in deals]


def _homes(maker: random.Random, workspace: Any) -> Iterator[Any]:
    from apps.deals.models import Property

    for number in range(DEALS):
        value = maker.randint(90, 900) * 1000
        yield Property(
            workspace=workspace, public_id=uuid.UUID(int=maker.getrandbits(128)),
            line=f"{number} Oak St", city="Hamden", state="CT", zip="06514",
            address_key=f"{number} OAK ST||06514", property_type="Single Family",
            building_sqft=maker.randint(700, 3500), year_built=maker.randint(1890, 2020),
            bedrooms=3, bathrooms=2, est_value_amount=value, assessed_amount=value * 0.7,
            loan_balance_amount=maker.choice([None, 0, value * 0.5]),
            last_sale_on=TODAY - timedelta(days=maker.randint(0, 9000)),
            last_sale_amount=value * 0.6, mls_status=maker.choice(["", "EXPIRED", "ACTIVE"]),
            mls_on=date(2026, 6, 1), mls_amount=maker.choice([None, value * 1.1]),
            is_mailing_same=maker.random() < 0.6, as_of=TODAY, source="bench",
        )  # fmt: skip


if __name__ == "__main__":
    main()
