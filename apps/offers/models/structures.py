"""Terms of the creative ways of buying, as the workspace sets them."""

from __future__ import annotations

from django.db import models

from apps.events.history import history
from apps.offers.strategies.compare import CreativeTerms, read_terms
from apps.offers.strategies.structure import LABELS, StructureKind
from apps.workspaces.scoping import WorkspaceRow

CREATIVE = [(kind.value, LABELS[kind]) for kind in StructureKind if kind != StructureKind.CASH]


class StructureTerms(WorkspaceRow):
    """One row per way of buying. `version` grows with every change of a term."""

    kind = models.CharField(max_length=16, choices=CREATIVE)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Names are those of the terms' dataclass; a name that is missing takes its default.
    values = models.JSONField(default=dict, blank=True, editable=False)
    history = history()

    class Meta(WorkspaceRow.Meta):
        verbose_name = verbose_name_plural = "structure terms"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind"], name="structure_kind_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def terms(self) -> CreativeTerms:
        """Raises TermsRefused."""
        return read_terms(StructureKind(self.kind), self.values)
