"""Sequences are edited here, steps inline, as one new version; enrollments are looked at only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import TabularInline

from apps.common.clock import now
from apps.events.actions import Actor
from apps.sequences import rules
from apps.sequences.actions import save_sequence
from apps.sequences.models import Enrollment, Sequence, Step, StepRun
from apps.sequences.types import PlannedStep
from apps.workspaces.admin_scope import (
    WorkspaceAdmin,
    WorkspaceReadOnlyAdmin,
    administered_by,
)


class StepFormSet(BaseInlineFormSet):
    """Steps as a whole: order, ends, and texts that fit the channel and the law."""

    def clean(self) -> None:
        super().clean()
        rows = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get("template") and not form.cleaned_data.get("DELETE")
        ]
        if any(self.errors):
            return
        problems = rules.step_problems([_planned(row) for row in rows])
        rows.sort(key=lambda row: row["position"])
        for index, row in enumerate(rows):
            problems += _text_problems(row, is_first=index == 0)
        if problems:
            raise ValidationError(problems)


def _planned(row: dict[str, Any]) -> PlannedStep:
    offset = timedelta(minutes=row["offset_minutes"])
    return PlannedStep(row["position"], row["channel"], offset, bool(row["archives_after"]))


def _text_problems(row: dict[str, Any], is_first: bool) -> list[str]:
    template, name = row["template"], f"Step {row['position']}"
    if template.channel != row["channel"]:
        return [f"{name}: “{template.name}” is written for another channel."]
    found = rules.text_problems(row["channel"], is_first, template.subject, template.body)
    return [f"{name}: {problem}" for problem in found]


def _workspace_id(request: HttpRequest) -> int | None:
    """Whose sequence is on the page: somebody may administer several workspaces."""
    match = request.resolver_match
    wanted = match.kwargs.get("object_id") if match else None
    if wanted is None:
        return getattr(getattr(request, "workspace", None), "pk", None)
    owner = Sequence.across_workspaces.filter(pk=wanted).values_list("workspace_id", flat=True)
    return owner.first()


class StepInline(TabularInline):
    model = Step
    formset = StepFormSet
    extra = 0
    fields = ["position", "channel", "offset_minutes", "template", "archives_after"]
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(workspace__in=administered_by(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        rows = db_field.remote_field.model.across_workspaces
        kwargs["queryset"] = rows.filter(
            workspace__in=administered_by(request), workspace_id=_workspace_id(request)
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _may(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff and administered_by(request).exists())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


@admin.register(Sequence)
class SequenceAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    list_display = ["name", "key", "version", "trigger", "is_active"]
    list_filter = ["is_active", "trigger"]
    search_fields = ["name", "key"]
    fields = ["name", "key", "trigger", "is_active", "version"]
    readonly_fields = ["version"]
    prepopulated_fields = {"key": ["name"]}
    inlines = [StepInline]

    def save_model(
        self, request: HttpRequest, obj: Sequence, form: ModelForm, change: bool
    ) -> None:
        """Nothing yet: sequence and steps are one version and are saved together below."""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        sequence = form.instance
        steps = [step for formset in formsets for step in formset.save(commit=False)]
        removed = [step for formset in formsets for step in formset.deleted_objects]
        save_sequence(
            workspace=sequence.workspace if change else request.workspace,  # type: ignore[attr-defined]
            actor=Actor.user(request.user),
            sequence=sequence,
            steps=steps,
            removed=removed,
            now=now(),
        )


class StepRunInline(TabularInline):
    model = StepRun
    extra = 0
    can_delete = False
    fields = ["position", "channel", "outcome", "reason", "reached_at", "settled_at"]
    readonly_fields = fields

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Enrollment)
class EnrollmentAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["contact", "sequence", "state", "next_position", "due_at", "started_at"]
    list_filter = ["state", "stopped_reason"]
    list_select_related = ["contact", "sequence"]
    search_fields = ["contact__name", "public_id"]
    ordering = ["-id"]
    inlines = [StepRunInline]
