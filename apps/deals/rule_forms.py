"""Validation of what people type on the pages of rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

NOTE_MISSING = "Say in a sentence why the rules change; the history keeps it."
_LONG = "Keep it to 500 characters."


def _sentence(label: str, missing: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": missing, "max_length": _LONG},
    )


class PublishForm(forms.Form):
    """`seen` is the digest of the draft as it was shown."""

    note = _sentence("Why do the rules change?", NOTE_MISSING)
    seen = forms.CharField(widget=forms.HiddenInput)


class RollBackForm(forms.Form):
    note = _sentence("Why do the rules go back?", NOTE_MISSING)


class DeclineForm(forms.Form):
    reason = _sentence("Why not?", "", required=False)


class AsOfForm(forms.Form):
    """`today` is the last day that can be asked for."""

    day = forms.DateField(
        label="As of",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose a day.", "invalid": "Write the day as 2026-11-20."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self._today:
            raise ValidationError("That day is still to come. Choose today or a day before.")
        return day
