"""RealEstateAPI skip trace: one person per call.

Charged per match; an answer without a match and every refused or failed call cost nothing.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

from apps.contacts.providers import cells
from apps.contacts.providers.base import AnswerLost, RequestRefused, TraceUnavailable
from apps.contacts.providers.choosing import is_same_person, result_for
from apps.contacts.providers.wire import ask
from apps.contacts.types import TracedPerson, TracedPhone, TraceQuery, TraceResult

BASE_URL = "https://api.realestateapi.com"
PATH = "/v1/SkipTrace"
PRICE_AMOUNT = Decimal("0.12")
MOST_PHONES = 10


class RealEstateApi:
    name = "realestateapi"

    def __init__(self, *, key: str, base_url: str = BASE_URL, price: Decimal = PRICE_AMOUNT):
        self._headers = {"x-api-key": key, "Accept": "application/json"}
        self._url = (base_url or BASE_URL).rstrip("/") + PATH
        self._price = price

    def trace(self, query: TraceQuery) -> TraceResult:
        try:
            content = ask(
                "POST",
                self._url,
                vendor="RealEstateAPI",
                headers=self._headers,
                json=_question(query),
            )
        except RequestRefused as error:
            if "(404" in str(error):  # their word for an address nobody is known at
                return result_for(query, [], Decimal(0))
            raise
        return self.read(content, query)

    def probe(self) -> None:
        """A question without content: refused for that where the key is accepted."""
        with suppress(RequestRefused):
            ask("POST", self._url, vendor="RealEstateAPI", headers=self._headers, json={})

    def read(self, content: dict[str, Any], query: TraceQuery) -> TraceResult:
        """The status that counts stands in the body: HTTP says 200 to most failures."""
        status = cells.whole(content.get("statusCode") or content.get("responseCode") or 200)
        if status == 404 or content.get("match") is False:
            return result_for(query, [], Decimal(0))
        if status >= 400:
            raise TraceUnavailable(f"RealEstateAPI answered {status} in its body.")
        output = content.get("output")
        if not isinstance(output, dict) or not isinstance(output.get("identity"), dict):
            raise AnswerLost("RealEstateAPI answered with a shape nobody knows.")
        return result_for(query, [_person(output, query)], self._price)


def _question(query: TraceQuery) -> dict[str, Any]:
    address = query.address
    question = {
        "first_name": query.first_name,
        "last_name": query.last_name,
        "address": address.line,
        "city": address.city,
        "state": address.state,
        "zip": address.postal_code,
        "mail_address": query.line,
        "mail_city": query.city,
        "mail_state": query.state,
        "mail_zip": query.postal_code,
    }
    return {name: value for name, value in question.items() if value}


def _person(output: dict[str, Any], query: TraceQuery) -> TracedPerson:
    """One identity under several spellings of its name; the owner's own spelling if among them."""
    identity = output["identity"]
    demographics = cells.mapping(output.get("demographics"))
    names = [*cells.rows(identity.get("names")), *cells.rows(demographics.get("names"))]
    spelled = [name for name in map(_name, names) if name]
    ours = next((name for name in spelled if is_same_person(query, name)), "")
    phones = tuple(_phone(row) for row in cells.rows(identity.get("phones"))[:MOST_PHONES])
    mails = (cells.text(row.get("email"), 254) for row in cells.rows(identity.get("emails"))[:5])
    return TracedPerson(
        name=ours or next(iter(spelled), ""),
        phones=phones,
        emails=tuple(dict.fromkeys(mail for mail in mails if mail)),
        is_deceased=cells.flag(demographics.get("deceased")) or bool(demographics.get("dod")),
    )


def _name(row: dict[str, Any]) -> str:
    parts = (cells.text(row.get("firstName")), cells.text(row.get("lastName")))
    return " ".join(part for part in parts if part) or cells.text(row.get("fullName"))


def _phone(row: dict[str, Any]) -> TracedPhone:
    return TracedPhone(
        number=cells.text(row.get("phone"), 40),
        line_type=cells.line_type(row.get("phoneType")),
        is_dnc=cells.flag(row.get("doNotCall")),
        carrier=cells.text(row.get("telcoName"), 80),
        is_reachable=cells.maybe(row.get("isConnected")),
        last_reported=cells.day(row.get("lastSeen")),
    )
