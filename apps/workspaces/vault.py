"""Secrets of providers at rest: sealed with keys derived from SECRET_KEY and its fallbacks.

Seal again under the newest key with `manage.py rotate_secrets`, then the old key can go.
"""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "workspaces.vault"


class KeyMissing(Exception):
    """Sealed under a key that is neither SECRET_KEY nor one of its fallbacks."""


def seal(secrets: Mapping[str, str]) -> str:
    """Text for a database column; an empty mapping seals to ''."""
    return _box().encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str) -> dict[str, str]:
    """Raises KeyMissing."""
    if not sealed:
        return {}
    try:
        secrets: dict[str, str] = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise KeyMissing(
            "These credentials were stored under another SECRET_KEY; add it to"
            " SECRET_KEY_FALLBACKS or enter them again."
        ) from error
    return secrets


def reseal(sealed: str) -> str:
    """The same secrets under the newest key. Raises KeyMissing."""
    return seal(unseal(sealed))


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    mac = salted_hmac(_SALT, "", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac)
