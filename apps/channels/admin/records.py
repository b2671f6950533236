"""What was sent, decided and received, for reading."""

from django.contrib import admin

from apps.channels.models import Decision, InboundMessage, Message, RawCall, SandboxDelivery
from apps.workspaces.admin_scope import WorkspaceReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["queued_at", "channel", "to_address", "state", "attempt", "error_code"]
    list_filter = ["state", "channel", "purpose"]
    search_fields = ["to_address", "contact_ref", "idempotency_key", "provider_sid"]
    ordering = ["-pk"]


@admin.register(Decision)
class DecisionAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["decided_at", "message", "verdict", "until", "live_verdict", "rules_version"]
    list_filter = ["verdict", "live_verdict", "is_sandbox"]
    list_select_related = ["message"]
    ordering = ["-pk"]


@admin.register(InboundMessage)
class InboundMessageAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["received_at", "channel", "from_address", "intent", "contact_ref"]
    list_filter = ["intent", "channel"]
    search_fields = ["from_address", "contact_ref", "body"]
    ordering = ["-pk"]


@admin.register(RawCall)
class RawCallAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["received_at", "provider", "kind", "external_id"]
    list_filter = ["provider", "kind"]
    ordering = ["-pk"]


@admin.register(SandboxDelivery)
class SandboxDeliveryAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["accepted_at", "channel", "to_address", "sid"]
    list_filter = ["channel"]
    ordering = ["-pk"]
