"""Keyset pages: the cost of a page does not depend on how deep it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page and the opaque cursor of the next, empty on the last."""

    rows: list[T]
    next_cursor: str


def _encode(values: Sequence[Any], salt: str) -> str:
    return signing.dumps([str(value) for value in values], salt=salt)


def _decode(cursor: str, salt: str) -> list[str] | None:
    """The values in a cursor of the same list, or None.

    Signed, because the values go into the query as they are: a made-up one of the wrong type
    would be a database error.
    """
    try:
        values: list[str] = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        return None
    return values


def keyset(
    rows: QuerySet[Any], fields: tuple[str, ...], cursor: str, size: int, *, descending: bool = True
) -> Page[Any]:
    """One page ordered by `fields` (the last one unique), all in the same direction.

    A row-value comparison, because the OR form of a keyset cannot use an index.
    A cursor that is not ours starts at the first page.
    """
    salt = f"cursor:{rows.model._meta.label}:{','.join(fields)}:{descending}"
    after = _decode(cursor, salt) if cursor else None
    if after is not None:
        lookup = TupleLessThan if descending else TupleGreaterThan
        rows = rows.filter(lookup(tuple(F(name) for name in fields), tuple(after)))
    sign = "-" if descending else ""
    found = list(rows.order_by(*(f"{sign}{name}" for name in fields))[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], _encode([getattr(last, name) for name in fields], salt))
