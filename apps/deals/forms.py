"""Validation of what people type on the deal pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from apps.deals.models import Deal, Signal, Stage
from apps.deals.qualification.what_if import TURNED
from apps.deals.queries import list_list_choices, list_stages
from apps.deals.types import VERDICT_LABELS, DealFilters
from apps.workspaces.models import User, Workspace
from apps.workspaces.queries import list_members

SORTS = [("score", "Best score"), ("newest", "Newest")]


STACKS = [("", "Any number"), *((n, f"{n} or more") for n in (1, 2, 3, 4, 5))]


class DealFilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False, max_length=120)
    stage = forms.ChoiceField(required=False)
    verdict = forms.ChoiceField(
        required=False, choices=[("", "Any verdict"), *VERDICT_LABELS.items()]
    )
    min_score = forms.IntegerField(label="Score from", required=False, min_value=0, max_value=100)
    city = forms.CharField(required=False, max_length=80)
    state = forms.CharField(required=False, max_length=2)
    min_stack = forms.TypedChoiceField(
        label="On lists", required=False, coerce=int, empty_value=None, choices=STACKS
    )
    signal = forms.ChoiceField(
        label="Distress", required=False, choices=[("", "Any or none"), *Signal.Kind.choices]
    )
    list = forms.ChoiceField(label="List", required=False)
    sort = forms.ChoiceField(required=False, choices=SORTS)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [(stage.kind, stage.label) for stage in list_stages(workspace)]
        self.fields["stage"].choices = [("", "Any stage"), *stages]  # type: ignore[attr-defined]
        lists = list_list_choices(workspace)
        self.fields["list"].choices = [("", "Any list"), *lists]  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs |= {
            "placeholder": "Address, owner or phone",
            "type": "search",
        }
        self.fields["city"].widget.attrs |= {"placeholder": "Any city"}
        self.fields["state"].widget.attrs |= {"placeholder": "Any"}
        self.fields["min_score"].widget.attrs |= {"placeholder": "0"}

    def filters(self) -> DealFilters:
        """What is valid narrows; a field that is not says so and narrows nothing."""
        self.is_valid()
        given = {
            name: value for name, value in self.cleaned_data.items() if value not in ("", None)
        }
        return DealFilters(**given)


class MoveForm(forms.Form):
    stage = forms.ModelChoiceField(Stage.objects.none(), empty_label=None)
    reason = forms.CharField(max_length=200, label="Why")

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, initial={"stage": deal.stage_id}, **kwargs)
        self.fields["stage"].queryset = (  # type: ignore[attr-defined]
            Stage.objects.in_workspace(deal.workspace_id).order_by("position")
        )


class AssignForm(forms.Form):
    user = forms.TypedChoiceField(
        label="In charge", required=False, coerce=int, empty_value=None, choices=[]
    )

    def __init__(self, *args: Any, workspace: Workspace, deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, initial={"user": deal.assigned_to_id or ""}, **kwargs)
        self.members = {m.user.pk: m.user for m in list_members(workspace)}
        people = [(pk, str(user)) for pk, user in self.members.items()]
        self.fields["user"].choices = [("", "Nobody"), *people]  # type: ignore[attr-defined]

    def chosen(self) -> User | None:
        """The member, after is_valid."""
        return self.members.get(self.cleaned_data["user"])


class ValueForm(forms.Form):
    arv_amount = forms.DecimalField(
        label="ARV ($)",
        required=False,
        max_digits=11,
        decimal_places=2,
        min_value=Decimal(1),
        help_text="Empty: the estimate stands in.",
    )
    repairs_amount = forms.DecimalField(
        label="Repairs ($)",
        required=False,
        max_digits=11,
        decimal_places=2,
        min_value=Decimal(0),
        help_text="Empty: the estimate stands in.",
    )


class WhatIfForm(forms.Form):
    arv = forms.FloatField(required=False, min_value=0, max_value=1e9)
    repairs = forms.FloatField(required=False, min_value=0, max_value=1e9)
    asking_price = forms.FloatField(required=False, min_value=0, max_value=1e9)

    def changes(self) -> dict[str, float | None]:
        """What was given and is a number; anything else leaves the stored value."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in TURNED}
        return {name: value for name, value in found.items() if value is not None}


class ListNameForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name of the list")
