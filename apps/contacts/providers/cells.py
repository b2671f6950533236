"""Values out of a vendor's JSON, whatever type they turn out to have."""

from __future__ import annotations

from datetime import date
from typing import Any

_LINES = {"mobile": "mobile", "wireless": "mobile", "cell": "mobile", "voip": "voip"}


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; anything else in it is left out."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: Any, limit: int = 200) -> str:
    """Numbers and words as text on one line, without NUL; '' for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).replace("\x00", "").split())[:limit]


def flag(value: Any) -> bool:
    """True for true, 'true', 'yes', 'Y' and 1: vendors document booleans and send words."""
    if isinstance(value, str):
        return value.strip().lower() in {"true", "yes", "y", "1"}
    return value is True or (isinstance(value, int) and value == 1)


def maybe(value: Any) -> bool | None:
    return None if value is None or value == "" else flag(value)


def whole(value: Any) -> int:
    """Between -1e6 and 1e6; 0 for what is no number."""
    try:
        return max(-1_000_000, min(1_000_000, int(float(value))))
    except (TypeError, ValueError, OverflowError):
        return 0


def day(value: Any) -> date | None:
    """The day of an ISO date or timestamp."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None


def line_type(value: Any) -> str:
    """mobile, landline, voip or unknown, from 'Mobile', 'Land Line', 'VOIP' …"""
    word = text(value).lower().replace(" ", "").replace("-", "")
    if "voip" in word:
        return "voip"
    return "landline" if word in {"landline", "residential"} else _LINES.get(word, "unknown")
