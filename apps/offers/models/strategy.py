"""How a workspace prices and words its offers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from apps.events.history import history
from apps.offers.strategies.cash import CashTerms, Formula
from apps.offers.types import FormulaName
from apps.workspaces.scoping import WorkspaceRow

# What an offer's price or wording depends on. A new name or a switch makes no new version.
VERSIONED = (
    "formula",
    "arv_pct",
    "profit_pct",
    "fee_amount",
    "closing_amount",
    "holding_amount",
    "emd_amount",
    "inspection_days",
    "closing_days",
    "valid_days",
)

_FRACTION = [
    MinValueValidator(Decimal(0)),
    MaxValueValidator(Decimal(1), message="Write it as a fraction of one: 0.70 is 70%%."),
]
_AMOUNT = [MinValueValidator(Decimal(0))]


class Strategy(WorkspaceRow):
    """A way of buying. `version` grows with every change of a value an offer depends on."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    formula = models.CharField(max_length=20, choices=FormulaName, default=FormulaName.WHOLESALE)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_active = models.BooleanField(default=True)
    arv_pct = models.DecimalField(
        "share of ARV",
        max_digits=7,
        decimal_places=4,
        default=Decimal("0.7"),
        validators=_FRACTION,
        help_text="A fraction: 0.70 is 70%.",
    )
    profit_pct = models.DecimalField(
        "buyer's profit",
        max_digits=7,
        decimal_places=4,
        default=Decimal(0),
        validators=_FRACTION,
        help_text="A fraction of ARV; the itemized formula uses it.",
    )
    fee_amount = models.DecimalField(
        "assignment fee",
        max_digits=12,
        decimal_places=2,
        default=Decimal(10_000),
        validators=_AMOUNT,
    )
    closing_amount = models.DecimalField(
        "closing costs", max_digits=12, decimal_places=2, default=Decimal(0), validators=_AMOUNT
    )
    holding_amount = models.DecimalField(
        "holding costs", max_digits=12, decimal_places=2, default=Decimal(0), validators=_AMOUNT
    )
    emd_amount = models.DecimalField(
        "earnest money",
        max_digits=12,
        decimal_places=2,
        default=Decimal(1_000),
        validators=_AMOUNT,
        help_text="Never more than the price itself.",
    )
    inspection_days = models.PositiveSmallIntegerField(
        default=10, validators=[MaxValueValidator(120)]
    )
    closing_days = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    valid_days = models.PositiveSmallIntegerField(
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="How long an offer stands open.",
    )
    history = history()

    class Meta(WorkspaceRow.Meta):
        ordering = ["name", "id"]
        verbose_name_plural = "strategies"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="strategy_key_once"),
            models.CheckConstraint(
                condition=models.Q(arv_pct__gte=0, arv_pct__lte=1)
                & models.Q(profit_pct__gte=0, profit_pct__lte=1),
                name="strategy_fractions",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def values(self) -> dict[str, str]:
        """The versioned values as text; equal numbers are equal text, however they were written."""
        return {name: _plain(getattr(self, name)) for name in VERSIONED}

    def terms(self) -> CashTerms:
        """The values as the formula takes them. Raises ValueError when one is out of range."""
        return CashTerms(
            formula=Formula(self.formula),
            arv_pct=self.arv_pct,
            profit_pct=self.profit_pct,
            fee_amount=self.fee_amount,
            closing_amount=self.closing_amount,
            holding_amount=self.holding_amount,
        )


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
