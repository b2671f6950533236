"""Triggers that make the database itself refuse to change or delete facts and seals.

The sealer's one-time setting of (seal_id, seq) is the only update let through.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

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


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; repeatable."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, clause in _SQLITE.items():
                cursor.execute(
                    f"CREATE TRIGGER {name} {clause} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
            return
        cursor.execute(_POSTGRES_FUNCTION)
        for table in ("events_event", "events_seal"):
            for suffix, clause in (
                ("rows", "BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW"),
                ("truncate", "BEFORE TRUNCATE ON {t} FOR EACH STATEMENT"),
            ):
                name = f"{table}_{suffix}"
                cursor.execute(
                    f"CREATE TRIGGER {name} {clause.format(t=table)}"
                    " EXECUTE FUNCTION events_append_only()"
                )
                # ALWAYS: session_replication_role = replica does not switch it off.
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers; for migrations backwards and for emptying test databases."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for table in ("events_event", "events_seal"):
            for suffix in ("rows", "truncate"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{suffix} ON {table}")
