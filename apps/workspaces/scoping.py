"""Rows that belong to a workspace, and the manager that refuses to forget it."""

from __future__ import annotations

import uuid
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F
from django.db.models.lookups import Exact

M = TypeVar("M", bound=models.Model)


class UnscopedQuery(RuntimeError):
    """A domain model was queried without naming a workspace."""


class ScopedQuerySet(models.QuerySet[M]):
    """Raises UnscopedQuery when evaluated before `in_workspace` was called."""

    _is_scoped = False

    def in_workspace(self, workspace: Any) -> Self:
        """Rows of one workspace (a Workspace or its primary key)."""
        scoped = self.filter(workspace_id=getattr(workspace, "pk", workspace))
        scoped._is_scoped = True
        return scoped

    def keyed_in_workspace(self, workspace: Any) -> Self:
        """The same for rows that are named one by one, by keys with an index.

        Those keys alone find them: a planner that knew the table when it was small would read all
        of the workspace instead, so its number is compared where no index can help.
        """
        number = getattr(workspace, "pk", workspace)
        scoped = self.filter(Exact(F("workspace_id") + 0, number))
        scoped._is_scoped = True
        return scoped

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._is_scoped = self._is_scoped
        return clone

    def _require_scope(self) -> None:
        if not self._is_scoped:
            raise UnscopedQuery(
                f"{self.model.__name__}.objects needs .in_workspace(workspace) first"
            )

    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()  # type: ignore[misc]

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._require_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """`objects` of every domain model. `create` and `bulk_create` need no scope: rows carry it."""

    def get_or_create(self, *args: Any, **kwargs: Any) -> Any:
        raise UnscopedQuery("use .in_workspace(workspace).get_or_create(…)")

    def update_or_create(self, *args: Any, **kwargs: Any) -> Any:
        raise UnscopedQuery("use .in_workspace(workspace).update_or_create(…)")


class WorkspaceRow(models.Model):
    """Base of every domain row.

    `across_workspaces` is the default manager, for admin, migrations, sweepers and relations
    reached through a row already in hand; code that answers a person uses `objects`.
    """

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, editable=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    across_workspaces = models.Manager()
    objects = ScopedManager()

    class Meta:
        abstract = True
        default_manager_name = "across_workspaces"
