"""States of an offer and of its document."""

from django.db import models

from apps.offers.strategies.cash import Formula


class OfferState(models.TextChoices):
    READY = "ready", "Open"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class DocumentState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RENDERING = "rendering", "Rendering"
    DONE = "done", "Ready"
    FAILED = "failed", "Failed"


class FormulaName(models.TextChoices):
    """The formulas by the names people read."""

    FLIP = Formula.FLIP.value, "Flip: ARV × p − repairs"
    WHOLESALE = Formula.WHOLESALE.value, "Wholesale: ARV × p − repairs − fee"
    ITEMISED = Formula.ITEMISED.value, "Itemized: ARV − every cost − profit"
    COST_FIRST = Formula.COST_FIRST.value, "Cost first: (ARV − every cost) × p"
