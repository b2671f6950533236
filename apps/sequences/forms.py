"""Whom to follow up, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from apps.contacts.models import Contact
from apps.sequences.models import Sequence


class EnrollForm(forms.Form):
    """Choices come from the workspace and the deal, so foreign ids are no choice at all."""

    contact = forms.ChoiceField(label="Seller")
    sequence = forms.ChoiceField(label="Follow-up")

    def __init__(
        self,
        *args: Any,
        contacts: Iterable[Contact],
        sequences: Iterable[Sequence],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(each.public_id): each for each in contacts}
        self.sequences = {str(each.public_id): each for each in sequences}
        _choices(self.fields["contact"], self.contacts)
        _choices(self.fields["sequence"], self.sequences)

    def clean_contact(self) -> Contact:
        return self.contacts[self.cleaned_data["contact"]]

    def clean_sequence(self) -> Sequence:
        return self.sequences[self.cleaned_data["sequence"]]


def _choices(field: forms.Field, rows: dict[str, Any]) -> None:
    field.choices = [(key, str(row)) for key, row in rows.items()]  # type: ignore[attr-defined]
