"""Random tokens and their digests."""

import hashlib
import secrets


def new_token() -> str:
    """A URL-safe secret of 256 bits. Store its digest, never the token itself."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 of a token as 64 hexadecimal characters."""
    return hashlib.sha256(token.encode()).hexdigest()
