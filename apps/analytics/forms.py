"""What is chosen on the pages of figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from apps.deals.qualification.arms import LEAST_SHARE, MOST_SHARE

PATIENCE_DAYS = (14, 30, 60, 90)
DEFAULT_PATIENCE = 30


class ScoreCheckForm(forms.Form):
    """What is not valid says so and narrows nothing."""

    days = forms.TypedChoiceField(
        label="Time given to each deal",
        required=False,
        coerce=int,
        choices=[(days, f"{days} days") for days in PATIENCE_DAYS],
        initial=DEFAULT_PATIENCE,
    )
    since = forms.DateField(
        label="First written to since",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def patience(self) -> int:
        """Days, after is_valid."""
        return int(self.cleaned_data.get("days") or DEFAULT_PATIENCE)


DRAFT = "draft"
USUAL_SHARE = 20


def _sentence(label: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": missing, "max_length": "Keep it to 500 characters."},
    )


class StartTrialForm(forms.Form):
    """`seen` is the digest of the draft as it was shown."""

    challenger = forms.ChoiceField(
        label="What to try",
        error_messages={
            "required": "Choose what to try against the version in use.",
            "invalid_choice": "Choose another one: these rules are gone, or say what the version "
            "in use says.",
        },
    )
    share = forms.IntegerField(
        label="Percent of deals it judges",
        min_value=LEAST_SHARE,
        max_value=MOST_SHARE,
        initial=USUAL_SHARE,
        help_text="1 to 50. The others stay with the version in use.",
        error_messages={
            "required": "Say how many percent of the deals, 1 to 50.",
            "invalid": "Write a whole number, 1 to 50.",
            "min_value": "At least %(limit_value)s percent.",
            "max_value": "At most %(limit_value)s percent.",
        },
    )
    note = _sentence(
        "What do you want to find out?",
        "Say in a sentence what you want to find out; the history keeps it.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["challenger"].choices = choices  # type: ignore[attr-defined]

    def number(self) -> int | None:
        """The version chosen, None for the draft; after is_valid."""
        chosen = self.cleaned_data["challenger"]
        return None if chosen == DRAFT else int(chosen)


class EndTrialForm(forms.Form):
    note = _sentence("Why?", "Say in a sentence why; the history keeps it.")
