"""Rules as an admin types them: every error stands at its field, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget

from apps.deals.models import Condition, Rule, RuleSet
from apps.deals.qualification.contradictions import find_contradiction
from apps.deals.qualification.derived import DerivedSpec
from apps.deals.qualification.metrics import GROUPS, Metric, get_metric
from apps.deals.qualification.shipped import to_condition
from apps.deals.qualification.types import MAX_RULES, ConditionSpec, Kind, Operator, Unit
from apps.deals.qualification.values import OPERATOR_WORDS, BadOperator, BadValue, parse_threshold


def metric_label(metric: Metric) -> str:
    if metric.kind is Kind.BOOL:
        return f"{metric.label} (yes or no)"
    if metric.unit is Unit.NONE:
        return f"{metric.label} (text)" if metric.kind is Kind.TEXT else metric.label
    return f"{metric.label} ({metric.unit})"


METRIC_CHOICES = [
    ("", "Choose…"),
    *(
        (heading, [(metric.name, metric_label(metric)) for metric in metrics])
        for heading, metrics in GROUPS.items()
    ),
]
OPERATOR_CHOICES = [(operator.value, words) for operator, words in OPERATOR_WORDS.items()]


class ConditionForm(forms.ModelForm):
    metric = forms.ChoiceField(choices=METRIC_CHOICES, widget=UnfoldAdminSelectWidget)
    operator = forms.ChoiceField(choices=OPERATOR_CHOICES, widget=UnfoldAdminSelectWidget)
    # The workspace's own metrics, set by the page.
    derived: Mapping[str, DerivedSpec] = {}

    class Meta:
        model = Condition
        fields = ("metric", "operator", "value")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(spec.name, metric_label(spec.metric)) for spec in self.derived.values()]
        choices = [*METRIC_CHOICES, ("Your own", own)] if own else METRIC_CHOICES
        self.fields["metric"].choices = choices  # type: ignore[attr-defined]
        self.fields["value"].widget.attrs["placeholder"] = "20%, yes, or 20% to 40%"

    def condition(self) -> ConditionSpec:
        """After is_valid."""
        given = self.cleaned_data
        return to_condition(given["metric"], given["operator"], given["value"], self.derived)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"metric", "operator", "value"} <= set(cleaned):
            own, operator = self.derived.get(cleaned["metric"]), Operator(cleaned["operator"])
            metric = own.metric if own else get_metric(cleaned["metric"])
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
        labels = {"min_coverage": "Coverage needed"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("qualified_from", "review_from", "min_coverage"):
            if (cleaned.get(name) or 0) > 100:
                self.add_error(name, "At most 100.")
        if (cleaned.get("review_from") or 0) > (cleaned.get("qualified_from") or 0):
            self.add_error("review_from", "Review cannot start above the score that qualifies.")
        return cleaned


class RuleForm(forms.ModelForm):
    class Meta:
        model = Rule
        fields = ("name", "weight", "join", "is_knock_out", "is_active", "position")
        labels = {
            "join": "Passes with",
            "is_knock_out": "Knock-out",
            "is_active": "Counts",
            "position": "Place in the list",
        }
        help_texts = {
            "is_knock_out": "A deal that fails it is rejected, whatever its score.",
            "is_active": "Off: kept here, asked of no deal.",
        }


class RuleFormSet(BaseInlineFormSet):
    """The rules as a whole: something must be weighed, and every rule must ask something."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk is None:
            places = [rule.position for rule in self.get_queryset()]
            form.initial.setdefault("position", max(places, default=0) + 1)

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
            elif form.cleaned_data.get("join") == Rule.Join.ALL:
                _refuse_contradiction(form)
        active = [form.cleaned_data for form in kept if form.cleaned_data["is_active"]]
        if len(active) > MAX_RULES:
            raise ValidationError(f"A rule set holds at most {MAX_RULES} active rules.")
        if sum(row["weight"] for row in active) == 0:
            raise ValidationError(
                "The weights of the active rules add up to zero, so there would be no score."
            )


def _refuse_contradiction(rule: Any) -> None:
    asked = [
        form
        for nested in rule.nested_formsets
        for form in nested.formset.forms
        if form.is_valid() and form.cleaned_data.get("value") and not form.cleaned_data["DELETE"]
    ]
    found = find_contradiction([form.condition() for form in asked])
    if found:
        at, sentence = found
        asked[at].add_error("value", sentence)


def _keeps_one(conditions: BaseInlineFormSet) -> bool:
    conditions.is_valid()
    return any(
        (form.instance.pk or form.has_changed()) and not form.cleaned_data.get("DELETE")
        for form in conditions.forms
        if hasattr(form, "cleaned_data")
    )
