"""Users, workspaces, roles, API keys and connections to providers."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow
from apps.workspaces.types import Capability, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField(default=False, help_text="May open the admin.")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """One wholesaling business."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    sender_name = models.CharField(
        max_length=120, blank=True, help_text="The person who signs texts and offers."
    )
    sender_phone = models.CharField(max_length=16, blank=True, help_text="E.164")
    sender_email = models.EmailField(blank=True)
    legal_address = models.CharField(
        max_length=240, blank=True, help_text="Postal address that e-mails and offers must show."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    history = history()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role in a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.get_role_display()} of {self.workspace}"


class ApiKey(WorkspaceRow):
    """A partner's key; only its SHA-256 is stored, `prefix` finds it."""

    label = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class Connection(WorkspaceRow):
    """How a workspace reaches a provider. A sandbox connection never leaves this machine."""

    capability = models.CharField(max_length=16, choices=Capability)
    provider = models.CharField(max_length=40, default="sandbox")
    position = models.PositiveSmallIntegerField(
        default=1, help_text="Where several are active: 1 is asked first."
    )
    from_address = models.CharField(max_length=254, blank=True, help_text="Number or address.")
    # Addresses and options, by provider; never a secret.
    settings = models.JSONField(default=dict, blank=True)
    # Sealed by apps.workspaces.vault; never shown again.
    credentials = models.TextField(blank=True, editable=False)
    is_sandbox = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_registered = models.BooleanField(
        default=False, help_text="10DLC brand and campaign are approved."
    )
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "capability"],
                condition=models.Q(is_active=True) & ~models.Q(capability="skip_trace"),
                name="connection_one_active",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_capability_display()} by {self.provider}"
