"""Headers somebody knows and what their columns mean."""

from __future__ import annotations

from django.db import models

from apps.deals.models.property import Strength
from apps.workspaces.scoping import WorkspaceRow


class ListPreset(WorkspaceRow):
    """How lists with this header are read: one the product ships, or a person's choice."""

    vendor = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=80)
    slug = models.CharField(max_length=60)
    # The exact header texts, in their order; repeats told apart.
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text="Column header -> field.")
    is_person_rows = models.BooleanField(
        default=False, help_text="Each row is a person; a property may have several rows."
    )
    is_surname_first = models.BooleanField(
        default=False, help_text="Whole names are written surname first."
    )
    is_shipped = models.BooleanField(default=False, editable=False)
    strength = models.SmallIntegerField(choices=Strength, default=Strength.LIST)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="list_preset_once")
        ]

    def __str__(self) -> str:
        return self.label
