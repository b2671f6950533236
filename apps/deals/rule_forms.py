"""Validation of what people type on the pages of rules."""

from __future__ import annotations

from django import forms

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
    day = forms.DateField(
        label="As of",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose a day.", "invalid": "Write the day as 2026-11-20."},
    )
