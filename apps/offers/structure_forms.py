"""The terms of a creative way of buying as an admin types them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldBooleanWidget,
)

from apps.offers.models import StructureTerms
from apps.offers.strategies.compare import TERMS, TermsRefused, read_terms
from apps.offers.strategies.structure import StructureKind

LABELS = {
    "price_pct": "Price as a share of the value",
    "down_pct": "Down payment as a share of the price",
    "rate_pct": "Interest a year",
    "amortization_months": "Months the payment is reckoned over",
    "balloon_months": "Balloon after months (0: none)",
    "is_interest_only": "Interest only",
    "operating_pct": "Operating costs as a share of rent",
    "operating_amount": "Operating costs a month ($)",
    "closing_amount": "Our closing costs ($)",
    "least_monthly_amount": "Least left a month ($)",
    "seller_cash_amount": "Cash to the seller ($)",
    "fee_amount": "Assignment fee ($)",
    "hold_months": "Months we keep it",
    "most_rate_pct": "Highest rate of the loan taken over",
    "most_ltv_pct": "Highest loan to value",
    "most_arrears_amount": "Most arrears ($)",
    "rent_in_pct": "Rent to the seller, share of market rent",
    "rent_out_pct": "Rent from the tenant, share of market rent",
    "option_in_amount": "Option money to the seller ($)",
    "option_out_pct": "Option money from the tenant, share of value",
    "strike_in_pct": "Strike price with the seller, share of value",
    "strike_out_pct": "Strike price with the tenant, share of value",
    "credit_pct": "Rent credited to the tenant, share of rent",
    "months": "Months",
    "sale_pct": "Retail sale as a share of the value",
    "seller_net_pct": "Seller’s net as a share of the value",
    "agent_pct": "Agents, share of the sale",
    "closing_pct": "Closing, share of the sale",
    "concessions_pct": "Concessions, share of the sale",
    "light_repairs_pct": "Share of the repairs done before listing",
    "least_profit_amount": "Least profit ($)",
}


class StructureForm(forms.ModelForm):
    class Meta:
        model = StructureTerms
        fields = ("is_active",)

    @staticmethod
    def names(kind: str) -> list[str]:
        return [item.name for item in fields(TERMS[StructureKind(kind)])]

    @classmethod
    def of_kind(cls, kind: str) -> type[StructureForm]:
        """The form with a field for each term of the kind."""
        declared = {
            item.name: _field(item.name, item.default)
            for item in fields(TERMS[StructureKind(kind)])
        }
        return type("StructureFormOfKind", (cls,), declared)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            terms = self.instance.terms()
            for name in self.names(self.instance.kind):
                if name in self.fields:
                    self.fields[name].initial = getattr(terms, name)

    def terms(self) -> dict[str, Any]:
        """After is_valid."""
        return {name: self.cleaned_data[name] for name in self.names(self.instance.kind)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = self.names(self.instance.kind)
        if all(name in cleaned for name in names):
            try:
                read_terms(StructureKind(self.instance.kind), self.terms())
            except TermsRefused as refusal:
                name = next((one for one in names if str(refusal).startswith(one)), None)
                self.add_error(name, str(refusal))
        return cleaned


def _field(name: str, default: Any) -> forms.Field:
    label = LABELS[name]
    if isinstance(default, bool):
        return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanWidget)
    if isinstance(default, int):
        return forms.IntegerField(label=label, min_value=0, widget=UnfoldAdminIntegerFieldWidget)
    note = "A fraction: 0.05 is 5%." if name.endswith("_pct") else ""
    return forms.DecimalField(
        label=label, help_text=note, max_digits=12, decimal_places=4,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
