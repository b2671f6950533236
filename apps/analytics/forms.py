"""What is chosen on the pages of figures."""

from __future__ import annotations

from django import forms

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
