"""Messages, replies, suppression, consent and templates."""

from __future__ import annotations

from django.db import models

from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class Channel(models.TextChoices):
    SMS = "sms", "SMS"
    EMAIL = "email", "E-mail"
    VOICEMAIL = "voicemail", "Voicemail"


class MessageTemplate(WorkspaceRow):
    """A text with merge fields; `version` grows with every change."""

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=10, choices=Channel)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="message_template_key_once")
        ]

    def __str__(self) -> str:
        return self.name
