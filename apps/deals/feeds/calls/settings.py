"""What a webhook source may set: how calls prove themselves and how their words are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from apps.deals.feeds.types import Setting
from apps.deals.ingestion.fields import UnknownField, get_field

_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
SHORTEST_WINDOW, LONGEST_WINDOW = 30, 3600


class Proof(StrEnum):
    """How a call shows that it comes from who knows the secret."""

    SIGNATURE = "signature"
    SECRET = "secret"  # noqa: S105 - a word, not a secret


class Shape(StrEnum):
    """Whose words a call speaks; AUTO looks at each call."""

    AUTO = "auto"
    GENERIC = "generic"
    WEB_FORM = "web_form"
    BATCHLEADS = "batchleads"
    BATCHDIALER = "batchdialer"


class SettingsInvalid(ValueError):
    """A setting that cannot be; the text is one sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class CallSettings:
    """`mapping`: dotted path in the call -> field of the importer; empty means guess.

    `event_path` names the vendor's event id in the body; without one, the body itself is the key.
    A header is never the key: a signature does not cover it, so a replayer could change it.
    """

    proof: Proof = Proof.SIGNATURE
    signature_header: str = "X-Signature"
    timestamp_header: str = "X-Timestamp"
    # Some vendors sign the body alone. Then nothing can be said about freshness.
    is_body_alone_signed: bool = False
    window_seconds: int = 300
    secret_header: str = "Authorization"  # noqa: S105 - a header's name
    event_path: str = ""
    shape: Shape = Shape.AUTO
    mapping: Mapping[str, str] = field(default_factory=dict)


WEBHOOK_SETTINGS = (
    Setting(
        "shape", "Who calls", "choice", True, starts=False,
        help_text="A mapping under More settings goes before this.",
        choices=((Shape.AUTO, "Recognized by its words"), (Shape.WEB_FORM, "Web form"),
                 (Shape.BATCHLEADS, "BatchLeads or BatchData"), (Shape.BATCHDIALER, "BatchDialer"),
                 (Shape.GENERIC, "Zapier, Make or another program")),
    ),
    Setting(
        "proof", "How calls prove themselves", "choice", True, starts=False,
        choices=((Proof.SIGNATURE, "Signature (HMAC-SHA-256)"),
                 (Proof.SECRET, "Secret in a header (bearer token)")),
    ),
    Setting("signature_header", "Header of the signature", starts=False,
            help_text="Empty: X-Signature."),
    Setting("timestamp_header", "Header of the time", starts=False,
            help_text="Empty: X-Timestamp."),
    Setting("is_body_alone_signed", "The sender signs the body without a time", "flag",
            starts=False),
    Setting("secret_header", "Header of the secret", starts=False,
            help_text="Empty: Authorization, as a bearer token."),
    Setting("event_path", "Place of the event id in the call", starts=False,
            help_text="For example event.id. Empty: the same call twice is known by its body."),
    Setting("mapping", "Mapping: place in the call to field", "json", starts=False,
            help_text='{"lead.house.street": "line"}. Empty: guessed from the words of the call.'),
)  # fmt: skip


def problem_of(stored: Mapping[str, Any]) -> str:
    """A sentence on what cannot be, or ''."""
    try:
        settings_of(stored)
    except ValueError as error:
        return str(error)
    return ""


def settings_of(stored: Mapping[str, Any]) -> CallSettings:
    """From `LeadSource.settings`; unknown keys are somebody else's. Raises SettingsInvalid."""
    try:
        found = CallSettings(
            proof=Proof(stored.get("proof") or Proof.SIGNATURE),
            signature_header=_header(stored, "signature_header", "X-Signature"),
            timestamp_header=_header(stored, "timestamp_header", "X-Timestamp"),
            is_body_alone_signed=stored.get("is_body_alone_signed") is True,
            window_seconds=int(stored.get("window_seconds") or 300),
            secret_header=_header(stored, "secret_header", "Authorization"),
            event_path=str(stored.get("event_path") or ""),
            shape=Shape(stored.get("shape") or Shape.AUTO),
            mapping=_mapping(stored.get("mapping") or {}),
        )
    except (TypeError, AttributeError) as error:
        raise SettingsInvalid("The settings of this source cannot be read.") from error
    if not SHORTEST_WINDOW <= found.window_seconds <= LONGEST_WINDOW:
        raise SettingsInvalid("Calls may be from 30 to 3,600 seconds old.")
    return found


def _header(stored: Mapping[str, Any], name: str, default: str) -> str:
    text = str(stored.get(name) or default)
    if not _HEADER.fullmatch(text):
        raise SettingsInvalid(f"{text[:60]} is no name of a header.")
    return text


def _mapping(stored: Mapping[str, str]) -> dict[str, str]:
    for path, name in stored.items():
        try:
            get_field(name)
        except UnknownField as error:
            raise SettingsInvalid(f"{path} is mapped to {name}, which is no field.") from error
    return dict(stored)
