"""Entering a source: what its type needs, secrets write-only."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from apps.deals.feeds.schemas import settings_of
from apps.deals.feeds.types import Setting
from apps.deals.models import LeadList, LeadSource, Strength
from apps.workspaces.models import Workspace

Type = LeadSource.Type
_STRENGTHS = {
    Type.RESO: Strength.MLS,
    Type.SOCRATA: Strength.COUNTY,
    Type.FOLDER: Strength.LIST,
    Type.WEBHOOK: Strength.WEB_FORM,
}
_EVERY = (
    (15, "Every 15 minutes"), (60, "Every hour"), (360, "Every 6 hours"), (1440, "Every day"),
    (10080, "Every week"),
)  # fmt: skip

# Settings that need not be entered, but usually are.
_COMMON = {"url", "token_url", "quick_lists", "preset", "criteria", "where", "filter"}


class SourceForm(forms.Form):
    """`source` is filled in once the form is valid; `secrets` are those entered now."""

    name = forms.CharField(max_length=80)

    def __init__(self, data: Any, *, workspace: Workspace, source: LeadSource) -> None:
        self.source = source
        self.schema = settings_of(source.type)
        super().__init__(data, initial=self._initial())
        self.fields["name"].help_text = "Deals give it as their source."
        for setting in self.schema:
            self.fields[setting.name] = _field(setting, is_new=source.pk is None)
        if source.type != Type.WEBHOOK:
            self.fields["every_minutes"] = forms.TypedChoiceField(
                label="Read it", choices=_choices_of_every(source), coerce=int
            )
        self.fields["strength"] = forms.TypedChoiceField(
            label="Trust it as", choices=Strength.choices, coerce=int,
            help_text="A weaker source never overwrites what a stronger one said.",
        )  # fmt: skip
        self.fields["cost_month_amount"] = forms.DecimalField(
            label="Cost per month ($)", min_value=0, max_digits=10, decimal_places=2
        )
        lists = LeadList.objects.in_workspace(workspace).order_by("name")
        self.fields["lead_list"] = forms.ModelChoiceField(
            lists, label="Put its leads on the list", required=False, empty_label="No list"
        )

    def _initial(self) -> dict[str, Any]:
        source = self.source
        first = _STRENGTHS.get(Type(source.type), Strength.DATA_API)
        return {
            "name": source.name,
            "strength": source.strength if source.pk else first,
            "every_minutes": source.every_minutes,
            "cost_month_amount": source.cost_month_amount,
            "lead_list": source.lead_list_id,
            **{
                setting.name: _shown(setting, source.settings.get(setting.name))
                for setting in self.schema
                if not setting.is_secret
            },
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("name", "strength", "every_minutes", "cost_month_amount", "lead_list"):
            if name in cleaned:
                setattr(self.source, name, cleaned[name])
        entered = {one.name: cleaned.get(one.name) for one in self.schema if not one.is_secret}
        known = {**self.source.settings, **entered}
        # What is empty is left to its default.
        self.source.settings = {name: value for name, value in known.items() if value}
        return cleaned

    @property
    def main(self) -> list[forms.BoundField]:
        """What nearly everybody enters."""
        return [field for field in self if field.name not in self._rare]

    @property
    def more(self) -> list[forms.BoundField]:
        """What few need: folded away."""
        return [field for field in self if field.name in self._rare]

    @property
    def has_more(self) -> bool:
        """Whether the fold must be open: something stands in it, or is wrong."""
        return any(field.errors or field.value() for field in self.more)

    @property
    def _rare(self) -> set[str]:
        usual = _COMMON | ({"mapping"} if self.source.type == Type.SOCRATA else set())
        rare = {one.name for one in self.schema if not one.is_required and not one.is_secret}
        return rare - usual

    @property
    def secrets(self) -> dict[str, str]:
        return {
            one.name: self.cleaned_data.get(one.name, "") for one in self.schema if one.is_secret
        }


def _choices_of_every(source: LeadSource) -> tuple[tuple[int, str], ...]:
    """The usual rhythms, and the one that stands if it is another."""
    if source.every_minutes in dict(_EVERY):
        return _EVERY
    return (*_EVERY, (source.every_minutes, f"Every {source.every_minutes} minutes"))


def _shown(setting: Setting, value: Any) -> Any:
    if setting.kind == "lines" and isinstance(value, list):
        return "\n".join(map(str, value))
    if setting.kind == "json" and value:
        return json.dumps(value, indent=2)
    return value


def _field(setting: Setting, *, is_new: bool) -> forms.Field:
    common: dict[str, Any] = {
        "label": setting.label,
        "required": setting.is_required,
        "help_text": setting.help_text,
    }
    if setting.is_secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        if not is_new:
            common["help_text"] = "Stored and not shown. Leave empty to keep it."
        return forms.CharField(
            **{**common, "required": is_new and setting.is_required}, widget=widget
        )
    if setting.kind == "integer":
        return forms.IntegerField(**common)
    if setting.kind == "flag":
        return forms.BooleanField(**{**common, "required": False})
    if setting.kind == "choice":
        return forms.ChoiceField(**common, choices=setting.choices)
    if setting.kind == "lines":
        return LinesField(**common, widget=forms.Textarea(attrs={"rows": 3}))
    if setting.kind == "json":
        return ObjectField(
            **common, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
        )
    return forms.CharField(**common, max_length=1000)


class LinesField(forms.CharField):
    """Several values, one a line."""

    def clean(self, value: Any) -> Any:
        lines = (super().clean(value) or "").replace(",", "\n").splitlines()
        return [line.strip() for line in lines if line.strip()]


class ObjectField(forms.CharField):
    """A JSON object as text."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return {}
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(f"{self.label} is no JSON; an example: {{}}.") from error
        if not isinstance(found, dict):
            raise forms.ValidationError(f"{self.label} must be a JSON object, such as {{}}.")
        return found
