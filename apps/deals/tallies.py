"""Triggers that keep `DealTally` in step with deals and scores, whoever writes them and how.

PostgreSQL adds a row per statement and count that moved: writers at the same time never wait for
each other, and `fold` sums up what gathers. SQLite has one writer; there the row itself is changed.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "deals_dealtally"
# What is counted: table, the column whose values are told apart, the one it goes to.
COUNTED = (
    ("deals_deal", "stage_id", "stage_id"),
    ("deals_dealscore", "verdict", "verdict"),
)
FOLD_FROM = 200
_REFERENCING = {
    "INSERT": "NEW TABLE AS fresh",
    "UPDATE": "NEW TABLE AS fresh OLD TABLE AS gone",
    "DELETE": "OLD TABLE AS gone",
}


def install(database: BaseDatabaseWrapper) -> None:
    """Create the triggers that are missing and count anew what they missed; repeatable."""
    with transaction.atomic(using=database.alias):
        if database.vendor == "postgresql":
            is_new = _install_postgres(database)
        else:
            is_new = _install_sqlite(database)
        # Creating a trigger keeps writers out until this commits, so nothing slips through.
        if is_new:
            _recount(database)


def remove(database: BaseDatabaseWrapper) -> None:
    """Drop the triggers, for migrations backwards."""
    with database.cursor() as cursor:
        for table, _, _ in COUNTED:
            for event in _REFERENCING:
                on_table = f" ON {table}" if database.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on_table}")
            if database.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {table}_tally()")


def fold() -> bool:
    """Put one row in place of many for each count; whether there was enough to do.

    Counts stay what they are at every moment, for every reader.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {TABLE}")
        if cursor.fetchone()[0] < FOLD_FROM:
            return False
        cursor.execute(
            f"WITH gone AS (DELETE FROM {TABLE}"
            " RETURNING workspace_id, stage_id, verdict, change)"
            f" INSERT INTO {TABLE} (workspace_id, stage_id, verdict, change)"
            " SELECT workspace_id, stage_id, verdict, SUM(change) FROM gone"
            " GROUP BY workspace_id, stage_id, verdict HAVING SUM(change) <> 0"
        )
    return True


def _name(table: str, event: str) -> str:
    return f"{table}_tally_{event.lower()}"


def _recount(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
        for table, column, to in COUNTED:
            other, empty = _other(to)
            cursor.execute(
                f"INSERT INTO {TABLE} (workspace_id, {to}, {other}, change)"
                f" SELECT workspace_id, {column}, {empty}, COUNT(*) FROM {table}"
                f" GROUP BY workspace_id, {column}"
            )


def _other(to: str) -> tuple[str, str]:
    """The column that stays empty, and its empty value."""
    return ("verdict", "''") if to == "stage_id" else ("stage_id", "CAST(NULL AS bigint)")


def _install_postgres(database: BaseDatabaseWrapper) -> bool:
    is_new = False
    with database.cursor() as cursor:
        for table, column, to in COUNTED:
            cursor.execute(_postgres_function(table, column, to))
            for event, referencing in _REFERENCING.items():
                name = _name(table, event)
                cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s", [name])
                if cursor.fetchone():
                    continue
                cursor.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {referencing}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_tally()"
                )
                is_new = True
    return is_new


def _postgres_function(table: str, column: str, to: str) -> str:
    other, empty = _other(to)
    moved = {
        "INSERT": f"SELECT workspace_id, {column} AS place, 1 AS n FROM fresh",
        "DELETE": f"SELECT workspace_id, {column} AS place, -1 AS n FROM gone",
    }
    moved["UPDATE"] = f"{moved['INSERT']} UNION ALL {moved['DELETE']}"
    branches = "".join(
        f" {'IF' if at == 0 else 'ELSIF'} TG_OP = '{event}' THEN INSERT INTO {TABLE}"
        f" (workspace_id, {to}, {other}, change) SELECT workspace_id, place, {empty}, SUM(n)"
        f" FROM ({rows}) moved GROUP BY workspace_id, place HAVING SUM(n) <> 0;"
        for at, (event, rows) in enumerate(moved.items())
    )
    return (
        f"CREATE OR REPLACE FUNCTION {table}_tally() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN{branches} END IF; RETURN NULL; END $$"
    )


def _install_sqlite(database: BaseDatabaseWrapper) -> bool:
    is_new = False
    with database.cursor() as cursor:
        for table, column, to in COUNTED:
            less, more = _sqlite_step(column, to, "OLD", -1), _sqlite_step(column, to, "NEW", 1)
            bodies = {
                "INSERT": (f"AFTER INSERT ON {table}", more),
                "UPDATE": (
                    f"AFTER UPDATE OF {column} ON {table} WHEN NEW.{column} IS NOT OLD.{column}",
                    less + more,
                ),
                "DELETE": (f"AFTER DELETE ON {table}", less),
            }
            for event, (clause, body) in bodies.items():
                name = _name(table, event)
                # A migration that rebuilds the table silently drops its triggers.
                cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [name])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE TRIGGER {name} {clause} BEGIN {body} END")
                    is_new = True
    return is_new


def _sqlite_step(column: str, to: str, row: str, step: int) -> str:
    other, empty = _other(to)
    values = f"{row}.workspace_id, {row}.{column}, {empty}, {step}"
    return (
        f"UPDATE {TABLE} SET change = change + {step}"
        f" WHERE workspace_id = {row}.workspace_id AND {to} = {row}.{column}; "
        f"INSERT INTO {TABLE} (workspace_id, {to}, {other}, change)"
        f" SELECT {values} WHERE changes() = 0; "
    )
