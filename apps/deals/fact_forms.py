"""One fact of a property as a form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from apps.deals.known import Known, Shape
from apps.deals.models import Property

UNKNOWN, YES, NO = "", "yes", "no"
_FLAGS = {YES: True, NO: False, UNKNOWN: None}


class FactForm(forms.Form):
    """`value`: what the person typed, in the column's own unit; empty is unknown."""

    def __init__(self, known: Known, *args: Any, held: Property, **kwargs: Any) -> None:
        initial = {"value": _typed(known, getattr(held, known.column))}
        super().__init__(*args, initial=initial, auto_id=f"fact_{known.column}_%s", **kwargs)
        self.known = known
        self.fields["value"] = _field(known)

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.known.shape in (Shape.FLAG, Shape.WARNING):
            return _FLAGS[value]
        if self.known.shape is Shape.PERCENT and value is not None:
            return value / 100
        return value


def _typed(known: Known, value: Any) -> Any:
    if known.shape in (Shape.FLAG, Shape.WARNING):
        return next(word for word, flag in _FLAGS.items() if flag is value)
    if known.shape is Shape.PERCENT and value is not None:
        return f"{(value * 100).normalize():f}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def _field(known: Known) -> forms.Field:
    label = f"{known.label}{_UNITS.get(known.shape, '')}"
    given: dict[str, Any] = {"label": label, "required": False}
    match known.shape:
        case Shape.FLAG:
            choices = [(UNKNOWN, "unknown"), (YES, "yes"), (NO, "no")]
            return forms.ChoiceField(choices=choices, **given)
        case Shape.WARNING:
            return forms.ChoiceField(choices=[(NO, "no"), (YES, "yes")], **given)
        case Shape.DAY:
            return forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **given)
        case Shape.MONEY:
            return forms.DecimalField(max_digits=14, decimal_places=2, min_value=0, **given)
        case Shape.PERCENT:
            return forms.DecimalField(
                max_digits=5, decimal_places=3, min_value=0, max_value=100, **given
            )
        case Shape.NUMBER:
            return forms.DecimalField(max_digits=5, decimal_places=1, min_value=0, **given)
        case Shape.YEAR:
            return forms.IntegerField(min_value=1600, max_value=2100, **given)
        case Shape.COUNT:
            return forms.IntegerField(min_value=0, max_value=32_000, **given)
        case Shape.AREA:
            return forms.IntegerField(min_value=0, max_value=2_000_000_000, **given)
    column: models.Field[Any, Any] = Property._meta.get_field(known.column)  # type: ignore[assignment]
    return forms.CharField(max_length=column.max_length, **given)


_UNITS = {Shape.MONEY: " ($)", Shape.PERCENT: " (%)", Shape.AREA: " (sq ft)"}
