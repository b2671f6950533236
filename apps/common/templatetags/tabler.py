"""Form controls in the look of the style kit, without touching the forms."""

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.forms.widgets import CheckboxSelectMultiple, Widget
from django.utils.safestring import SafeString

register = template.Library()


def _css(widget: Widget) -> str:
    if isinstance(widget, (CheckboxInput, CheckboxSelectMultiple, RadioSelect)):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control"


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's control with the kit's classes added to the widget's own."""
    widget = field.field.widget
    classes = [widget.attrs.get("class", ""), _css(widget)]
    if field.errors:
        classes.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the label stands beside the control instead of above it."""
    return isinstance(field.field.widget, CheckboxInput)
