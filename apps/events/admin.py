"""Facts, deliveries and seals: read-only, with replay of what is parked."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.common.clock import now
from apps.events.actions import Actor
from apps.events.models import Delivery, Event, Seal
from apps.events.replay import replay_deliveries


class ReadOnlyAdmin(ModelAdmin):
    """A page that shows rows and lets nobody change them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FactAdmin(ReadOnlyAdmin):
    """Staff see the facts of the workspaces they administer; a superuser all.

    This app knows no memberships: the workspace middleware leaves the ids on the request.
    """

    workspace_path = "workspace_id"
    show_full_result_count = False
    ordering = ("-id",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        ids = getattr(request, "administered_ids", [])
        return rows.filter(**{f"{self.workspace_path}__in": ids})


@admin.register(Event)
class EventAdmin(FactAdmin):
    list_display = ["id", "name", "subject_kind", "subject", "actor_label", "occurred_at", "seq"]
    list_filter = ["name", "actor_kind"]
    search_fields = ["subject", "public_id", "deal"]


@admin.register(Delivery)
class DeliveryAdmin(FactAdmin):
    workspace_path = "event__workspace_id"
    list_display = ["id", "subscriber", "state", "attempts", "available_at", "done_at"]
    list_filter = ["state", "subscriber"]
    actions = ["replay"]
    raw_id_fields = ["event"]

    @admin.action(description="Replay parked deliveries")
    def replay(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        count = replay_deliveries(actor=Actor.user(request.user), ids=ids, now=now())
        self.message_user(request, f"{count} parked deliveries are ready again.", messages.SUCCESS)


@admin.register(Seal)
class SealAdmin(FactAdmin):
    list_display = ["workspace_id", "number", "first_seq", "last_seq", "hash", "sealed_at"]
