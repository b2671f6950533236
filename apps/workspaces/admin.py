"""People, workspaces, keys and connections."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from apps.common.clock import now
from apps.events.actions import Actor
from apps.workspaces.actions import (
    issue_api_key,
    revoke_api_key,
    save_workspace,
)
from apps.workspaces.admin_scope import WorkspaceAdmin, administered_by
from apps.workspaces.connection_admin import ConnectionAdmin
from apps.workspaces.models import ApiKey, Membership, User, Workspace
from apps.workspaces.types import SCOPES

__all__ = ["ConnectionAdmin"]
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["email", "name", "is_staff", "is_active"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    list_filter = ["is_staff", "is_active"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "password", "name"]}),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_time_zone(self) -> str:
        """A zone that does not exist would break every page of the workspace, this one too."""
        name: str = self.cleaned_data["time_zone"].strip()
        if name not in available_timezones():
            raise forms.ValidationError("Write a zone such as America/New_York.")
        return name


@admin.register(Workspace)
class WorkspaceRowsAdmin(SimpleHistoryAdmin, ModelAdmin):
    form = WorkspaceForm
    list_display = ["name", "slug", "time_zone"]
    readonly_fields = ["slug", "public_id"]

    def save_model(
        self, request: HttpRequest, obj: Workspace, form: forms.ModelForm, change: bool
    ) -> None:
        save_workspace(workspace=obj, actor=Actor.user(request.user), changed=obj, now=now())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workspace]:
        return administered_by(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        rows = administered_by(request)
        return rows.filter(pk=obj.pk).exists() if obj else rows.exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(SimpleHistoryAdmin, ModelAdmin):
    list_display = ["workspace", "user", "role"]
    autocomplete_fields = ["user"]


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES], widget=forms.CheckboxSelectMultiple
    )


@admin.register(ApiKey)
class ApiKeyAdmin(WorkspaceAdmin):
    form = ApiKeyForm
    list_display = ["label", "prefix", "scopes", "expires_at", "revoked_at", "last_used_at"]
    fields = ["label", "scopes", "expires_at"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ModelForm, change: bool) -> None:
        key, token = issue_api_key(
            workspace=request.workspace,  # type: ignore[attr-defined]
            actor=Actor.user(request.user),
            label=obj.label,
            scopes=obj.scopes,
            expires_at=obj.expires_at,
            now=now(),
        )
        obj.pk = key.pk
        self.message_user(request, f"Copy this key now, it is not shown again: {token}")

    @admin.action(description="Revoke")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.select_related("workspace"):
            revoke_api_key(
                workspace=key.workspace, actor=Actor.user(request.user), key=key, now=now()
            )
        self.message_user(request, "Revoked.", messages.SUCCESS)
