"""Addresses and figures as people read them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from apps.common.money import dollars
from apps.common.phones import phone_text

_OWN_ACTION = re.compile(r"[a-z_]+\.[a-z_]+")

register = template.Library()
register.filter("phone", phone_text)


@register.filter
def email(address: str) -> SafeString:
    """An e-mail address that breaks before its @ where the line is too short."""
    return mark_safe(str(conditional_escape(address)).replace("@", "<wbr>@"))  # noqa: S308


@register.filter
def actor(label: str) -> str:
    """Who did it; an action of the program itself (`offers.printing`) is the program."""
    return "Dealwright" if _OWN_ACTION.fullmatch(label) else label


@register.filter
def amount(value: Decimal | None, style: str = "") -> str:
    """Dollars without cents, or with them for style "cents"; a dash for what is unknown."""
    if value is None:
        return "–"
    rounded = dollars(value) if style == "cents" else value.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}${abs(rounded):,}"


@register.filter
def percent(fraction: Decimal | None) -> str:
    """`0.084` -> `8.4%`; a dash for what is unknown."""
    return (
        "–" if fraction is None else f"{(fraction * 100).quantize(Decimal('0.1')).normalize():,f}%"
    )
