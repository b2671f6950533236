"""Triggers that make the database itself refuse to change or delete facts, seals and kept rows.

The sealer's one-time setting of (seal_id, seq) is the only update of a fact let through. Other
apps name their tables with `keep_rows`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_kept: dict[str, tuple[str, ...]] = {}


def keep_rows(table: str, columns: Sequence[str]) -> None:
    """Rows of `table` are never deleted and these columns never change, from `install` on.

    Columns left out may change: a link to a user goes when the user does.
    """
    _kept[table] = tuple(columns)


_COLUMNS = (
    "id",
    "public_id",
    "workspace_id",
    "name",
    "subject_kind",
    "subject",
    "deal",
    "actor_kind",
    "actor_id",
    "actor_label",
    "cause",
    "payload",
    "occurred_at",
)

_SQLITE_CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _COLUMNS)
_REFUSAL = "facts are append-only"
_KEPT_REFUSAL = "these rows are append-only"

_SQLITE = {
    "event_no_update": f"BEFORE UPDATE ON events_event WHEN OLD.seal_id IS NOT NULL"
    f" OR NEW.seal_id IS NULL OR {_SQLITE_CHANGED}",
    "event_no_delete": "BEFORE DELETE ON events_event",
    "seal_no_update": "BEFORE UPDATE ON events_seal",
    "seal_no_delete": "BEFORE DELETE ON events_seal",
}

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'events_event' THEN
    IF OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
       AND (to_jsonb(NEW) - 'seal_id' - 'seq') = (to_jsonb(OLD) - 'seal_id' - 'seq') THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '{_REFUSAL}';
END $$
"""

_POSTGRES_KEPT = f"""
CREATE OR REPLACE FUNCTION events_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{_KEPT_REFUSAL}';
END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; repeatable. Kept tables that a migration has yet to make are left."""
    remove(connection)
    kept = {table: _kept[table] for table in _present(connection)}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, clause in {**_SQLITE, **_sqlite_kept(kept)}.items():
                refusal = _REFUSAL if name in _SQLITE else _KEPT_REFUSAL
                cursor.execute(
                    f"CREATE TRIGGER {name} {clause} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
                )
            return
        cursor.execute(_POSTGRES_FUNCTION)
        cursor.execute(_POSTGRES_KEPT)
        for table in ("events_event", "events_seal"):
            for suffix, clause in (
                ("rows", "BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW"),
                ("truncate", "BEFORE TRUNCATE ON {t} FOR EACH STATEMENT"),
            ):
                _create(cursor, table, suffix, clause.format(t=table), "events_append_only")
        for table, columns in kept.items():
            changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
            for suffix, clause in (
                ("update", f"BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed})"),
                ("rows", f"BEFORE DELETE ON {table} FOR EACH ROW"),
                ("truncate", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
            ):
                _create(cursor, table, suffix, clause, "events_kept")


def _create(cursor: Any, table: str, suffix: str, clause: str, function: str) -> None:
    name = f"{table}_{suffix}"
    cursor.execute(f"CREATE TRIGGER {name} {clause} EXECUTE FUNCTION {function}()")
    # ALWAYS: session_replication_role = replica does not switch it off.
    cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _sqlite_kept(kept: Mapping[str, Sequence[str]]) -> dict[str, str]:
    triggers = {}
    for table, columns in kept.items():
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
        triggers[f"{table}_no_update"] = f"BEFORE UPDATE ON {table} WHEN {changed}"
        triggers[f"{table}_no_delete"] = f"BEFORE DELETE ON {table}"
    return triggers


def _present(connection: BaseDatabaseWrapper) -> list[str]:
    held = set(connection.introspection.table_names())
    return [table for table in _kept if table in held]


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers; for migrations backwards and for emptying test databases."""
    kept = _present(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in (*_SQLITE, *_sqlite_kept({table: ["id"] for table in kept})):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for table in ("events_event", "events_seal", *kept):
            for suffix in ("rows", "truncate", "update"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{suffix} ON {table}")
