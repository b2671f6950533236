"""What importing a long draft would do, as far as a worker has counted."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.deals.models.files import Leased
from apps.deals.models.imports import LeadImport


class ImportPreview(Leased):
    """Asked for while there is a row; gone once the draft is started or thrown away.

    A draft that is mapped anew gets another row, and the worker who lost the old one stops. Nothing
    else is kept, so a worker who takes it over begins at the first row.
    """

    lead_import = models.OneToOneField(
        LeadImport, on_delete=models.CASCADE, related_name="asked_preview"
    )
    rows_seen = models.IntegerField(default=0)
    # As `ingestion.preview.Preview` has them.
    counts = models.JSONField(default=dict)
    changed_fields = models.JSONField(default=dict)
    samples = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(finished_at=None), name="preview_asked")
        ]

    def __str__(self) -> str:
        return f"preview of import {self.lead_import_id}"
