"""Addresses as people read them."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

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
