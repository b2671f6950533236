"""Is this call from somebody who knows the secret? Raw bytes and headers in, verdict out."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from apps.deals.feeds.calls.settings import CallSettings, Proof

# Above this, a timestamp is in milliseconds: in seconds it would lie in the year 5138.
_FIRST_MILLISECOND = 100_000_000_000


class CallForbidden(Exception):
    """The call did not prove itself. `status`: 401 for no proof or an old one, 403 for a wrong."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


def verify(
    settings: CallSettings,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    raw: bytes,
    now: datetime,
) -> None:
    """`secrets`: those accepted now, two while one is being replaced. Raises CallForbidden.

    `headers` are looked up without regard to case.
    """
    if settings.proof == Proof.SECRET:
        _verify_secret(settings, secrets, headers)
    else:
        _verify_signature(settings, secrets, headers, raw, now)


def sign(secret: str, raw: bytes, timestamp: str = "") -> str:
    """HMAC-SHA-256, in hex, over `timestamp.body`, or over the body where there is none."""
    return _mac(secret, raw, timestamp).hex()


def _mac(secret: str, raw: bytes, timestamp: str) -> bytes:
    signed = timestamp.encode() + b"." + raw if timestamp else raw
    return hmac.new(secret.encode(), signed, "sha256").digest()


def _verify_secret(
    settings: CallSettings, secrets: Sequence[str], headers: Mapping[str, str]
) -> None:
    given = headers.get(settings.secret_header, "").strip()
    if not given:
        raise CallForbidden(f"The header {settings.secret_header} is missing.", 401)
    scheme, _, token = given.partition(" ")
    if scheme.casefold() == "bearer":
        given = token.strip()
    if not _is_any(given, secrets):
        raise CallForbidden("The secret is wrong.", 403)


def _verify_signature(
    settings: CallSettings,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    raw: bytes,
    now: datetime,
) -> None:
    given = headers.get(settings.signature_header, "").strip()
    if not given:
        raise CallForbidden(f"The header {settings.signature_header} is missing.", 401)
    timestamp = ""
    if not settings.is_body_alone_signed:
        timestamp = headers.get(settings.timestamp_header, "").strip()
        _check_age(timestamp, settings, now)
    given = given.removeprefix("sha256=")
    macs = [_mac(secret, raw, timestamp) for secret in secrets]
    spelled = [mac.hex() for mac in macs] + [base64.b64encode(mac).decode() for mac in macs]
    if not (_is_any(given, spelled) or _is_any(given.lower(), spelled)):
        raise CallForbidden("The signature is wrong.", 403)


def _check_age(timestamp: str, settings: CallSettings, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 16):
        raise CallForbidden(
            f"The header {settings.timestamp_header} must hold Unix time, in seconds.", 401
        )
    seconds = int(timestamp)
    if seconds >= _FIRST_MILLISECOND:
        seconds //= 1000
    age = now.astimezone(UTC).timestamp() - seconds
    if abs(age) > settings.window_seconds:
        raise CallForbidden("The call is too old, or the sender's clock is wrong.", 401)


def _is_any(given: str, known: Sequence[str]) -> bool:
    """Compares with all, each in constant time, so that time tells nothing."""
    matches = [
        hmac.compare_digest(given.encode(errors="replace"), one.encode()) for one in known if one
    ]
    return any(matches)
