"""Decisions about addresses: what is usable, what is the same, when a lookup is due."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

TRACE_REUSE = timedelta(days=30)
_MAX_EMAIL_CHARS = 254
_MAX_LOCAL_CHARS = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_TOP_LABEL = re.compile(r"([a-z]{2,63}|xn--[a-z0-9-]{1,59})\Z")


def normalize_email(text: str) -> str | None:
    """The address in lower case, or None where the syntax could not be delivered to.

    Stricter than RFC 5322 on purpose: no quoted local part, comment, address literal, bare host
    or non-ASCII, because list files hold those only by mistake and a line break in an address
    would let it add headers to a message.
    """
    address = text.strip(" \t").removeprefix("mailto:").rstrip(";,").lower()
    local, at, domain = address.rpartition("@")
    if not at or len(address) > _MAX_EMAIL_CHARS or len(local) > _MAX_LOCAL_CHARS:
        return None
    labels = domain.split(".")
    if len(labels) < 2 or not _LOCAL.match(local) or not _TOP_LABEL.match(labels[-1]):
        return None
    return address if all(_LABEL.match(label) for label in labels) else None


def join_duplicates(addresses: Iterable[str]) -> list[str]:
    """Each address once, in the order first seen."""
    return list(dict.fromkeys(addresses))


def may_reuse_trace(traced_at: datetime | None, now: datetime) -> bool:
    """A paid lookup answers for 30 days, also when it found nothing."""
    return traced_at is not None and now - traced_at < TRACE_REUSE
