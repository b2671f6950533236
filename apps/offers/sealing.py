"""Encryption of files that hold a live acceptance link.

A copied database must not let anybody accept an offer in a seller's name, and the PDF prints the
link. Keys are derived from SECRET_KEY and its fallbacks, as Django's own signatures are.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "offers.sealed_document"


class KeyMissing(Exception):
    """The file was sealed under a key that is neither SECRET_KEY nor one of its fallbacks."""


def seal(content: bytes) -> bytes:
    return _box().encrypt(content)


def open_sealed(sealed: bytes) -> bytes:
    """Raises KeyMissing."""
    try:
        return _box().decrypt(sealed)
    except InvalidToken as error:
        raise KeyMissing(
            "This document was stored under another SECRET_KEY; add it to SECRET_KEY_FALLBACKS."
        ) from error


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    mac = salted_hmac(_SALT, "", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac)
