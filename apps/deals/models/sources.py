"""Feeds that bring leads: what to ask, how often, how far we have come and how it goes."""

from __future__ import annotations

from django.db import models

from apps.deals.models.property import Strength
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class LeadSource(WorkspaceRow):
    """One feed. `watermark` and `next_run_at` are rows, so any worker goes on after a crash."""

    class Type(models.TextChoices):
        RESO = "reso", "RESO Web API (MLS)"
        BATCHDATA = "batchdata", "BatchData property search"
        REAPI = "reapi", "RealEstateAPI"
        RENTCAST = "rentcast", "RentCast"
        SOCRATA = "socrata", "County open data (Socrata)"
        FOLDER = "folder", "Watched folder"
        WEBHOOK = "webhook", "Webhook"

    class Health(models.TextChoices):
        NEW = "new", "Never ran"
        OK = "ok", "Working"
        FAILING = "failing", "Failing"
        PAUSED = "paused", "Paused"

    name = models.CharField(max_length=80)
    type = models.CharField(max_length=12, choices=Type)
    is_active = models.BooleanField(default=True)
    # Address, filters and column mapping, by type; never a secret.
    settings = models.JSONField(default=dict, blank=True)
    # Sealed by apps.workspaces.vault; never shown again.
    credentials = models.TextField(blank=True, editable=False)
    strength = models.SmallIntegerField(choices=Strength, default=Strength.DATA_API)
    every_minutes = models.PositiveIntegerField(default=60)
    cost_month_amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    lead_list = models.ForeignKey(
        "deals.LeadList", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # How far the feed was read; its shape belongs to the type.
    watermark = models.JSONField(default=dict, blank=True)
    health = models.CharField(max_length=8, choices=Health, default=Health.NEW)
    last_error = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    next_run_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="lead_source_name_once")
        ]
        indexes = [
            models.Index(
                fields=["next_run_at"],
                condition=models.Q(is_active=True, next_run_at__isnull=False),
                name="lead_source_due",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SourceRun(WorkspaceRow):
    """One reading of a feed: what it brought, from where to where."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    source = models.ForeignKey(LeadSource, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    page_count = models.PositiveIntegerField(default=0)
    record_count = models.PositiveIntegerField(default=0)
    # Of these: what had ended before the feed ever told of it, and opens no lead.
    over_count = models.PositiveIntegerField(default=0)
    watermark_before = models.JSONField(default=dict)
    watermark_after = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    # Where the next page begins, so that another worker goes on in the middle of a long reading.
    page_token = models.TextField(blank=True)

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["source", "-id"], name="source_run_latest")]

    def __str__(self) -> str:
        return f"run {self.pk} of source {self.source_id}"


class SourceRecord(models.Model):
    """What a feed last said of one record: it is not imported again until that changes.

    `raw` is the vendor's record (zlib over JSON): a mistake in a mapping is mended from it.
    """

    source = models.ForeignKey(LeadSource, on_delete=models.CASCADE, related_name="records")
    key = models.CharField(max_length=200)
    # SHA-256 of the cells.
    digest = models.BinaryField(max_length=32)
    raw = models.BinaryField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="source_record_once")]

    def __str__(self) -> str:
        return f"record {self.key} of source {self.source_id}"
