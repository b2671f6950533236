"""Metrics that admins make from others, with what a formula may name beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin

from apps.common.clock import now
from apps.deals.actions import delete_derived_metric, save_derived_metric
from apps.deals.actions.deriving import check_derived, in_use_sentence, row_of, uses_of
from apps.deals.models import DerivedMetric
from apps.deals.qualification.derived import BadName
from apps.deals.qualification.formulas import FormulaRefused
from apps.deals.qualification.metrics import GROUPS
from apps.deals.qualification.rows import known_derived
from apps.deals.qualification.types import Kind
from apps.deals.queries.derived import preview_derived
from apps.events.actions import Actor
from apps.workspaces.admin_scope import WorkspaceAdmin
from apps.workspaces.models import Workspace


class DerivedMetricForm(forms.ModelForm):
    # Set by the page.
    workspace: Workspace | None = None

    class Meta:
        model = DerivedMetric
        fields = ("name", "label", "unit", "formula", "description")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        rows = DerivedMetric.across_workspaces.filter(workspace=self.workspace, name=name)
        if rows.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"You have a metric “{name}” already.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.workspace is None or not cleaned.get("formula"):
            return cleaned
        name = cleaned.get("name") or self.instance.name
        wanted = DerivedMetric(
            name=name, label=cleaned.get("label") or name, unit=cleaned.get("unit") or "",
            formula=cleaned["formula"],
        )  # fmt: skip
        try:
            if name:
                check_derived(self.workspace, row_of(wanted))
        except BadName as error:
            self.add_error("name" if "name" in self.fields else None, str(error))
        except FormulaRefused as error:
            self.add_error("formula", str(error))
        return cleaned


@admin.register(DerivedMetric)
class DerivedMetricAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    form = DerivedMetricForm
    list_display = ["label", "name", "formula", "unit", "workspace"]
    actions = None
    fieldsets = [
        (None, {"fields": ["name", ("label", "unit"), "formula", "description"]}),
        ("For some of your deals", {"fields": ["preview"]}),
        ("Used by", {"fields": ["uses"]}),
        ("What a formula may name", {"fields": ["usable"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Conditions and files call it by its name: it is chosen once.
        return ["preview", "uses", "usable", *(["name"] if obj else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        here = obj.workspace if obj else request.workspace  # type: ignore[attr-defined]
        return type("DerivedMetricFormHere", (form,), {"workspace": here})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def save_model(
        self, request: HttpRequest, obj: DerivedMetric, form: ModelForm, change: bool
    ) -> None:
        workspace = obj.workspace if change else request.workspace  # type: ignore[attr-defined]
        save_derived_metric(
            workspace=workspace, actor=Actor.user(request.user), metric=obj, now=now()
        )
        uses = uses_of(workspace, obj.name)
        if change and uses and "formula" in form.changed_data:
            self.message_user(
                request,
                f"The drafts of {uses} ask by the new formula from now on. Published rules keep"
                " the formula they had until you publish them again.",
                messages.INFO,
            )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Refused with the reason before anybody is asked to confirm."""
        held = self.get_object(request, object_id)
        is_theirs = held is not None and self.has_delete_permission(request, held)
        if is_theirs and (uses := uses_of(held.workspace, held.name)):
            self.message_user(request, in_use_sentence(held, uses), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:deals_derivedmetric_change", args=[held.pk]))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: DerivedMetric) -> None:
        delete_derived_metric(
            workspace=obj.workspace, actor=Actor.user(request.user), metric=obj, now=now()
        )

    @admin.display(description="Values now")
    def preview(self, obj: DerivedMetric) -> SafeString | str:
        if obj.pk is None:
            return "After saving."
        rows = preview_derived(obj.workspace, obj.name)
        if not rows:
            return "No deal has been looked at yet."
        return format_html_join("", "<div>{}: {}</div>", rows)

    @admin.display(description="Rules and metrics")
    def uses(self, obj: DerivedMetric) -> str:
        return str(uses_of(obj.workspace, obj.name) if obj.pk else "") or "Nothing yet."

    @admin.display(description="Metrics")
    def usable(self, obj: DerivedMetric) -> SafeString:
        numeric = [
            (metric.name, metric.label, metric.unit or "number", metric.description)
            for metrics in GROUPS.values()
            for metric in metrics
            if metric.kind in (Kind.FLOAT, Kind.INT)
        ]
        own = known_derived(obj.workspace_id) if obj.workspace_id else {}
        numeric += [
            (spec.name, spec.label, spec.unit or "number", f"{spec.formula.text} (your own)")
            for spec in own.values()
            if spec.name != obj.name
        ]
        rows = format_html_join("", "<div><code>{}</code>: {} ({}). {}</div>", numeric)
        return format_html(
            "<p>+ − × ÷ (or * /), parentheses, numbers, 20%, min(…, …), max(…, …)."
            " A percentage is a fraction: 20% is 0.2.</p>{}",
            rows,
        )
