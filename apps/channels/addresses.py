"""One spelling per address, so that a refusal and a send can never miss each other."""

from apps.channels.types import Channel
from apps.common.phones import to_e164


def normalize_address(channel: str, text: str) -> str:
    """E.164 for phones, lower case for e-mail; the trimmed text where it is neither."""
    trimmed = text.strip()
    if channel == Channel.EMAIL:
        return trimmed.lower()
    return to_e164(trimmed) or trimmed


def any_address(text: str) -> str:
    """The same without knowing the channel: what holds an @ is an e-mail address."""
    return normalize_address(Channel.EMAIL if "@" in text else Channel.SMS, text)
