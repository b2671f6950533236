"""How a text message is counted and billed: GSM-7 or UCS-2, and the number of segments."""

from dataclasses import dataclass

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
MAX_SEGMENTS = 10


@dataclass(frozen=True)
class SmsSize:
    encoding: str
    units: int
    segments: int


def is_gsm7(text: str) -> bool:
    return all(char in _GSM_BASIC or char in _GSM_EXTENDED for char in text)


def measure(text: str) -> SmsSize:
    """Segments as carriers count them (3GPP TS 23.038, 23.040).

    160 / 153 septets in GSM-7 and 70 / 67 UTF-16 units otherwise; a character never straddles two
    segments, so an escaped GSM character or a surrogate pair may leave one unit of a segment empty.
    """
    if is_gsm7(text):
        costs = [2 if char in _GSM_EXTENDED else 1 for char in text]
        return SmsSize("GSM-7", sum(costs), _segments(costs, 160, 153))
    costs = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return SmsSize("UCS-2", sum(costs), _segments(costs, 70, 67))


def _segments(costs: list[int], single: int, part: int) -> int:
    if sum(costs) <= single:
        return 1 if costs else 0
    segments, used = 1, 0
    for cost in costs:
        if used + cost > part:
            segments, used = segments + 1, 0
        used += cost
    return segments
