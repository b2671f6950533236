"""A skip-trace vendor that never leaves the machine and always answers the same."""

import hashlib
import re
from decimal import Decimal

from apps.contacts.types import TracedPhone, TraceQuery, TraceResult
from apps.events.actions import assert_no_action

PRICE_AMOUNT = Decimal("0.10")
_NO_MATCH_IN = 16
_LITIGATOR_IN = 64
_DNC_IN = 8
# One area code per state, so that a traced phone falls into the owner's own time zone.
# fmt: off
_AREA_CODES = {
    "AL": "205", "AK": "907", "AZ": "602", "AR": "501", "CA": "213", "CO": "303", "CT": "203",
    "DC": "202", "DE": "302", "FL": "305", "GA": "404", "HI": "808", "IA": "515", "ID": "208",
    "IL": "312", "IN": "317", "KS": "316", "KY": "502", "LA": "504", "MA": "617", "MD": "410",
    "ME": "207", "MI": "313", "MN": "612", "MO": "314", "MS": "601", "MT": "406", "NC": "704",
    "ND": "701", "NE": "402", "NH": "603", "NJ": "201", "NM": "505", "NV": "702", "NY": "212",
    "OH": "216", "OK": "405", "OR": "503", "PA": "215", "RI": "401", "SC": "803", "SD": "605",
    "TN": "615", "TX": "214", "UT": "801", "VA": "804", "VT": "802", "WA": "206", "WI": "414",
    "WV": "304", "WY": "307",
}
# fmt: on
_ANY_AREA_CODE = "203"


class SandboxSkipTrace:
    """Fictitious 555-01xx numbers and example.com mail, derived from name and address alone."""

    name = "sandbox"

    def probe(self) -> None:
        """Always there."""
        assert_no_action()

    def trace(self, query: TraceQuery) -> TraceResult:
        """About one owner in sixteen is not found, one in 64 is a litigator, one phone in 8 DNC."""
        assert_no_action()
        seed = hashlib.sha256(_identity(query).encode()).digest()
        if not query.name.strip() or seed[0] % _NO_MATCH_IN == 0:
            return TraceResult((), (), False, False, Decimal("0.00"))
        area = _AREA_CODES.get(query.state.upper(), _ANY_AREA_CODE)
        count = 1 + seed[1] % 3
        phones = tuple(_phone(area, seed, index) for index in range(count))
        return TraceResult(
            phones=tuple({phone.number: phone for phone in phones}.values()),
            emails=(_email(query.name, seed),),
            is_litigator=seed[2] % _LITIGATOR_IN == 0,
            is_deceased=False,
            cost_amount=PRICE_AMOUNT,
        )


def _identity(query: TraceQuery) -> str:
    parts = (query.name, query.line, query.postal_code)
    return "|".join(" ".join(part.upper().split()) for part in parts)


def _phone(area: str, seed: bytes, index: int) -> TracedPhone:
    """NXX-555-0100 to 0199: numbers set aside for fiction, which ring nobody."""
    spread = seed[8 + 2 * index : 10 + 2 * index]
    return TracedPhone(
        number=f"({area}) 555-01{int.from_bytes(spread) % 100:02d}",
        line_type="landline" if index == 2 else "mobile",
        is_dnc=index > 0 and seed[16 + index] % _DNC_IN == 0,
    )


def _email(name: str, seed: bytes) -> str:
    words = re.findall(r"[a-z0-9]+", name.lower())[:2]
    return f"{'.'.join(words) or 'owner'}.{seed[24]}{seed[25]}@example.com"
