"""Twilio Lookup v2: line type, carrier and whether a number works.

A number Twilio does not know (20404) is an answer and free; refused and failed calls cost nothing.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from apps.contacts.providers import cells
from apps.contacts.providers.base import AnswerLost, RequestRefused
from apps.contacts.providers.wire import ask
from apps.contacts.types import NumberResult

BASE_URL = "https://lookups.twilio.com"
FIELDS = "line_type_intelligence"
PRICE_AMOUNT = Decimal("0.008")
# Unprovisioned or out of coverage, and outside of coverage: no phone answers to the number.
_OUT_OF_COVERAGE = {60600, 60610}
_LINES = {
    "mobile": "mobile",
    "landline": "landline",
    "fixedvoip": "voip",
    "nonfixedvoip": "voip",
    "personal": "voip",
}
_ALIVE = {"active": True, "reachable": True, "inactive": False, "unreachable": False}


class TwilioLookup:
    name = "twilio"

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        base_url: str = BASE_URL,
        price: Decimal = PRICE_AMOUNT,
        fields: str = FIELDS,
    ):
        pair = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}", "Accept": "application/json"}
        self._base = (base_url or BASE_URL).rstrip("/")
        self._price = price
        self._fields = fields or FIELDS

    def look_up(self, e164: str) -> NumberResult:
        url = f"{self._base}/v2/PhoneNumbers/{quote(e164, safe='+')}"
        try:
            content = ask(
                "GET",
                url,
                vendor="Twilio",
                headers=self._headers,
                params={"Fields": self._fields},
            )
        except RequestRefused as error:
            if "(404" in str(error):
                note = "Twilio does not know this number."
                return NumberResult(False, None, "", "", Decimal(0), note)
            raise
        return self.read(content)

    def probe(self) -> None:
        """A look-up without fields only checks how a number is written, which is free."""
        url = f"{self._base}/v2/PhoneNumbers/+12035550100"
        with suppress(RequestRefused):
            ask("GET", url, vendor="Twilio", headers=self._headers)

    def read(self, content: dict[str, Any]) -> NumberResult:
        if not isinstance(content.get("valid"), bool):
            raise AnswerLost("Twilio answered with a shape nobody knows.")
        if not content["valid"]:
            reasons = content.get("validation_errors")
            words = ", ".join(map(cells.text, reasons)) if isinstance(reasons, list) else ""
            note = f"Not a valid number: {words[:150]}" if words else "Not a valid number."
            return NumberResult(False, None, "", "", Decimal(0), note)
        line = cells.mapping(content.get("line_type_intelligence"))
        status = cells.mapping(content.get("line_status"))
        is_reachable = _ALIVE.get(cells.text(status.get("status")).lower())
        note = ""
        if {cells.whole(line.get("error_code")), cells.whole(status.get("error_code"))} & (
            _OUT_OF_COVERAGE
        ):
            is_reachable, note = False, "Not assigned or out of coverage (60600)."
        return NumberResult(
            is_valid=True,
            is_reachable=is_reachable,
            line_type=_LINES.get(cells.text(line.get("type")).lower(), ""),
            carrier=cells.text(line.get("carrier_name"), 80),
            cost_amount=self._price,
            note=note or ("The line does not answer." if is_reachable is False else ""),
        )
