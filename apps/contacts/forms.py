"""What a person may say about a number, and between two contacts."""

from typing import Any

from django import forms

from apps.contacts.models import Contact
from apps.contacts.rules import CHOICES

MARKS = [
    ("verified", "It works"),
    ("parked", "Do not use for now"),
    ("unverified", "Use again"),
    ("wrong_number", "Wrong number"),
]
SIDES = [("survivor", "This one"), ("other", "The other")]


class PhoneMarkForm(forms.Form):
    status = forms.ChoiceField(choices=MARKS)


class PhoneMoveForm(forms.Form):
    direction = forms.ChoiceField(choices=[("up", "Earlier"), ("down", "Later")])


class MergeForm(forms.Form):
    """`keep` is whose page and history stay; each field's side is one radio button."""

    other = forms.UUIDField()
    keep = forms.ChoiceField(choices=SIDES, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in CHOICES:
            self.fields[field] = forms.ChoiceField(choices=SIDES, required=False)

    def choices(self, *, is_swapped: bool) -> dict[str, str]:
        """Sides as the action names them: the page's left column is not always the survivor."""
        turned = {"survivor": "other", "other": "survivor"}
        chosen = {field: self.cleaned_data[field] for field in CHOICES if self.cleaned_data[field]}
        return {field: turned[side] if is_swapped else side for field, side in chosen.items()}


class ContactFilterForm(forms.Form):
    """The address bar of the list: what is malformed narrows nothing."""

    q = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=Contact.Kind.choices, required=False)
    owns = forms.IntegerField(min_value=1, max_value=1000, required=False)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        known = self.cleaned_data
        return {
            "search": str(known.get("q") or "")[:100],
            "kind": known.get("kind") or "",
            "owns": known.get("owns") or 0,
        }
