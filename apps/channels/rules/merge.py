"""Merge fields in texts that people write: `{{ first_name }}`, `{{ first_name|there }}`.

A closed list of fields and a default word, nothing else: no expressions, calls, loops or lookups,
so that a template can neither read a secret nor take the machine's time.
"""

import re
from collections.abc import Mapping

FIELDS: dict[str, str] = {
    "first_name": "First name of the seller",
    "last_name": "Last name of the seller",
    "full_name": "Full name of the seller",
    "property_address": "Street address of the property",
    "property_city": "City of the property",
    "property_state": "State of the property",
    "offer_amount": "Amount of the open offer",
    "offer_url": "Link to the seller's offer page",
    "sender_name": "Name the workspace writes under",
    "company_name": "Name of the workspace",
    "sender_phone": "Phone of the workspace",
    "legal_address": "Postal address of the workspace",
    "opt_out_words": "How to stop the texts",
    "unsubscribe_hint": "How to stop the e-mails",
}
MAX_TEMPLATE_LENGTH = 10_000
MAX_RENDERED_LENGTH = 20_000
_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[a-z_]{1,40}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class TemplateRefused(ValueError):
    """The text may not be saved or sent; the message says why, for the person who wrote it."""


def fields_in(text: str) -> list[str]:
    """Names of the fields used, in order; raises TemplateRefused on anything not allowed."""
    if len(text) > MAX_TEMPLATE_LENGTH:
        raise TemplateRefused(f"The text is longer than {MAX_TEMPLATE_LENGTH:,} characters.")
    names = [_split(match.group(1))[0] for match in _TOKEN.finditer(text)]
    rest = _TOKEN.sub("", text)
    if "{{" in rest or "}}" in rest or "{%" in rest:
        raise TemplateRefused("A field is written {{ name }} or {{ name|default }}.")
    return names


def render(text: str, values: Mapping[str, str], limit: int = MAX_RENDERED_LENGTH) -> str:
    """The text with its fields filled; values are plain text and are never read as a template.

    Raises TemplateRefused for an unknown field, for an empty value without a default and for a
    result longer than `limit` characters.
    """
    fields_in(text)
    rendered = _TOKEN.sub(lambda match: _value(match.group(1), values), text)
    if len(rendered) > limit:
        raise TemplateRefused(f"The finished text is longer than {limit:,} characters.")
    return rendered


def _split(token: str) -> tuple[str, str | None]:
    name, bar, default = token.partition("|")
    name = name.strip()
    if not _NAME.match(name) or name not in FIELDS:
        raise TemplateRefused(f"There is no field “{name[:40]}”.")
    return name, default.strip() if bar else None


def _value(token: str, values: Mapping[str, str]) -> str:
    name, default = _split(token)
    value = _CONTROL.sub(" ", str(values.get(name) or "")).strip()
    if value:
        return value
    if default is None:
        raise TemplateRefused(f"The field “{name}” is empty here and has no default.")
    return default
