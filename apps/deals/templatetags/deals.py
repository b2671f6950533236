"""Numbers of a deal as people read them."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """0.634 is 63%."""
    return f"{round(share * 100)}%"


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """The value under a key that is a variable."""
    return mapping.get(key)
