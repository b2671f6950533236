"""Letters of intent: several ways to buy on one sheet, printed like offers."""

from __future__ import annotations

from django.db import models

from apps.contacts.models import Contact
from apps.deals.models import Deal
from apps.offers.models.print_job import PrintJob
from apps.offers.strategies.structure import LABELS, StructureKind


class LetterOfIntent(PrintJob):
    """One letter and, until it stands, the job that prints it. It binds nobody."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    kinds = models.JSONField(default=list)
    letter = models.JSONField()
    made_at = models.DateTimeField()

    class Meta(PrintJob.Meta):
        verbose_name_plural = "letters of intent"
        constraints = [
            # Equal letters of a day are one row, however often they are asked for.
            models.UniqueConstraint(fields=["workspace", "content_key"], name="intent_content_once")
        ]
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=models.Q(state__in=["queued", "rendering"]),
                name="intent_open",
            ),
            models.Index(fields=["workspace", "deal", "-id"], name="intent_by_deal"),
        ]

    def __str__(self) -> str:
        return f"letter of intent {self.content_key[:8]} {self.state}"

    @property
    def labels(self) -> list[str]:
        return [LABELS[StructureKind(kind)] for kind in self.kinds]
