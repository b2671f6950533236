"""One offer to one seller."""

from __future__ import annotations

from django.db import models

from apps.contacts.models import Contact
from apps.deals.models import Deal
from apps.events.history import history
from apps.offers.models.strategy import Strategy
from apps.offers.types import OfferState
from apps.workspaces.scoping import WorkspaceRow


class Offer(WorkspaceRow):
    """What was offered, how the price came about, and what the seller did.

    A withdrawn or expired offer that is made again keeps its row and gets the next `revision`,
    with a new price, a new document and a new public link.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="offers")
    seller = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="offers")
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.READY)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    formula = models.CharField(max_length=20)
    formula_version = models.PositiveSmallIntegerField()
    strategy_version = models.PositiveIntegerField()
    inputs = models.JSONField(default=dict)
    derivation = models.JSONField(default=list)
    emd_amount = models.DecimalField(max_digits=12, decimal_places=2)
    inspection_days = models.PositiveSmallIntegerField()
    closing_days = models.PositiveSmallIntegerField()
    # The link itself is derived from the installation's key; a copied database opens no offer.
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    viewed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "deal", "seller", "strategy"], name="offer_once"
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "-made_at", "-id"], name="offer_latest"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state="ready"),
                name="offer_expiring",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: ${self.amount:,.2f}"

    @property
    def reference(self) -> str:
        """What people say on the phone; not a secret and not a key."""
        suffix = f"-{self.revision}" if self.revision > 1 else ""
        return f"OF-{self.public_id.hex[:8].upper()}{suffix}"
