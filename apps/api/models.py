"""What was answered to a request that may come twice."""

from django.db import models

from apps.workspaces.scoping import WorkspaceRow


class IdempotencyRecord(WorkspaceRow):
    """The answer to the first request with an Idempotency-Key; the same request gets it again."""

    api_key = models.ForeignKey("workspaces.ApiKey", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=300, blank=True)
    # Text, because PostgreSQL's JSON reorders keys and the repeated answer is the same to the byte.
    body = models.TextField(blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "api_key", "key"], name="idempotency_key_once"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return self.key
