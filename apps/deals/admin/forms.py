"""Rules as an admin types them: every error stands at its field, in a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget

from apps.deals.models import Condition, EstimatePolicy, RuleSet
from apps.deals.qualification.metrics import METRICS, Metric, get_metric
from apps.deals.qualification.types import MAX_RULES, Kind, Operator, Unit
from apps.deals.qualification.values import OPERATOR_WORDS, BadOperator, BadValue, parse_threshold


def metric_label(metric: Metric) -> str:
    if metric.kind is Kind.BOOL:
        return f"{metric.label} (yes or no)"
    if metric.unit is Unit.NONE:
        return f"{metric.label} (text)" if metric.kind is Kind.TEXT else metric.label
    return f"{metric.label} ({metric.unit})"


METRIC_CHOICES = [("", "Choose…"), *((m.name, metric_label(m)) for m in METRICS.values())]
OPERATOR_CHOICES = [(operator.value, words) for operator, words in OPERATOR_WORDS.items()]


class ConditionForm(forms.ModelForm):
    metric = forms.ChoiceField(choices=METRIC_CHOICES, widget=UnfoldAdminSelectWidget)
    operator = forms.ChoiceField(choices=OPERATOR_CHOICES, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Condition
        fields = ("metric", "operator", "value")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"metric", "operator", "value"} <= set(cleaned):
            metric, operator = get_metric(cleaned["metric"]), Operator(cleaned["operator"])
            try:
                parse_threshold(metric, operator, cleaned["value"])
            except BadOperator as error:
                self.add_error("operator", str(error))
            except BadValue as error:
                self.add_error("value", str(error))
        return cleaned


class RuleSetForm(forms.ModelForm):
    class Meta:
        model = RuleSet
        fields = (
            "name",
            "description",
            "needs_second_person",
            "qualified_from",
            "review_from",
            "min_coverage",
            "unknown",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("qualified_from", "review_from", "min_coverage"):
            if (cleaned.get(name) or 0) > 100:
                self.add_error(name, "At most 100.")
        if (cleaned.get("review_from") or 0) > (cleaned.get("qualified_from") or 0):
            self.add_error("review_from", "Review cannot start above the score that qualifies.")
        return cleaned


class RuleFormSet(BaseInlineFormSet):
    """The rules as a whole: something must be weighed, and every rule must ask something."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")
        ]
        for form in kept:
            if not any(_keeps_one(nested.formset) for nested in form.nested_formsets):
                form.add_error("name", "Give this rule at least one condition.")
        active = [form.cleaned_data for form in kept if form.cleaned_data["is_active"]]
        if len(active) > MAX_RULES:
            raise ValidationError(f"A rule set holds at most {MAX_RULES} active rules.")
        if sum(row["weight"] for row in active) == 0:
            raise ValidationError(
                "The weights of the active rules add up to zero, so there would be no score."
            )


def _keeps_one(conditions: BaseInlineFormSet) -> bool:
    conditions.is_valid()
    return any(
        (form.instance.pk or form.has_changed()) and not form.cleaned_data.get("DELETE")
        for form in conditions.forms
        if hasattr(form, "cleaned_data")
    )


class EstimatePolicyForm(forms.ModelForm):
    class Meta:
        model = EstimatePolicy
        fields = (
            "arv_share_of_value",
            "repair_per_sqft_new",
            "mid_age_years",
            "repair_per_sqft_mid",
            "old_age_years",
            "repair_per_sqft_old",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not 0 < (cleaned.get("arv_share_of_value") or 0) <= 3:
            self.add_error("arv_share_of_value", "A share above 0, at most 3 (1.0 is the value).")
        if (cleaned.get("mid_age_years") or 0) >= (cleaned.get("old_age_years") or 0):
            self.add_error("old_age_years", "Old must begin after the middle age.")
        for name in ("repair_per_sqft_new", "repair_per_sqft_mid", "repair_per_sqft_old"):
            if cleaned.get(name) is not None and cleaned[name] < 0:
                self.add_error(name, "Repairs cannot cost less than $0.")
        return cleaned
