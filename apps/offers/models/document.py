"""The printed offer and, until it stands, the job that prints it."""

from __future__ import annotations

from django.db import models

from apps.offers.models.offer import Offer
from apps.offers.types import DocumentState
from apps.workspaces.scoping import WorkspaceRow


class OfferDocument(WorkspaceRow):
    """One PDF per revision of an offer. A worker claims it, prints it, stores the bytes."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="documents")
    revision = models.PositiveSmallIntegerField()
    content_key = models.CharField(max_length=64)
    template_version = models.CharField(max_length=40)
    # Everything the letter says but the public link, which is derived when it is printed.
    letter = models.JSONField()
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    body = models.BinaryField(null=True)
    # True while the file holds a link that can still accept the offer: then `body` is encrypted.
    is_sealed = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    byte_count = models.PositiveIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "content_key"], name="document_content_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "offer", "revision"], name="document_revision_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=models.Q(state__in=["queued", "rendering"]),
                name="document_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_key[:16]} {self.state}"

    @property
    def is_open(self) -> bool:
        """Still being worked on: worth asking again."""
        return self.state in {DocumentState.QUEUED, DocumentState.RENDERING}
