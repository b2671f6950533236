"""Facts about workspaces, people and keys."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class WorkspaceCreated(Fact):
    name: ClassVar[str] = "workspaces.workspace_created.v1"
    subject_kind: ClassVar[str] = "workspace"
    slug: str
    workspace_name: str


@dataclass(frozen=True, kw_only=True)
class WorkspaceChanged(Fact):
    """`changes`: field -> [old, new]."""

    name: ClassVar[str] = "workspaces.workspace_changed.v1"
    subject_kind: ClassVar[str] = "workspace"
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MemberAdded(Fact):
    name: ClassVar[str] = "workspaces.member_added.v1"
    subject_kind: ClassVar[str] = "workspace"
    user_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class ApiKeyIssued(Fact):
    name: ClassVar[str] = "workspaces.api_key_issued.v1"
    subject_kind: ClassVar[str] = "api_key"
    label: str
    prefix: str
    scopes: list[str]


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Fact):
    name: ClassVar[str] = "workspaces.api_key_revoked.v1"
    subject_kind: ClassVar[str] = "api_key"
    prefix: str


@dataclass(frozen=True, kw_only=True)
class ConnectionSaved(Fact):
    name: ClassVar[str] = "workspaces.connection_saved.v1"
    subject_kind: ClassVar[str] = "connection"
    capability: str
    provider: str
    is_sandbox: bool
    is_active: bool
