"""`field__any_of=Many(…)`: membership in a long list, sent as one value instead of one per item.

`field__in` costs a parameter per item: building and parsing the statement then outweighs the
search, and SQLite allows only so many.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, Lookup


class Many:
    """A long list for `any_of`. Django walks lists and tuples item by item, and finds nothing."""

    __slots__ = ("items",)

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = list(items)


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """Strings and integers only; an empty list matches nothing."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[Any]:
        return self.rhs.items if isinstance(self.rhs, Many) else list(self.rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.rel_db_type(connection).partition("(")[0]
        return f"{sql} = ANY(CAST(%s AS {kind}[]))", [*params, array_text(self.rhs)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]


def by_index() -> None:
    """Until the end of the transaction rows are found by their keys, never by reading a table.

    What a planner knows of a table that just grew is old, and reading all of it looks cheap.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def array_text(items: Sequence[Any]) -> str:
    """A PostgreSQL array as text: the driver would escape one item after the other.

    Joined by NUL, which no text of PostgreSQL can hold.
    """
    if not items:
        return "{}"
    joined = "\0".join(map(str, items)).replace("\\", "\\\\").replace('"', '\\"')
    return '{"' + joined.replace("\0", '","') + '"}'
