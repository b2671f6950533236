"""Admin pages of workspace rows: staff see and change only the workspaces they administer."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Field, ForeignKey, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.events.admin import ReadOnlyAdmin
from apps.workspaces.models import Workspace
from apps.workspaces.scoping import WorkspaceRow
from apps.workspaces.types import Role


def administered_by(request: HttpRequest) -> QuerySet[Workspace]:
    """Workspaces this person may configure; a superuser all of them."""
    if request.user.is_superuser:
        return Workspace.objects.all()
    return Workspace.objects.filter(
        memberships__user=request.user.pk, memberships__role__in=[Role.OWNER, Role.ADMIN]
    )


def may_add_here(request: HttpRequest) -> bool:
    """New rows land in the workspace at hand: being admin of another one is not enough."""
    workspace = getattr(request, "workspace", None)
    return workspace is not None and administered_by(request).filter(pk=workspace.pk).exists()


class _Scoped:
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)  # type: ignore[misc]
        return rows.filter(workspace__in=administered_by(request))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Field[Any, Any] | None:
        related = db_field.remote_field.model
        if isinstance(related, type) and issubclass(related, WorkspaceRow):
            kwargs.setdefault(
                "queryset",
                related.across_workspaces.filter(workspace__in=administered_by(request)),
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """The page of an old version asks for the right to view only, and saves what it is sent."""
        if change and not self.has_change_permission(request, form.instance):  # type: ignore[attr-defined]
            raise PermissionDenied
        return super().save_form(request, form, change)  # type: ignore[misc]


class WorkspaceAdmin(_Scoped, ModelAdmin):
    """Base for configuration rows. New rows land in the request's workspace.

    Permissions follow the workspace role, not Django's model permissions: whoever is staff and
    owner or admin of the workspace may configure it.
    """

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def _may(self, request: HttpRequest, obj: Any) -> bool:
        if not self.has_module_permission(request):
            return False
        wanted = administered_by(request)
        return wanted.filter(pk=obj.workspace_id).exists() if obj else wanted.exists()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request) and may_add_here(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.workspace = request.workspace  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)


class WorkspaceReadOnlyAdmin(_Scoped, ReadOnlyAdmin):
    """Base for facts of the trade that nobody edits by hand."""

    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_module_permission(request):
            return False
        wanted = administered_by(request)
        return wanted.filter(pk=obj.workspace_id).exists() if obj else wanted.exists()
