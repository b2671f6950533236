"""What every printed paper shares: the job that prints it, and the file that came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from apps.offers.rules import MAX_ATTEMPTS, retry_delay
from apps.offers.types import DocumentState
from apps.workspaces.scoping import WorkspaceRow


class PrintJob(WorkspaceRow):
    """Leased to one worker at a time, tried until it is printed or given up."""

    content_key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    body = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    byte_count = models.PositiveIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        abstract = True

    @property
    def is_open(self) -> bool:
        """Still being worked on: worth asking again."""
        return self.state in {DocumentState.QUEUED, DocumentState.RENDERING}

    def is_held_as(self, claimed: Self) -> bool:
        """Whether the worker that claimed it so still has the lease."""
        return self.state == DocumentState.RENDERING and self.attempts == claimed.attempts

    def put_back(self, error: str, *, is_final: bool, now: datetime) -> bool:
        """Queue a failed job again, later each time; True when it is given up instead.

        It is given up when told to or after the fifth attempt.
        """
        is_final = is_final or self.attempts >= MAX_ATTEMPTS
        self.state = DocumentState.FAILED if is_final else DocumentState.QUEUED
        self.available_at = now + retry_delay(self.attempts)
        self.lease_until, self.error = None, error
        self.save(update_fields=["state", "available_at", "lease_until", "error"])
        return is_final
