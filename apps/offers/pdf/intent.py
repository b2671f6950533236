"""A letter of intent with up to three ways to buy, as plain data and as HTML."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from django.template import Context, Engine, Template

from apps.offers.pdf.document import ASSETS, look_of, printable

TEMPLATE = "letter_of_intent.html"


@dataclass(frozen=True, kw_only=True)
class IntentOption:
    """One way to buy, every figure already in words."""

    title: str
    price: str
    at_closing: str
    over_time: str
    terms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IntentLetter:
    """Everything the template may print."""

    prepared_at: datetime
    prepared_on: str
    expires_text: str
    buyer_name: str
    buyer_address: str
    buyer_contact: tuple[str, ...]
    seller_name: str
    seller_lines: tuple[str, ...]
    property_lines: tuple[str, ...]
    options: tuple[IntentOption, ...]


def intent_template_version() -> str:
    return f"letter_of_intent.{look_of(TEMPLATE)}"


def intent_key(letter: IntentLetter) -> str:
    """SHA-256 over template and what is said, not when: the same letter on a day is one letter."""
    plain = asdict(letter)
    del plain["prepared_at"]
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return sha256(f"{intent_template_version()}\n{text}".encode()).hexdigest()


def snapshot_intent(letter: IntentLetter) -> dict[str, object]:
    """The letter as JSON."""
    return {**asdict(letter), "prepared_at": letter.prepared_at.isoformat()}


def restore_intent(plain: dict[str, Any]) -> IntentLetter:
    """The letter of a snapshot, equal to the one it was taken from."""
    options = tuple(
        IntentOption(**{**option, "terms": tuple(option["terms"])}) for option in plain["options"]
    )
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
    }
    values["options"] = options
    values["prepared_at"] = datetime.fromisoformat(plain["prepared_at"])
    return IntentLetter(**values)


def intent_html(letter: IntentLetter) -> str:
    """The document's HTML; everything from people is escaped and bounded."""
    words = {
        "prepared_on": letter.prepared_on,
        "expires_text": letter.expires_text,
        "buyer_name": printable(letter.buyer_name),
        "head_name": printable(letter.buyer_name)[:48],
        "head_address": printable(letter.buyer_address)[:80],
        "head_contact": printable("  ·  ".join(filter(None, letter.buyer_contact)))[:80],
        "seller_name": printable(letter.seller_name),
        "seller_lines": [printable(line) for line in letter.seller_lines],
        "property_lines": [printable(line) for line in letter.property_lines],
        "options": letter.options,
        "document_id": intent_key(letter)[:16],
    }
    return _template().render(Context(words))


@cache
def _template() -> Template:
    return Engine(dirs=[str(ASSETS)], autoescape=True, libraries={}).get_template(TEMPLATE)
