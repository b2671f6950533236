"""Reading workspaces, memberships, keys and connections."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from apps.common.ids import digest
from apps.workspaces.models import ApiKey, Connection, Membership, User, Workspace
from apps.workspaces.types import Capability


def get_workspace(slug: str) -> Workspace:
    """Raises Workspace.DoesNotExist."""
    return Workspace.objects.get(slug=slug)


def get_workspace_by_id(workspace_id: int) -> Workspace:
    """Raises Workspace.DoesNotExist."""
    return Workspace.objects.get(pk=workspace_id)


def list_memberships(user: User) -> list[Membership]:
    rows = Membership.objects.filter(user=user).select_related("workspace")
    return list(rows.order_by("workspace__name"))


def list_members(workspace: Workspace) -> list[Membership]:
    rows = Membership.objects.filter(workspace=workspace).select_related("user")
    return list(rows.order_by("user__name", "user__email"))


def find_connection(workspace: Workspace, capability: Capability | str) -> Connection | None:
    """The active connection for a capability, if any; of several the first by position."""
    return next(iter(list_active_connections(workspace, capability)), None)


def list_active_connections(workspace: Workspace, capability: Capability | str) -> list[Connection]:
    """In the order they are to be asked."""
    rows = Connection.objects.in_workspace(workspace)
    found = rows.filter(capability=capability, is_active=True)
    return list(found.order_by("position", "pk"))


def find_connection_by_ref(workspace: Workspace, public_id: UUID) -> Connection | None:
    return Connection.objects.in_workspace(workspace).filter(public_id=public_id).first()


def has_sandbox(workspace: Workspace) -> bool:
    rows = Connection.objects.in_workspace(workspace)
    return bool(rows.filter(is_active=True, is_sandbox=True).exists())


def is_sandbox_channel(workspace: Workspace, capability: Capability | str) -> bool:
    connection = find_connection(workspace, capability)
    return connection is not None and connection.is_sandbox


def list_connections(workspace: Workspace) -> list[Connection]:
    return list(Connection.objects.in_workspace(workspace).order_by("capability", "id"))


def find_api_key(token: str, *, now: datetime) -> ApiKey | None:
    """The usable key behind a bearer token `dw_<prefix>_<secret>`; None if unknown or over."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != "dw":
        return None
    key = (
        ApiKey.across_workspaces.filter(prefix=parts[1], revoked_at__isnull=True)
        .select_related("workspace")
        .first()
    )
    if key is None or not hmac.compare_digest(key.secret_hash, digest(token)):
        return None
    if key.expires_at is not None and key.expires_at <= now:
        return None
    return key
