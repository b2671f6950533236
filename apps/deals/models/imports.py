"""List files on their way in: stored whole, worked in chunks, answered row by row."""

from __future__ import annotations

from django.db import models

from apps.deals.models.files import FileImport
from apps.deals.models.lists import LeadList
from apps.deals.models.property import Property, Strength
from apps.deals.models.sources import LeadSource


class LeadImport(FileImport):
    """One list file and how far it has come."""

    class State(models.TextChoices):
        # A draft waits for a person to look at its mapping and preview.
        DRAFT = "draft"
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELED = "canceled"
        UNDOING = "undoing"
        UNDONE = "undone"

    byte_count = models.BigIntegerField()
    encoding = models.CharField(max_length=20, default="utf-8")
    delimiter = models.CharField(max_length=1, default=",")
    vendor = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    # Digest of all that decides what the rows say (`ingestion.reading_mark`); '' where it changed
    # under way, so that the same file is read again.
    reading = models.CharField(max_length=64, blank=True)
    # The spreadsheet row of the header; 0 in old imports, where it is the first that is not blank.
    header_row = models.IntegerField(default=0)
    is_person_rows = models.BooleanField(default=False)
    is_surname_first = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    as_of = models.DateField(null=True)
    # The feed that brought it; empty for a file a person sent.
    source = models.ForeignKey(
        LeadSource, null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    # What properties of this file give as their source, and how far it is trusted.
    source_label = models.CharField(max_length=80, blank=True)
    strength = models.SmallIntegerField(choices=Strength, default=Strength.LIST)
    # The list its rows are put on; empty where each row names its own lists or none.
    lead_list = models.ForeignKey(
        LeadList, null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    # Undoing goes from the last row to the first; rows from here on are done.
    undo_from_row = models.IntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_count = models.IntegerField(default=0)
    kept_count = models.IntegerField(default=0, help_text="Edited since, so left as they were.")

    class Meta(FileImport.Meta):
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="import_open",
            )
        ]


class ImportChunk(models.Model):
    """A piece of the uploaded file: any worker machine can continue from the database."""

    lead_import = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_import", "number"], name="import_chunk_once")
        ]

    def __str__(self) -> str:
        return f"chunk {self.number} of import {self.lead_import_id}"


class ImportRow(models.Model):
    """What became of one row of the file. `row_no` is its spreadsheet row: the header is row 1."""

    class Outcome(models.TextChoices):
        CREATED = "created"
        UPDATED = "updated"
        UNCHANGED = "unchanged"
        DUPLICATE = "duplicate"
        REJECTED = "rejected"

    # No index of its own: both below begin with it.
    lead_import = models.ForeignKey(
        LeadImport, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    row_no = models.IntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=400, blank=True)
    notes = models.JSONField(default=list)
    duplicate_of = models.IntegerField(null=True)
    property = models.ForeignKey(Property, null=True, on_delete=models.SET_NULL, related_name="+")
    raw = models.JSONField(default=list, help_text="The cells of a row that was not taken.")
    # The same row again, nothing else having happened, would change nothing (`ingestion.repeats`).
    is_repeatable = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_import", "row_no"], name="import_row_once")
        ]
        indexes = [models.Index(fields=["lead_import", "outcome", "row_no"], name="import_outcome")]

    def __str__(self) -> str:
        return f"row {self.row_no}: {self.outcome}"
