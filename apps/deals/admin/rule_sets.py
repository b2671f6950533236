"""Rule sets with their rules and conditions on one page, saved as the draft of a version."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import StackedInline, TabularInline

from apps.common.clock import now
from apps.deals.actions import save_rule_set
from apps.deals.admin.forms import ConditionForm, RuleForm, RuleFormSet, RuleSetForm
from apps.deals.models import Condition, Rule, RuleSet
from apps.deals.qualification.derived import DerivedSpec
from apps.deals.qualification.rows import known_derived
from apps.events.actions import Actor
from apps.workspaces.admin_scope import WorkspaceAdmin, administered_by

_LINK = (
    '<a class="text-primary-600 dark:text-primary-500 underline" href="{}">'
    "See the impact and publish</a>"
)


class _WorkspaceInline:
    """Rows of the parent's workspace; who may change the parent may change them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)  # type: ignore[misc]
        return rows.filter(workspace__in=administered_by(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff and administered_by(request).exists())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)


def _derived(request: HttpRequest, parent: RuleSet | Rule | None) -> dict[str, DerivedSpec]:
    """By the workspace of the set; read once per page."""
    rule_set = parent
    if isinstance(parent, Rule):
        rule_set = parent.rule_set if parent.rule_set_id else None
    here: int = request.workspace.pk  # type: ignore[attr-defined]
    workspace_id = rule_set.workspace_id if rule_set and rule_set.workspace_id else here
    known: dict[int, dict[str, DerivedSpec]] = request.__dict__.setdefault("_derived_metrics", {})
    if workspace_id not in known:
        known[workspace_id] = known_derived(workspace_id)
    return known[workspace_id]


class ConditionInline(_WorkspaceInline, TabularInline):
    model = Condition
    form = ConditionForm
    hide_title = True
    extra = 0

    def get_formset(
        self, request: HttpRequest, obj: RuleSet | Rule | None = None, **kwargs: Any
    ) -> Any:
        """The workspace's own metrics stand among the choices."""
        form = type("ConditionFormHere", (ConditionForm,), {"derived": _derived(request, obj)})
        return super().get_formset(request, obj, form=form, **kwargs)


class RuleInline(_WorkspaceInline, StackedInline):
    model = Rule
    form = RuleForm
    formset = RuleFormSet
    extra = 0
    fields = ["name", ("weight", "join"), ("is_knock_out", "is_active"), "position"]
    ordering = ["position", "id"]
    inlines = [ConditionInline]


@admin.register(RuleSet)
class RuleSetAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    form = RuleSetForm
    list_display = ["name", "version", "is_active", "qualified_from", "review_from"]
    readonly_fields = ["is_active", "version", "publishing"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "description", ("is_active", "version"), "publishing"],
                "description": "What you save here is a draft. Deals go on being judged by the "
                "published version until the draft is published.",
            },
        ),
        (
            "Verdict",
            {"fields": [("qualified_from", "review_from"), ("min_coverage", "unknown")]},
        ),
        ("Publishing", {"fields": ["needs_second_person"]}),
    ]
    inlines = [RuleInline]

    def save_model(self, request: HttpRequest, obj: RuleSet, form: ModelForm, change: bool) -> None:
        """Nothing yet: the set, its rules and their conditions are one draft, saved below."""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        rule_set = form.instance
        save_rule_set(
            workspace=rule_set.workspace if change else request.workspace,  # type: ignore[attr-defined]
            actor=Actor.user(request.user),
            rule_set=rule_set,
            write_rules=lambda: super(RuleSetAdmin, self).save_related(
                request, form, formsets, change
            ),
            now=now(),
        )
        text = "Draft saved; no deal moves yet. {}"
        self.message_user(request, format_html(text, self.publishing(rule_set)), messages.INFO)

    @admin.display(description="Impact and publishing")
    def publishing(self, obj: RuleSet) -> str:
        if obj.pk is None:
            return "After saving."
        url = reverse("deals:rule_set", args=[obj.public_id])
        return format_html(_LINK, url)

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool
    ) -> None:
        for row in formset.forms:
            row.instance.workspace_id = form.instance.workspace_id
        super().save_formset(request, form, formset, change)
