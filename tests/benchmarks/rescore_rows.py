"""A workspace with any number of judged deals, made set by set: for measuring, not for reading.

Values come from arithmetic on the row's number, so both databases hold the same ones.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def make_workspace(slug: str, count: int) -> Any:
    """`count` deals in their first stage, with metrics and without scores."""
    from apps.deals.actions import lay_pipeline
    from apps.deals.models import Deal, DealMetrics, Property, Stage
    from apps.events.actions import Actor
    from apps.workspaces.actions import create_workspace

    actor = Actor.system("bench")
    workspace = create_workspace(actor=actor, slug=slug, name=slug, now=NOW)
    lay_pipeline(workspace=workspace, actor=actor, now=NOW)
    stage = Stage.objects.in_workspace(workspace).get(kind=Stage.Kind.NEW)
    house = Property.objects.create(workspace=workspace, line="1 Elm St", city="Hamden")
    deal = Deal.objects.create(
        workspace=workspace, property=house, stage=stage, stage_entered_at=NOW
    )
    first = deal.pk
    _copies(Property, house.pk, count - 1, {"address_key": "'k' || i.n"})
    _copies(Deal, deal.pk, count - 1, {"property_id": f"{house.pk} + i.n"})
    _fill_metrics(DealMetrics, workspace.pk, first, count)
    for model in (Property, Deal, DealMetrics):
        run(f"VACUUM ANALYZE {model._meta.db_table}" if is_postgres() else "ANALYZE")
    return workspace


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def run(statement: str, params: Any = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def numbers(count: int) -> str:
    """1 to `count` as the column n of a table i."""
    if is_postgres():
        return f"generate_series(1, {count}) AS i(n)"
    return (
        f"(WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {count})"
        " SELECT n FROM t) AS i"
    )


def _copies(model: type[models.Model], row: int, count: int, given: dict[str, str]) -> None:
    """The row again and again, with the next keys and what `given` says of its columns."""
    table = model._meta.db_table
    fresh = "gen_random_uuid()" if is_postgres() else "lower(hex(randomblob(16)))"
    columns = {
        field.column: given.get(field.column, f"r.{field.column}")
        for field in model._meta.concrete_fields
    }
    columns |= {"id": f"{row} + i.n", "public_id": fresh}
    if count:
        run(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
            f" FROM {numbers(count)} CROSS JOIN (SELECT * FROM {table} WHERE id = {row}) r"
        )
    if is_postgres():
        run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {row + count})")


def _share(salt: int, of: int) -> str:
    """A whole number from 0 to `of` - 1 that looks like chance."""
    # Two rounds: one alone makes neighbours differ by a constant.
    mixed = (
        f"(((CAST(i.n AS bigint) * {48271 + 2 * salt} + {salt}) % 2147483647) * 69621 % 2147483647)"
    )
    return f"CAST({mixed} / 128 % {of} AS integer)"


def _sometimes(salt: int, percent_known: int, value: str) -> str:
    return f"CASE WHEN {_share(salt + 500, 100)} < {percent_known} THEN {value} END"


def _fill_metrics(model: type[models.Model], workspace: int, first: int, count: int) -> None:
    value = f"(80000.0 + {_share(1, 600)} * 1000.0)"
    yes = "{} < {}"
    columns = {
        field.column: "TRUE"
        for field in model._meta.concrete_fields
        if isinstance(field, models.BooleanField) and not field.null
    } | {
        "deal_id": f"{first - 1} + i.n",
        "workspace_id": str(workspace),
        "est_value": value,
        "arv": value,
        "repairs": _sometimes(2, 90, f"({_share(2, 90)} * 1000.0)"),
        "loan_balance": _sometimes(3, 80, f"({_share(3, 110)} / 100.0 * {value})"),
        "asking_price": _sometimes(4, 30, f"({_share(4, 120)} / 100.0 * {value})"),
        "days_on_market": _sometimes(5, 25, _share(5, 400)),
        "ownership_years": _sometimes(6, 85, _share(6, 45)),
        "loan_count": _sometimes(7, 80, _share(7, 4)),
        "phone_count": _share(8, 5),
        "stack_count": _share(9, 6),
        "signal_count": _share(10, 4),
        "building_sqft": _sometimes(11, 95, f"600 + {_share(11, 3000)}"),
        "year_built": _sometimes(12, 90, f"1890 + {_share(12, 130)}"),
        "bedrooms": _sometimes(13, 90, f"1.0 + {_share(13, 6)}"),
        "is_absentee": _sometimes(14, 90, yes.format(_share(14, 100), 40)),
        "is_out_of_state": _sometimes(15, 90, yes.format(_share(15, 100), 15)),
        "is_free_and_clear": _sometimes(16, 80, yes.format(_share(16, 100), 30)),
        "is_vacant": _sometimes(17, 40, yes.format(_share(17, 100), 20)),
        "is_tax_delinquent": _sometimes(18, 30, yes.format(_share(18, 100), 40)),
        "has_violation": _sometimes(19, 20, yes.format(_share(19, 100), 50)),
        "owner_kind": f"CASE {_share(20, 3)} WHEN 0 THEN 'person' WHEN 1 THEN 'company'"
        " ELSE 'trust' END",
        "property_kind": f"CASE {_share(21, 3)} WHEN 0 THEN 'condominium' WHEN 1 THEN 'duplex'"
        " ELSE 'single family' END",
        "state": "'ct'",
        "computed_on": "'2026-11-20'" if not is_postgres() else "DATE '2026-11-20'",
    }
    run(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
        f" SELECT {', '.join(columns.values())} FROM {numbers(count)}"
    )
