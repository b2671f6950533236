"""Texts and the workspace's own limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.channels.actions import TemplateInvalid, save_sending_policy, save_template
from apps.channels.actions.configuring import check_template
from apps.channels.models import MessageTemplate, SendingPolicy
from apps.channels.rules import merge
from apps.common.clock import now
from apps.workspaces.access import actor_of
from apps.workspaces.admin_scope import WorkspaceAdmin


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = MessageTemplate
        fields = ["key", "name", "channel", "subject", "body"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ", ".join(f"{{{{ {name} }}}}" for name in merge.FIELDS)
        self.fields["body"].help_text = f"Fields: {names}. A default follows a bar: {{{{ a|b }}}}."

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        values = [cleaned.get(name, "") for name in ("channel", "subject", "body")]
        if values[0] and values[2]:
            try:
                check_template(*values)
            except TemplateInvalid as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return cleaned


@admin.register(MessageTemplate)
class MessageTemplateAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    form = TemplateForm
    list_display = ["name", "channel", "key", "version"]
    list_filter = ["channel"]
    search_fields = ["name", "key", "body"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key", "version"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: MessageTemplate, form: Any, change: bool
    ) -> None:
        saved = save_template(
            workspace=obj.workspace if change else request.workspace,  # type: ignore[attr-defined]
            actor=actor_of(request),
            key=obj.key,
            name=obj.name,
            channel=obj.channel,
            subject=obj.subject,
            body=obj.body,
            now=now(),
        )
        obj.pk, obj.version = saved.pk, saved.version


@admin.register(SendingPolicy)
class SendingPolicyAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    list_display = ["workspace", "opens_at", "closes_at", "is_sunday_closed", "max_per_day"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        workspace = getattr(request, "workspace", None)
        is_free = not SendingPolicy.across_workspaces.filter(workspace=workspace).exists()
        return is_free and super().has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: SendingPolicy, form: Any, change: bool) -> None:
        save_sending_policy(
            workspace=obj.workspace if change else request.workspace,  # type: ignore[attr-defined]
            actor=actor_of(request),
            policy=obj,
            now=now(),
        )
