"""Locking rows that point to others."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet


def lock_rows(rows: QuerySet[Any], *, no_key: bool = False) -> list[int]:
    """Lock these rows in order of their keys, and return the keys; read the rows afterwards.

    A locking query that joins loses rows: where it had to wait and a reference was changed
    meanwhile, PostgreSQL checks the join with the new row and the old neighbor, finds no match and
    leaves the row out, or the neighbor empty.
    """
    model: type[Model] = rows.model
    keys = sorted(set(rows.order_by().values_list("pk", flat=True)))
    # Found within the caller's workspace; the lock itself must not join.
    locked = model._base_manager.filter(pk__in=keys).select_for_update(no_key=no_key)
    return list(locked.order_by("pk").values_list("pk", flat=True))
