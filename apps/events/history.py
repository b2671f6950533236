"""Record history with the acting person or task, the action and the fact that caused it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, models
from simple_history.models import HistoricalRecords

from apps.common.lookups import array_text
from apps.events.actions import Actor, current_cause, current_scope

CHUNK = 5000
_recorded: ContextVar[frozenset[type[models.Model]]] = ContextVar(
    "deletions_recorded", default=frozenset()
)


class ActingRecord(models.Model):
    """What every history row adds to the copied columns."""

    history_actor = models.CharField(max_length=150, blank=True)
    history_cause = models.UUIDField(null=True)

    class Meta:
        abstract = True


def _acting_user(instance: Any, **kwargs: Any) -> Any:
    from django.contrib.auth import get_user_model

    scope = current_scope()
    user_id = scope.actor.user_id if scope else None
    if user_id is not None:
        return get_user_model()._default_manager.filter(pk=user_id).first()
    request = kwargs.get("request")
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


class _Records(HistoricalRecords):
    def post_delete(self, instance: Any, using: Any = None, **kwargs: Any) -> None:
        if type(instance) not in _recorded.get():
            super().post_delete(instance, using=using, **kwargs)


@contextmanager
def deletions_recorded(*kinds: type[models.Model]) -> Iterator[None]:
    """Rows of these models that go in this block have their last history row by `record_bulk`."""
    token = _recorded.set(frozenset(kinds))
    try:
        yield
    finally:
        _recorded.reset(token)


class _LeanRecords(_Records):
    """Read by record only: an index nobody asks would be written with every row of every list."""

    _date_indexing = False


def history(*, unindexed: Sequence[str] | None = None) -> HistoricalRecords:
    """The `history` field of a model: who, why and because of which fact, for every change.

    `unindexed`: columns of a table written by the hundred thousand whose copies in the history
    need no index; neither does its date then.
    """
    records = _Records if unindexed is None else _LeanRecords
    return records(
        no_db_index=list(unindexed or ()),
        bases=[ActingRecord],
        get_user=_acting_user,
        history_change_reason_field=models.CharField(max_length=150, null=True),
    )


def actor_text(actor: Actor) -> str:
    return f"{actor.kind}: {actor.label}"[:150]


def stamp(sender: Any, **kwargs: Any) -> None:
    """Fill a history row that simple-history is about to save."""
    row = kwargs["history_instance"]
    if hasattr(row, "credentials"):
        # A key that was replaced or taken away is nowhere any more.
        row.credentials = ""
    scope = current_scope()
    if scope is not None:
        row.history_actor = actor_text(scope.actor)
        row.history_change_reason = row.history_change_reason or scope.name
        row.history_cause = current_cause()
    elif row.history_user_id:
        row.history_actor = f"user: {row.history_user}"[:150]


def record_bulk(
    model: type[models.Model],
    ids: Sequence[int],
    *,
    kind: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write history rows for many records in one statement per 5,000.

    `kind`: "+" created, "~" changed, "-" about to be deleted. The rows must exist now.
    """
    record: Any = model.history.model  # type: ignore[attr-defined]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [field.column for field in model._meta.concrete_fields]
    extra: dict[str, Any] = {
        "history_date": now,
        "history_type": kind,
        "history_change_reason": reason[:150],
        "history_user_id": actor.user_id,
        "history_actor": actor_text(actor),
        "history_cause": current_cause(),
    }
    by_column = {field.column: field for field in record._meta.concrete_fields}
    values = [by_column[name].get_db_prep_save(extra[name], connection) for name in extra]
    # PostgreSQL cannot infer the type of a bare parameter in a SELECT list.
    marks = ", ".join(f"CAST(%s AS {by_column[name].rel_db_type(connection)})" for name in extra)
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(extra))
    quoted = [connection.ops.quote_name(name) for name in columns]
    target = connection.ops.quote_name(record._meta.db_table)
    primary = connection.ops.quote_name(model._meta.pk.column)
    for start in range(0, len(ids), CHUNK):
        part = list(ids[start : start + CHUNK])
        with connection.cursor() as cursor:
            where, chosen = _members(primary, part)
            cursor.execute(
                f"INSERT INTO {target} ({', '.join([*quoted, *extra])})"
                f" SELECT {', '.join(quoted)}, {marks} FROM {table} WHERE {where}",
                [*values, *chosen],
            )


def _members(primary: str, ids: list[int]) -> tuple[str, list[Any]]:
    """The condition that names these keys, and its parameters.

    Rows just inserted mostly follow one another: a range is read from the index in one go, where
    a planner that knows the table when it was small would read all of it for a list.
    """
    first, last = min(ids), max(ids)
    if last - first == len(ids) - 1 and len(set(ids)) == len(ids):
        return f"{primary} BETWEEN %s AND %s", [first, last]
    if connection.vendor == "postgresql":
        return f"{primary} = ANY(CAST(%s AS bigint[]))", [array_text(ids)]
    return f"{primary} IN (SELECT value FROM json_each(%s))", [json.dumps(ids)]
