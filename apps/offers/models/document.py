"""The printed offer and, until it stands, the job that prints it."""

from __future__ import annotations

from django.db import models

from apps.offers.models.offer import Offer
from apps.offers.models.print_job import PrintJob


class OfferDocument(PrintJob):
    """One PDF per revision of an offer. A worker claims it, prints it, stores the bytes."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="documents")
    revision = models.PositiveSmallIntegerField()
    template_version = models.CharField(max_length=40)
    # Everything the letter says but the public link, which is derived when it is printed.
    letter = models.JSONField()
    # True while the file holds a link that can still accept the offer: then the body is encrypted.
    is_sealed = models.BooleanField(default=False)

    class Meta(PrintJob.Meta):
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
