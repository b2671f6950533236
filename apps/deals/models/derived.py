"""Metrics that admins make from others."""

from __future__ import annotations

from django.db import models

from apps.deals.qualification.types import Unit
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow

UNIT_CHOICES = [(unit.value, unit.value.capitalize() or "Plain number") for unit in Unit]


class DerivedMetric(WorkspaceRow):
    """Arithmetic over metrics under a name of its own; see `qualification.formulas`."""

    name = models.CharField(
        max_length=40, help_text="Small letters, digits and _: how formulas and files call it."
    )
    label = models.CharField(max_length=80, help_text="How people read it.")
    unit = models.CharField(max_length=16, choices=UNIT_CHOICES, blank=True)
    description = models.CharField(max_length=300, blank=True)
    formula = models.CharField(max_length=300, help_text="For example arv - repairs - asking_price")
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="derived_metric_once")
        ]

    def __str__(self) -> str:
        return self.label
