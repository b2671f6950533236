"""What was published of a rule set, never changed again, and what waits for a second person."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.deals.models.qualification import RuleSet
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow

# The database refuses to change these; the links to users go when the users do.
KEPT = (
    "id",
    "workspace_id",
    "public_id",
    "rule_set_id",
    "number",
    "content",
    "digest",
    "created_at",
    "note",
    "published_at",
    "published_by_name",
    "approved_by_name",
    "restores_id",
)


class RuleSetVersion(WorkspaceRow):
    """A rule set as it judged deals from `published_at` on.

    `content` is the whole set as plain data, see `qualification.versions`; `digest` the SHA-256 of
    its canonical JSON. The database refuses to change or delete a version.
    """

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_by_name = models.CharField(max_length=120)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by_name = models.CharField(max_length=120, blank=True)
    restores = models.ForeignKey("self", null=True, on_delete=models.RESTRICT, related_name="+")

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "number"], name="rule_set_version_once")
        ]
        indexes = [
            models.Index(fields=["workspace", "-published_at"], name="rule_set_version_newest")
        ]

    def __str__(self) -> str:
        return f"{self.content['name']} v{self.number}"


class RuleProposal(WorkspaceRow):
    """Rules one person wants published; another person approves or declines them."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a second person"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        # Another version was published meanwhile: what was proposed would silently undo it.
        OVERTAKEN = "overtaken", "Overtaken"

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="proposals")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set"],
                condition=models.Q(state="waiting"),
                name="rule_proposal_one_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_set.name}: {self.get_state_display()}"
