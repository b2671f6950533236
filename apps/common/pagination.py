"""Keyset pages: the cost of a page does not depend on how deep it lies."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page and the opaque cursor of the next, empty on the last."""

    rows: list[T]
    next_cursor: str


def encode_cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(v) for v in values]).encode()).decode()


def decode_cursor(cursor: str, width: int) -> list[str] | None:
    """The values in a cursor, or None when it is not one of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(values, list) or len(values) != width:
        return None
    return [str(value) for value in values]


def keyset(
    rows: QuerySet[Any], fields: tuple[str, ...], cursor: str, size: int, *, descending: bool = True
) -> Page[Any]:
    """One page ordered by `fields` (the last one unique), all in the same direction.

    A row-value comparison, because the OR form of a keyset cannot use an index.
    A cursor that is not ours starts at the first page.
    """
    after = decode_cursor(cursor, len(fields)) if cursor else None
    if after is not None:
        lookup = TupleLessThan if descending else TupleGreaterThan
        rows = rows.filter(lookup(tuple(F(name) for name in fields), tuple(after)))
    sign = "-" if descending else ""
    found = list(rows.order_by(*(f"{sign}{name}" for name in fields))[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], encode_cursor([getattr(last, name) for name in fields]))
