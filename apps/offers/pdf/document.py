"""What a printed offer says, as plain data: the same letter always has the same content key."""

import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
TEMPLATE = "cash_offer.html"
# What every printed letter looks like; its template adds what is its own.
STYLE = "letter.css"

# A name or an address longer than this is not one; a cell must never run the page count away.
_TEXT_LIMIT = 200
# Control, format (bidi overrides that would show another price), surrogate, private, unassigned.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class Clause:
    """A heading and its paragraph."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Everything the template may print. Times are aware; amounts are Decimal dollars."""

    reference: str
    prepared_at: datetime
    prepared_on: str
    expires_text: str
    buyer_name: str
    buyer_address: str
    buyer_contact: tuple[str, ...]
    seller_name: str
    seller_lines: tuple[str, ...]
    property_lines: tuple[str, ...]
    county: str
    apn: str
    price_amount: Decimal
    emd_amount: Decimal
    inspection_days: int
    closing_days: int
    disclosures: tuple[Clause, ...]
    public_link: str


def template_version() -> str:
    """Name and digest of the template, so that an edited template is a new version."""
    return f"cash_offer.{look_of(TEMPLATE)}"


def look_of(template: str) -> str:
    """A digest of all files that decide what a letter looks like."""
    content = b"".join((ASSETS / name).read_bytes() for name in (template, STYLE))
    return sha256(content).hexdigest()[:12]


def canonical(letter: Letter) -> bytes:
    """One byte string per letter: sorted keys, no spaces, Decimals and times as text."""
    text = json.dumps(asdict(letter), sort_keys=True, separators=(",", ":"), default=_plain)
    return text.encode()


def content_key(letter: Letter) -> str:
    """SHA-256 over the template version and the letter: what makes two documents the same."""
    return sha256(template_version().encode() + b"\n" + canonical(letter)).hexdigest()


def printable(text: str) -> str:
    """One line of user text as it may stand on paper: no control characters, bounded length."""
    spaced = " ".join(text.split())
    clean = "".join(c for c in spaced if unicodedata.category(c) not in _UNPRINTABLE)
    clean = unicodedata.normalize("NFC", clean)
    return clean if len(clean) <= _TEXT_LIMIT else clean[: _TEXT_LIMIT - 1] + "…"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a letter")
