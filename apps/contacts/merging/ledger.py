"""Changing rows for a merge and noting what they were; taking it back in reverse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet

from apps.contacts.models import Merge, MergeMove
from apps.workspaces.models import Workspace


def move_rows(merge: Merge, rows: QuerySet[Any], field: str, to: Any) -> int:
    """Set one field of many rows that no constraint can refuse; returns how many."""
    found = list(rows.order_by("pk"))
    for row in found:
        change_row(merge, row, **{_attname(row, field): to})
    return len(found)


def move_row(merge: Merge, row: models.Model, field: str, to: Any) -> bool:
    """Set one field of one row; False where a constraint refuses and the row stays as it was."""
    name = _attname(row, field)
    before = getattr(row, name)
    try:
        with transaction.atomic():
            change_row(merge, row, **{name: to})
    except IntegrityError:
        setattr(row, name, before)
        return False
    return True


def change_row(merge: Merge, row: models.Model, **values: Any) -> None:
    """Set columns (a relation by its `_id`) and note the ones that differ."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    _note(merge, row, before, changed)


def note_change(merge: Merge, row: models.Model, before: dict[str, Any]) -> None:
    """Note what another function changed: `before` holds the columns as they were."""
    after = {name: getattr(row, name) for name in before if getattr(row, name) != before[name]}
    if after:
        _note(merge, row, {name: before[name] for name in after}, after)


def remove_row(merge: Merge, row: models.Model) -> None:
    """Delete a row that the merge makes a double; its whole content is kept."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    _note(merge, row, values, {})
    row.delete()


def undo_due_moves(workspace: Workspace, labels: Iterable[str]) -> dict[str, list[UUID]]:
    """Take back, newest first, every move of an undone merge in these models.

    A column that somebody changed since keeps the newer value. Safe to run again, and in any order
    with other merges' news: it looks at what is due, not at who called. Returns the public ids of
    the rows that went back, by model label.
    """
    rows = MergeMove.objects.in_workspace(workspace).filter(
        model__in=list(labels), is_undone=False, merge__undone_at__isnull=False
    )
    due = list(rows.select_for_update(of=("self",)).order_by("-pk"))
    undone: dict[str, list[UUID]] = {}
    for move in due:
        row = _take_back(move)
        move.is_undone = True
        move.save(update_fields=["is_undone"])
        if hasattr(row, "public_id"):
            undone.setdefault(move.model, []).append(row.public_id)
    return undone


def _take_back(move: MergeMove) -> Any:
    model = apps.get_model(move.model)
    before = _typed(model, move.before)
    if not move.after:
        return _restore(model, before)
    row = model._default_manager.filter(pk=move.row_id).first()
    if row is None:
        return None
    after = _typed(model, move.after)
    still = [name for name in before if getattr(row, name) == after[name]]
    for name in still:
        setattr(row, name, before[name])
    if still:
        row.save(update_fields=still)
    return row


def _restore(model: type[models.Model], values: dict[str, Any]) -> Any:
    row = model(**values)
    row.save(force_insert=True)
    # Automatic times were set to now by the insert.
    if "created_at" in values:
        model._default_manager.filter(pk=row.pk).update(created_at=values["created_at"])
    return row


def _typed(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {
        name: value if isinstance(value, list | dict) else fields[name].to_python(value)
        for name, value in values.items()
    }


def _attname(row: models.Model, field: str) -> str:
    found: Any = row._meta.get_field(field)
    return str(found.attname)


def _note(merge: Merge, row: models.Model, before: dict[str, Any], after: dict[str, Any]) -> None:
    MergeMove.objects.create(
        workspace_id=merge.workspace_id,
        merge=merge,
        model=row._meta.label,
        row_id=row.pk,
        before={name: _plain(value) for name, value in before.items()},
        after={name: _plain(value) for name, value in after.items()},
    )


def _plain(value: Any) -> Any:
    """As JSON keeps it without loss: times to the microsecond, money to the cent."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
