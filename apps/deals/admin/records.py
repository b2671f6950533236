"""Properties, deals, scores and imports: to look at, with their history."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.deals.models import Deal, DealScore, LeadImport, Property, RuleProposal, RuleSetVersion
from apps.events.admin import ReadOnlyAdmin
from apps.workspaces.admin_scope import WorkspaceReadOnlyAdmin, administered_by


@admin.register(Property)
class PropertyAdmin(SimpleHistoryAdmin, WorkspaceReadOnlyAdmin):
    list_display = ["address", "county", "apn", "property_type", "source", "as_of"]
    list_filter = ["state"]
    search_fields = ["line", "apn", "zip"]
    ordering = ["-id"]


@admin.register(Deal)
class DealAdmin(SimpleHistoryAdmin, WorkspaceReadOnlyAdmin):
    list_display = ["__str__", "stage", "status", "seller", "assigned_to"]
    list_filter = ["status", "stage__kind"]
    list_select_related = ["property", "stage", "seller", "assigned_to"]
    search_fields = ["search_text", "public_id"]
    ordering = ["-id"]


@admin.register(DealScore)
class DealScoreAdmin(ReadOnlyAdmin):
    list_display = ["deal", "score", "verdict", "coverage", "rule_set", "rule_set_version"]
    list_filter = ["verdict"]
    list_select_related = ["deal__property", "rule_set"]
    ordering = ["-score", "-deal"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(workspace_id__in=_administered(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_module_permission(request):
            return False
        wanted = _administered(request)
        return wanted.filter(pk=obj.workspace_id).exists() if obj else wanted.exists()


@admin.register(LeadImport)
class LeadImportAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["file_name", "vendor", "state", "rows_done", "rows_total", "created_at"]
    list_filter = ["state", "vendor"]
    ordering = ["-id"]


def _administered(request: HttpRequest) -> QuerySet[Any]:
    return administered_by(request).values("pk")


@admin.register(RuleSetVersion)
class RuleSetVersionAdmin(WorkspaceReadOnlyAdmin):
    list_display = [
        "rule_set",
        "number",
        "published_at",
        "published_by_name",
        "approved_by_name",
        "note",
    ]
    list_select_related = ["rule_set"]
    ordering = ["-id"]


@admin.register(RuleProposal)
class RuleProposalAdmin(SimpleHistoryAdmin, WorkspaceReadOnlyAdmin):
    list_display = ["rule_set", "state", "proposed_at", "proposed_by_name", "decided_by_name"]
    list_filter = ["state"]
    list_select_related = ["rule_set"]
    ordering = ["-id"]
