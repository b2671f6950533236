"""`field__any_of=[…]`: membership in a long list, sent as one value instead of one per item.

`field__in` costs a parameter per item: building and parsing the statement then outweighs the
search, and SQLite allows only so many.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """Strings and integers only; an empty list matches nothing."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.rel_db_type(connection).partition("(")[0]
        return f"{sql} = ANY(CAST(%s AS {kind}[]))", [*params, _array(self.rhs)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]


def _array(items: list[Any]) -> str:
    """A PostgreSQL array as text: the driver would escape one item after the other.

    Joined by NUL, which no text of PostgreSQL can hold.
    """
    if not items:
        return "{}"
    joined = "\0".join(map(str, items)).replace("\\", "\\\\").replace('"', '\\"')
    return '{"' + joined.replace("\0", '","') + '"}'
