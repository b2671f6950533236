"""What every imported file shares: what it is, how far it has come, and who works on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from apps.workspaces.scoping import WorkspaceRow

LEASE = timedelta(seconds=60)
OUTCOMES = ("created", "updated", "unchanged", "duplicate", "rejected")


class Leased(models.Model):
    """Work that one worker at a time carries on; when its lease has run out, another one does."""

    started_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def hold(self, now: datetime) -> None:
        """Keep other workers off for a while."""
        self.lease_until = now + LEASE
        self.started_at = self.started_at or now
        self.save(update_fields=["lease_until", "started_at"])


class FileImport(Leased, WorkspaceRow):
    """Every row of the file ends in exactly one of the five counts."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    error = models.TextField(blank=True)
    rows_total = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    created_count = models.IntegerField(default=0)
    updated_count = models.IntegerField(default=0)
    unchanged_count = models.IntegerField(default=0)
    duplicate_count = models.IntegerField(default=0)
    rejected_count = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome."""
        return {outcome: getattr(self, f"{outcome}_count") for outcome in OUTCOMES}
