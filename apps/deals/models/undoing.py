"""What an import found before it changed rows that keep no history of their own."""

from __future__ import annotations

from django.db import models

from apps.deals.models.imports import LeadImport
from apps.deals.models.property import Property


class ImportBefore(models.Model):
    """Parties, list memberships or signals of one property as they stood before an import."""

    class What(models.TextChoices):
        PARTIES = "parties"
        MEMBERSHIPS = "memberships"
        SIGNALS = "signals"

    lead_import = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="befores")
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=12, choices=What)
    rows = models.JSONField(default=list)

    class Meta:
        constraints = [
            # The first of several rows of one file saw what was there before.
            models.UniqueConstraint(
                fields=["lead_import", "property", "what"], name="import_before_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} of property {self.property_id} before import {self.lead_import_id}"
