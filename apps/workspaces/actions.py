"""Writing workspaces, memberships, keys and connections."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.text import slugify

from apps.common.ids import digest
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.workspaces import (
    ApiKeyIssued,
    ApiKeyRevoked,
    ConnectionSaved,
    MemberAdded,
    WorkspaceChanged,
    WorkspaceCreated,
)
from apps.events.publish import publish
from apps.workspaces.models import ApiKey, Connection, Membership, User, Workspace
from apps.workspaces.types import RANKED, SCOPES, Capability, Role

KEY_USE_PRECISION = timedelta(minutes=1)


SETTINGS = ("name", "time_zone", "sender_name", "sender_phone", "sender_email", "legal_address")


class WorkspaceSlugTaken(ValueError):
    """Another workspace has this slug."""


class WorkspaceSlugInvalid(ValueError):
    """The slug is not made of lower-case letters, digits and hyphens."""


class ScopeUnknown(ValueError):
    """An API key was asked for with a scope that does not exist."""


@action
def create_workspace(
    *,
    actor: Actor,
    slug: str,
    name: str,
    now: datetime,
    legal_address: str = "",
    sender_name: str = "",
    sender_phone: str = "",
    sender_email: str = "",
) -> Workspace:
    """Create a workspace with sandbox connections for every capability.

    `sender_phone` is E.164. Raises WorkspaceSlugTaken or WorkspaceSlugInvalid.
    """
    if slug != slugify(slug) or not slug:
        raise WorkspaceSlugInvalid(
            f"'{slug}' cannot be a slug: use lower-case letters, digits and hyphens."
        )
    if Workspace.objects.filter(slug=slug).exists():
        raise WorkspaceSlugTaken(f"A workspace '{slug}' exists already.")
    workspace = Workspace.objects.create(
        slug=slug,
        name=name,
        legal_address=legal_address,
        sender_name=sender_name,
        sender_phone=sender_phone,
        sender_email=sender_email,
    )
    for capability in Capability.values:
        Connection.objects.create(workspace=workspace, capability=capability)
    publish(
        WorkspaceCreated(subject=workspace.public_id, slug=slug, workspace_name=name),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return workspace


@action
def save_workspace(
    *, workspace: Workspace, actor: Actor, changed: Workspace, now: datetime
) -> Workspace:
    """Store the settings of a workspace; the fact names each field's old and new value."""
    stored = Workspace.objects.select_for_update().get(pk=workspace.pk)
    changes = {
        name: [getattr(stored, name), getattr(changed, name)]
        for name in SETTINGS
        if getattr(stored, name) != getattr(changed, name)
    }
    if not changes:
        unchanged("every setting stands as it was")
        return stored
    for name, (_, value) in changes.items():
        setattr(stored, name, value)
    stored.save()
    publish(
        WorkspaceChanged(subject=stored.public_id, changes=changes),
        workspace_id=stored.pk,
        actor=actor,
        now=now,
    )
    return stored


@action
def add_member(
    *, workspace: Workspace, actor: Actor, user: User, role: Role | str, now: datetime
) -> Membership:
    """Give a user a role; the same role again changes nothing."""
    membership, is_new = Membership.objects.get_or_create(
        workspace=workspace, user=user, defaults={"role": role}
    )
    if not is_new and membership.role == role:
        unchanged("the user has this role already")
        return membership
    membership.role = str(role)
    membership.save()
    publish(
        MemberAdded(subject=workspace.public_id, user_id=user.pk, role=str(role)),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return membership


@action
def issue_api_key(
    *,
    workspace: Workspace,
    actor: Actor,
    label: str,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Create a key and return it with its token, which is shown this once. Raises ScopeUnknown."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise ScopeUnknown(f"There is no scope {', '.join(unknown)}.")
    prefix = secrets.token_hex(6)
    token = f"dw_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        workspace=workspace,
        label=label,
        prefix=prefix,
        secret_hash=digest(token),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    publish(
        ApiKeyIssued(subject=key.public_id, label=label, prefix=prefix, scopes=list(scopes)),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return key, token


@action
def revoke_api_key(*, workspace: Workspace, actor: Actor, key: ApiKey, now: datetime) -> ApiKey:
    """Make a key useless at once."""
    if key.revoked_at is not None:
        unchanged("the key is revoked already")
        return key
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    publish(
        ApiKeyRevoked(subject=key.public_id, prefix=key.prefix),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return key


@action
def save_connection(
    *, workspace: Workspace, actor: Actor, connection: Connection, now: datetime
) -> Connection:
    """Store a connection; switching one on switches the capability's other one off.

    Where several may be active, real and sandbox ones do not stand beside each other: made-up
    answers must not mix with bought ones.
    """
    connection.workspace = workspace
    if connection.is_active:
        others = Connection.objects.in_workspace(workspace).filter(
            capability=connection.capability, is_active=True
        )
        if connection.capability in RANKED:
            others = others.exclude(is_sandbox=connection.is_sandbox)
        for other in others.exclude(pk=connection.pk):
            other.is_active = False
            other.save()
    connection.save()
    publish(
        ConnectionSaved(
            subject=connection.public_id,
            capability=connection.capability,
            provider=connection.provider,
            is_sandbox=connection.is_sandbox,
            is_active=connection.is_active,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return connection


def note_key_use(*, key: ApiKey, now: datetime) -> None:
    """Remember that a key was used, to the minute. No fact: it would outnumber all others."""
    rows = ApiKey.across_workspaces.filter(pk=key.pk)
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - KEY_USE_PRECISION)
    rows.filter(stale).update(last_used_at=now)
