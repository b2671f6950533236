"""Facts, their deliveries and the seals over them."""

from __future__ import annotations

import uuid

from django.db import models


class Event(models.Model):
    """One fact. The database refuses to change or delete it (see `append_only`)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # A plain number, not a foreign key: the log outlives the workspace. 0 is the installation.
    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    # The deal this fact belongs to, if any: a deal's timeline and the funnel read one index.
    deal = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=120)
    cause = models.UUIDField(null=True)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    seal = models.ForeignKey("Seal", null=True, on_delete=models.PROTECT, related_name="events")
    seq = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "subject", "id"], name="event_subject"),
            models.Index(fields=["workspace_id", "deal", "id"], name="event_deal"),
            models.Index(fields=["workspace_id", "name", "occurred_at"], name="event_name"),
            models.Index(
                fields=["workspace_id", "id"],
                condition=models.Q(seal__isnull=True),
                name="event_unsealed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "seq"], name="event_seq_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class Delivery(models.Model):
    """One fact on its way to one subscriber; `done` is the receipt.

    The handler's writes and the receipt commit together, so its database effects happen once.
    """

    class State(models.TextChoices):
        READY = "ready"
        DONE = "done"
        DEAD = "dead"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                condition=models.Q(state="ready"),
                name="delivery_ready",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} ← {self.event_id} ({self.state})"


class Seal(models.Model):
    """A hash over a batch of a workspace's facts and over the seal before it."""

    workspace_id = models.BigIntegerField()
    number = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "number"], name="seal_number_once")
        ]

    def __str__(self) -> str:
        return f"seal {self.number} of workspace {self.workspace_id}"
