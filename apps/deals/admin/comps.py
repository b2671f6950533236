"""Settings of comparable sales; sales and estimates to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.common.clock import now
from apps.deals.comps.actions import save_comp_policy
from apps.deals.comps.rules import SETTINGS
from apps.deals.models import ArvEstimate, ComparableSale, CompPolicy
from apps.events.actions import Actor
from apps.workspaces.admin_scope import WorkspaceAdmin, WorkspaceReadOnlyAdmin

SHARES = (
    "area_share", "assessed_share", "widest_area_share", "area_price_share", "bedroom_share",
    "bathroom_share", "lot_share", "year_share",
)  # fmt: skip
PAIRS = (
    ("max_age_days", "widest_age_days"),
    ("max_miles", "widest_miles"),
    ("area_share", "widest_area_share"),
    ("min_comps", "max_comps"),
)


class CompPolicyForm(ModelForm):
    class Meta:
        model = CompPolicy
        fields = SETTINGS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in SHARES:
            if not 0 <= (cleaned.get(name) or 0) <= 1:
                self.add_error(name, "A share from 0 to 1 (0.2 is 20 %).")
        for name in ("annual_trend", "condition_share"):
            if not -0.5 <= (cleaned.get(name) or 0) <= 0.5:
                self.add_error(name, "A share from -0.5 to 0.5 (0.04 is 4 %).")
        for name in ("max_age_days", "max_miles", "area_share", "min_comps"):
            if name in cleaned and not cleaned[name]:
                self.add_error(name, "Must be above zero.")
        for least, most in PAIRS:
            if (cleaned.get(least) or 0) > (cleaned.get(most) or 0):
                self.add_error(most, "Cannot be below the value it widens.")
        if (cleaned.get("widest_miles") or 0) > 25:
            self.add_error("widest_miles", "At most 25 miles: farther is another market.")
        return cleaned


@admin.register(CompPolicy)
class CompPolicyAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    form = CompPolicyForm
    list_display = ["__str__", "workspace", "max_age_days", "max_miles", "area_share"]
    fieldsets = [
        (
            "Which sales",
            {
                "fields": [
                    ("max_age_days", "max_miles"),
                    ("area_share", "assessed_share"),
                    ("bedroom_tolerance", "bathroom_tolerance", "year_tolerance"),
                    ("min_comps", "max_comps"),
                    ("widest_age_days", "widest_miles", "widest_area_share"),
                ],
                "description": "Sales of the same kind at arm's length. When they are too few, age,"
                " distance and size are widened in turn, and the estimate says so.",
            },
        ),
        (
            "Adjustments, as shares of the price",
            {
                "fields": [
                    "annual_trend",
                    "area_price_share",
                    ("bedroom_share", "bathroom_share"),
                    ("lot_share", "year_share"),
                    "condition_share",
                ]
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One row per workspace."""
        held = CompPolicy.objects.in_workspace(getattr(request, "workspace", None))
        return super().has_add_permission(request) and not held.exists()

    def save_model(
        self, request: HttpRequest, obj: CompPolicy, form: forms.ModelForm, change: bool
    ) -> None:
        workspace = obj.workspace if change else request.workspace  # type: ignore[attr-defined]
        save_comp_policy(workspace=workspace, actor=Actor.user(request.user), policy=obj, now=now())


@admin.register(ComparableSale)
class ComparableSaleAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["address", "sold_on", "amount", "kind", "is_arms_length", "source"]
    list_filter = ["is_arms_length", "kind"]
    search_fields = ["line", "external_id"]
    ordering = ["-id"]


@admin.register(ArvEstimate)
class ArvEstimateAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["deal", "amount", "low_amount", "high_amount", "confidence", "made_on"]
    list_select_related = ["deal__property"]
    ordering = ["-id"]
