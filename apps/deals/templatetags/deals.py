"""Numbers of a deal as people read them."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """0.634 is 63%."""
    return f"{round(share * 100)}%"
