"""Presets of list vendors: what each column of a known header means."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from apps.common.clock import now
from apps.deals.ingestion.mapping import check_mapping
from apps.deals.ingestion.presets import save_preset
from apps.deals.models import ListPreset
from apps.events.actions import Actor
from apps.workspaces.admin_scope import WorkspaceAdmin


class ListPresetForm(forms.ModelForm):
    class Meta:
        model = ListPreset
        fields = (
            "label",
            "vendor",
            "slug",
            "columns",
            "mapping",
            "is_person_rows",
            "is_surname_first",
            "strength",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        columns, mapping = cleaned.get("columns"), cleaned.get("mapping")
        if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
            self.add_error("columns", "A list of header texts, in their order.")
        elif not isinstance(mapping, dict) or not all(isinstance(m, str) for m in mapping.values()):
            self.add_error("mapping", "An object of column headers and field names.")
        else:
            there = {name: meant for name, meant in mapping.items() if name in columns}
            for sentence in check_mapping(columns, there):
                self.add_error("mapping", sentence)
        return cleaned


@admin.register(ListPreset)
class ListPresetAdmin(WorkspaceAdmin):
    form = ListPresetForm
    list_display = ["label", "vendor", "slug", "is_shipped", "strength", "workspace"]
    list_filter = ["vendor", "is_shipped"]
    ordering = ["workspace", "vendor", "label"]

    def save_model(
        self, request: HttpRequest, obj: ListPreset, form: ModelForm, change: bool
    ) -> None:
        if not change:
            obj.workspace = request.workspace  # type: ignore[attr-defined]
        save_preset(workspace=obj.workspace, actor=Actor.user(request.user), preset=obj, now=now())
