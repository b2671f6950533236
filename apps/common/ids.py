"""Random tokens and their digests."""

import hashlib
import os
import secrets
from uuid import UUID, SafeUUID


def new_token() -> str:
    """A URL-safe secret of 256 bits. Store its digest, never the token itself."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 of a token as 64 hexadecimal characters."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_uuids(count: int) -> list[UUID]:
    """Random version 4 UUIDs from one read of the system's randomness."""
    drawn = os.urandom(16 * count)
    numbers = (int.from_bytes(drawn[at : at + 16]) for at in range(0, 16 * count, 16))
    return [_uuid(number & _FREE | _VERSION_4) for number in numbers]


def new_uuid_texts(count: int) -> list[str]:
    """The same as hexadecimal text, for rows that are written and not looked at any more."""
    drawn = os.urandom(16 * count).hex()
    variants = "89ab"
    return [
        f"{drawn[at : at + 12]}4{drawn[at + 13 : at + 16]}"
        f"{variants[int(drawn[at + 16], 16) & 3]}{drawn[at + 17 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]


def _uuid(number: int) -> UUID:
    """Past the constructor, which checks more than it sets: imports need hundreds of thousands."""
    made = UUID.__new__(UUID)
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


_FREE = ~((0xF << 76) | (0x3 << 62))
_VERSION_4 = (0x4 << 76) | (0x2 << 62)
