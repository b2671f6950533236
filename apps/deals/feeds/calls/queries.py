"""Reads of webhook calls."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from apps.common.pagination import Page, keyset
from apps.deals.models import LeadSource, WebhookCall
from apps.workspaces.models import Workspace

PAGE_CALLS = 25


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Calls of a source by state."""

    waiting: int = 0
    done: int = 0
    refused: int = 0


def get_call(workspace: Workspace, source: LeadSource, call_id: UUID) -> WebhookCall:
    """Raises WebhookCall.DoesNotExist."""
    calls = WebhookCall.objects.in_workspace(workspace).select_related("lead_import")
    return calls.get(source=source, public_id=call_id)


def list_calls(source: LeadSource, *, state: str = "", cursor: str = "") -> Page[WebhookCall]:
    """The latest first, without their bodies."""
    calls = WebhookCall.objects.in_workspace(source.workspace_id).filter(source=source)
    if state in WebhookCall.State.values:
        calls = calls.filter(state=state)
    calls = calls.defer("body", "headers", "consents").select_related("lead_import")
    return keyset(calls, ("id",), cursor, PAGE_CALLS)


def count_calls(source: LeadSource) -> CallCounts:
    calls = WebhookCall.objects.in_workspace(source.workspace_id).filter(source=source)
    rows = calls.order_by().values_list("state").annotate(n=Count("id"))
    return CallCounts(**dict(rows))
