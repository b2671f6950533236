"""Random tokens and their digests."""

import hashlib
import os
import secrets
from uuid import UUID


def new_token() -> str:
    """A URL-safe secret of 256 bits. Store its digest, never the token itself."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 of a token as 64 hexadecimal characters."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_uuids(count: int) -> list[UUID]:
    """Random version 4 UUIDs from one read of the system's randomness."""
    drawn = os.urandom(16 * count)
    return [UUID(bytes=drawn[at : at + 16], version=4) for at in range(0, 16 * count, 16)]
