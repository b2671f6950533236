"""One conversation per person: what waits for us, since when, and on whose desk."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.inbox.types import ConversationState
from apps.workspaces.scoping import WorkspaceRow


class Conversation(WorkspaceRow):
    contact = models.ForeignKey("contacts.Contact", on_delete=models.PROTECT, related_name="+")
    # The deal the person wrote about last; a contact of no deal can write too.
    deal = models.ForeignKey("deals.Deal", on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in ConversationState],
        default=ConversationState.OPEN,
    )
    unread_count = models.PositiveIntegerField(default=0)
    last_message_at = models.DateTimeField()
    last_channel = models.CharField(max_length=20, blank=True)
    last_excerpt = models.CharField(max_length=160, blank=True)
    # The speed-to-lead clock: set by the first message nobody has answered yet.
    first_unanswered_at = models.DateTimeField(null=True)
    # A snoozed conversation stays open and comes back by itself when this time has passed.
    snoozed_until = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(WorkspaceRow.Meta):
        ordering = ["-last_message_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "contact"], name="conversation_one_per_contact"
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "state", "-last_message_at", "-id"], name="conversation_list"
            ),
            models.Index(
                fields=["workspace"],
                condition=models.Q(unread_count__gt=0),
                name="conversation_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"Conversation {self.public_id}"
