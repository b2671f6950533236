"""Letters of intent: several ways to buy on one sheet, printed like offers."""

from __future__ import annotations

from django.db import models

from apps.contacts.models import Contact
from apps.deals.models import Deal
from apps.offers.strategies.structure import LABELS, StructureKind
from apps.offers.types import DocumentState
from apps.workspaces.scoping import WorkspaceRow


class LetterOfIntent(WorkspaceRow):
    """One letter and, until it stands, the job that prints it. It binds nobody."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    kinds = models.JSONField(default=list)
    # Equal letters of a day are one row, however often they are asked for.
    content_key = models.CharField(max_length=64)
    letter = models.JSONField()
    made_at = models.DateTimeField()
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
        verbose_name_plural = "letters of intent"
        constraints = [
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

    @property
    def is_open(self) -> bool:
        """Still being worked on: worth asking again."""
        return self.state in {DocumentState.QUEUED, DocumentState.RENDERING}
