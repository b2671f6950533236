"""What an admin edits: texts and the workspace's own sending limits."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.channels.models.choices import Channel
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class MessageTemplate(WorkspaceRow):
    """A text with merge fields; `version` grows with every change."""

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=10, choices=Channel)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1, editable=False)
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="message_template_key_once")
        ]

    def __str__(self) -> str:
        return self.name


class SendingPolicy(WorkspaceRow):
    """A workspace's own limits: they narrow the legal hours and counts and cannot widen them."""

    opens_at = models.TimeField(default=time(8), help_text="Seller's local time.")
    closes_at = models.TimeField(default=time(21), help_text="Seller's local time.")
    is_sunday_closed = models.BooleanField(default=False)
    max_per_day = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text="Messages one seller may get in 24 hours; the built-in limit is three.",
    )
    is_cold_sms_acknowledged = models.BooleanField(
        default=False,
        help_text="We know that carriers forbid texts to bought or skip-traced lists and answer"
        " for sending them.",
    )
    history = history()

    class Meta(WorkspaceRow.Meta):
        verbose_name_plural = "sending policies"
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="sending_policy_once"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="sending_policy_hours"
            ),
            models.CheckConstraint(
                condition=Q(max_per_day__gte=1, max_per_day__lte=3), name="sending_policy_cap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens_at:%H:%M}-{self.closes_at:%H:%M}, {self.max_per_day} a day"
