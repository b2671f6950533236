"""What stands in for unknown values, within bounds that formulas can work with."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.deals.models import EstimatePolicy

# Name -> least, most, and the sentence for what lies outside.
_BOUNDS = {
    "arv_share_of_value": (0.01, 3, "A share from 0.01 to 3 (1.0 is the value)."),
    "mao_share_of_arv": (0.01, 1, "A share from 0.01 to 1: 0.70 is the 70% rule."),
    "rent_share_of_value": (0.0001, 0.1, "A share from 0.0001 to 0.1: 0.008 is 0.8% a month."),
    "market_rate_pct": (0.001, 0.3, "A rate from 0.001 to 0.3: 0.07 is 7% a year."),
    "loan_term_years": (1, 50, "From 1 to 50 years."),
    "tax_insurance_share_of_value": (0.0001, 0.2, "A share from 0.0001 to 0.2: 0.016 is 1.6%."),
}


class EstimatePolicyForm(forms.ModelForm):
    class Meta:
        model = EstimatePolicy
        fields = (
            "arv_share_of_value",
            "mao_share_of_arv",
            "rent_share_of_value",
            "market_rate_pct",
            "loan_term_years",
            "tax_insurance_share_of_value",
            "repair_per_sqft_new",
            "mid_age_years",
            "repair_per_sqft_mid",
            "old_age_years",
            "repair_per_sqft_old",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, (least, most, sentence) in _BOUNDS.items():
            if not least <= (cleaned.get(name) or 0) <= most and name not in self.errors:
                self.add_error(name, sentence)
        if (cleaned.get("mid_age_years") or 0) >= (cleaned.get("old_age_years") or 0):
            self.add_error("old_age_years", "Old must begin after the middle age.")
        for name in ("repair_per_sqft_new", "repair_per_sqft_mid", "repair_per_sqft_old"):
            if cleaned.get(name) is not None and cleaned[name] < 0:
                self.add_error(name, "Repairs cannot cost less than $0.")
        return cleaned
