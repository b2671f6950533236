"""Validation of a room-by-room repair estimate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from apps.deals.queries.repairs import RepairItem
from apps.deals.repairs.estimating import MOST_QUANTITY, Pick

PICKS = [
    (Pick.LOW.value, "the low figure"),
    (Pick.MIDDLE.value, "the middle"),
    (Pick.HIGH.value, "the high figure"),
]


class RepairsForm(forms.Form):
    """A quantity for each repair (`q_<key>`), the contingency in percent and the figure to use."""

    contingency = forms.DecimalField(
        label="Contingency (%)", min_value=Decimal(0), max_value=Decimal(50), decimal_places=2
    )
    pick = forms.ChoiceField(label="Reckon with", choices=PICKS)

    def __init__(
        self, *args: Any, groups: Sequence[tuple[str, list[RepairItem]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = [item for _, items in groups for item in items]
        for item in self.items:
            self.fields[f"q_{item.cost.key}"] = forms.DecimalField(
                label=item.cost.label,
                required=False,
                min_value=Decimal(0),
                max_value=MOST_QUANTITY,
                decimal_places=2,
                initial=None if item.quantity is None else item.quantity.normalize(),
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
            )
        self.groups = [
            (name, [(item, self[f"q_{item.cost.key}"]) for item in items]) for name, items in groups
        ]

    def quantities(self) -> dict[str, Decimal]:
        """After is_valid; only what has a quantity."""
        found = {item.cost.key: self.cleaned_data[f"q_{item.cost.key}"] for item in self.items}
        return {key: value for key, value in found.items() if value}

    def contingency_pct(self) -> Decimal:
        return Decimal(self.cleaned_data["contingency"]) / 100
