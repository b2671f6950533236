"""Many rows into one table at once, the same way on PostgreSQL (COPY) and SQLite (executemany)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` fresh primary keys. Call inside the transaction that inserts the rows.

    On SQLite that transaction must be IMMEDIATE, or two writers would be given the same keys.
    """
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # The name is looked up once: in the list of columns it would be for every row.
                "WITH found AS MATERIALIZED"
                " (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence)"
                " SELECT nextval(sequence) FROM found, generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return list(range(first, first + count))


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert plain rows; JSON values travel as text. Raises django.db errors."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({names}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",
            [_for_sqlite(row) for row in rows],
        )


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set `columns` of many rows; each row is its values followed by its primary key.

    In order of the keys, as every other writer locks rows: two at once wait and never deadlock.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in columns)
    plain = sorted((list(row) for row in rows), key=lambda row: row[-1])
    if connection.vendor == "sqlite":
        plain = [_for_sqlite(row) for row in plain]
    if plain:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {names} WHERE id = %s", plain)


def _for_sqlite(row: Sequence[Any]) -> list[Any]:
    """What Django itself would store."""
    stored = _STORED_IN_SQLITE
    return [stored[type(cell)](cell) if type(cell) in stored else cell for cell in row]


_STORED_IN_SQLITE: dict[type, Callable[[Any], str]] = {
    UUID: lambda value: value.hex,
    Decimal: str,
    datetime: lambda value: str(value.astimezone(UTC).replace(tzinfo=None)),
    date: date.isoformat,
}
