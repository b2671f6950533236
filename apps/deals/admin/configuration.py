"""Estimates and stages: rows that exist from the start and are only changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.common.clock import now
from apps.deals.actions import save_estimate_policy, save_repair_cost, save_stage
from apps.deals.admin.estimate_form import EstimatePolicyForm
from apps.deals.models import EstimatePolicy, RepairCost, Stage
from apps.events.actions import Actor
from apps.workspaces.admin_scope import WorkspaceAdmin


class _OnlyChanged(SimpleHistoryAdmin, WorkspaceAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(EstimatePolicy)
class EstimatePolicyAdmin(_OnlyChanged):
    form = EstimatePolicyForm
    list_display = ["__str__", "workspace", "arv_share_of_value", "repair_per_sqft_old"]
    fieldsets = [
        ("ARV and MAO", {"fields": [("arv_share_of_value", "mao_share_of_arv")]}),
        (
            "Rent and payments a list does not give",
            {
                "fields": [
                    "rent_share_of_value",
                    ("market_rate_pct", "loan_term_years"),
                    "tax_insurance_share_of_value",
                ],
                "description": "Always shown as estimates; what a list or a person gives wins.",
            },
        ),
        (
            "Repairs in dollars per square foot, by age",
            {
                "fields": [
                    "repair_per_sqft_new",
                    ("mid_age_years", "repair_per_sqft_mid"),
                    ("old_age_years", "repair_per_sqft_old"),
                ],
                "description": "Houses of unknown age take the middle rate.",
            },
        ),
    ]

    def save_model(
        self, request: HttpRequest, obj: EstimatePolicy, form: ModelForm, change: bool
    ) -> None:
        save_estimate_policy(
            workspace=obj.workspace, actor=Actor.user(request.user), policy=obj, now=now()
        )
        self.message_user(request, "Every deal is judged anew in the background.", messages.INFO)


@admin.register(Stage)
class StageAdmin(_OnlyChanged):
    list_display = ["label", "kind", "position", "workspace"]
    fields = ["label", "kind", "position"]
    readonly_fields = ["kind"]
    ordering = ["workspace", "position"]

    def save_model(self, request: HttpRequest, obj: Stage, form: ModelForm, change: bool) -> None:
        save_stage(workspace=obj.workspace, actor=Actor.user(request.user), stage=obj, now=now())


class RepairCostForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        low, high = cleaned.get("low_amount"), cleaned.get("high_amount")
        if low is not None and high is not None and low > high:
            self.add_error("high_amount", "The cost to must not be below the cost from.")
        return cleaned


@admin.register(RepairCost)
class RepairCostAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    form = RepairCostForm
    list_display = ["label", "group", "unit", "low_amount", "high_amount", "is_active"]
    list_filter = ["group"]
    fields = [
        "label", "key", "group", "unit", ("low_amount", "high_amount"), "suggestion", "position",
        "is_active",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: RepairCost | None = None) -> list[str]:
        # Estimates name a repair by its key: it is chosen once.
        return ["key"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: RepairCost, form: ModelForm, change: bool
    ) -> None:
        workspace = obj.workspace if change else request.workspace  # type: ignore[attr-defined]
        save_repair_cost(workspace=workspace, actor=Actor.user(request.user), cost=obj, now=now())
