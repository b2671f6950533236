"""The secret part of an offer's public link.

Derived from the installation's key, so that the wholesaler can be shown the link again although
only its SHA-256 is stored. 256 bits; a new revision of an offer has a new link.
"""

import base64
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from apps.common.ids import digest

_SALT = "offers.public_link"


def new_token(offer_id: UUID, revision: int) -> str:
    """The token under the current key."""
    return _derive(offer_id, revision, settings.SECRET_KEY)


def find_token(offer_id: UUID, revision: int, token_hash: str) -> str | None:
    """The token that was given out, also after the key was rotated; None if its key is gone."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(offer_id, revision, key)
        if digest(token) == token_hash:
            return token
    return None


def _derive(offer_id: UUID, revision: int, key: str) -> str:
    value = f"{offer_id.hex}:{revision}"
    mac = salted_hmac(_SALT, value, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
