"""People and look-ups, to read: a change of a person is an action with its fact."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import TabularInline

from apps.contacts.models import (
    Contact,
    EmailAddress,
    Merge,
    NumberLookup,
    Phone,
    SkipTrace,
    TraceBatch,
)
from apps.workspaces.admin_scope import WorkspaceReadOnlyAdmin


class _ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    ordering = ["rank", "id"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The page of the contact itself is scoped to the workspaces this person administers.
        return bool(request.user.is_staff)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PhoneInline(_ReadOnlyInline):
    model = Phone
    fields = ["e164", "rank", "line_type", "status", "is_dnc", "dnc_checked_on", "source"]


class EmailInline(_ReadOnlyInline):
    model = EmailAddress
    fields = ["address", "rank", "status", "source"]


@admin.register(Contact)
class ContactAdmin(SimpleHistoryAdmin, WorkspaceReadOnlyAdmin):
    list_display = ["name", "kind", "mailing_city", "mailing_state", "is_litigator", "checked_at"]
    list_filter = ["kind", "is_litigator", "is_deceased", "is_do_not_mail"]
    search_fields = ["name", "phones__e164", "emails__address"]
    ordering = ["name", "id"]
    inlines = [PhoneInline, EmailInline]


@admin.register(SkipTrace)
class SkipTraceAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["contact", "provider", "state", "is_match", "requested_at", "cost_amount"]
    list_filter = ["state", "provider", "is_match"]
    list_select_related = ["contact"]
    date_hierarchy = "requested_at"


@admin.register(Merge)
class MergeAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["other", "survivor", "merged_at", "merged_by", "undone_at", "undone_by"]
    list_select_related = ["survivor", "other"]
    date_hierarchy = "merged_at"


@admin.register(NumberLookup)
class NumberLookupAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["e164", "provider", "state", "line_type", "requested_at", "cost_amount"]
    list_filter = ["state", "provider", "line_type"]
    search_fields = ["e164"]
    date_hierarchy = "requested_at"


@admin.register(TraceBatch)
class TraceBatchAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["title", "state", "most_cost_amount", "started_at", "finished_at", "note"]
    list_filter = ["state"]
