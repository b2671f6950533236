"""BatchData property skip trace, v1 and v3: up to 100 properties in one call.

Charged per matched property; a refused or failed call (4xx, 500, 503) is not charged. Numbers of
known litigators are asked for (`includeTCPABlacklistedPhones`), because v1 leaves them out
otherwise, and a number that is left out looks like one that is safe.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from apps.common.names import comparable
from apps.contacts.providers import cells
from apps.contacts.providers.base import AnswerLost, RequestRefused, TraceOutcome, TraceUnavailable
from apps.contacts.providers.choosing import result_for
from apps.contacts.providers.wire import ask
from apps.contacts.types import TracedPerson, TracedPhone, TraceQuery, TraceResult

BASE_URL = "https://api.batchdata.com"
PRICE_AMOUNT = Decimal("0.10")
MOST_PHONES = 10
MOST_PERSONS = 20
_LOST = "BatchData answered with a shape nobody knows."


class _BatchData(ABC):
    """Both versions ask alike and answer differently."""

    name = ""
    path = ""
    most_per_call = 100

    def __init__(self, *, key: str, base_url: str = BASE_URL, price: Decimal = PRICE_AMOUNT):
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._url = (base_url or BASE_URL).rstrip("/") + self.path
        self._price = price

    def trace(self, query: TraceQuery) -> TraceResult:
        [outcome] = self.trace_many([query])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def trace_many(self, queries: Sequence[TraceQuery]) -> list[TraceOutcome]:
        request = {
            "requests": [_question(number, query) for number, query in enumerate(queries)],
            "options": {"includeTCPABlacklistedPhones": True},
        }
        content = ask("POST", self._url, vendor="BatchData", headers=self._headers, json=request)
        return self.read(content, queries)

    def probe(self) -> None:
        """An order of nothing: refused for its content where the key is accepted."""
        with suppress(RequestRefused):
            ask("POST", self._url, vendor="BatchData", headers=self._headers, json={"requests": []})

    @abstractmethod
    def read(self, content: dict[str, Any], queries: Sequence[TraceQuery]) -> list[TraceOutcome]:
        """One outcome for each query, in their order."""

    def _outcome(self, query: TraceQuery, found: list[TracedPerson]) -> TraceResult:
        return result_for(query, found, self._price if found else Decimal(0))


class BatchDataV1(_BatchData):
    """Persons of all properties in one flat list, each with an echo of its request."""

    name = "batchdata_v1"
    path = "/api/v1/property/skip-trace"

    def read(self, content: dict[str, Any], queries: Sequence[TraceQuery]) -> list[TraceOutcome]:
        results = cells.mapping(content.get("results"))
        if not isinstance(results.get("persons"), list):
            return [AnswerLost(_LOST) for _ in queries]
        persons = cells.rows(results["persons"])[: MOST_PERSONS * len(queries)]
        groups: list[list[dict[str, Any]]] = [[] for _ in queries]
        for person in persons:
            at = _asked_by(cells.mapping(person.get("request")), queries)
            for index in at:
                groups[index].append(person)
        told = cells.whole(_counts(results).get("matchCount"))
        # Somebody was found whose question we do not recognize: no empty group is a sure no match.
        is_unsure = told > sum(1 for group in groups if group)
        return [
            AnswerLost(_LOST) if is_unsure and not group else self._group(query, group)
            for query, group in zip(queries, groups, strict=True)
        ]

    def _group(self, query: TraceQuery, group: list[dict[str, Any]]) -> TraceOutcome:
        if any(cells.flag(cells.mapping(row.get("meta")).get("error")) for row in group):
            return TraceUnavailable("BatchData reports an error for this property.")
        return self._outcome(query, [_person_v1(row) for row in group if _is_found(row)])


class BatchDataV3(_BatchData):
    """One entry per property with its persons; the entry names the request it answers."""

    name = "batchdata_v3"
    path = "/api/v3/property/skip-trace"

    def read(self, content: dict[str, Any], queries: Sequence[TraceQuery]) -> list[TraceOutcome]:
        entries = cells.mapping(content.get("result")).get("data")
        outcomes: list[TraceOutcome] = [AnswerLost(_LOST) for _ in queries]
        for entry in cells.rows(entries):
            at = _place(entry, queries)
            if at is not None:
                outcomes[at] = self._entry(queries[at], entry)
        return outcomes

    def _entry(self, query: TraceQuery, entry: dict[str, Any]) -> TraceOutcome:
        meta = cells.mapping(entry.get("meta"))
        if cells.flag(meta.get("error")):
            return TraceUnavailable("BatchData reports an error for this property.")
        if not isinstance(entry.get("persons"), list):
            return (
                AnswerLost(_LOST) if cells.flag(meta.get("matched")) else self._outcome(query, [])
            )
        people = cells.rows(entry["persons"])[:MOST_PERSONS]
        return self._outcome(query, [_person_v3(row) for row in people])


def _question(number: int, query: TraceQuery) -> dict[str, Any]:
    address = query.address
    question: dict[str, Any] = {
        "requestId": query.ref or str(number),
        "propertyAddress": {
            "street": address.line,
            "city": address.city,
            "state": address.state,
            "zip": address.postal_code,
        },
    }
    if query.first_name and query.last_name:
        question["name"] = {"first": query.first_name, "last": query.last_name}
    return question


def _asked_by(echo: dict[str, Any], queries: Sequence[TraceQuery]) -> list[int]:
    """Which of our questions an echoed request is; two may ask about one property."""
    if len(queries) == 1:
        return [0]
    ref = cells.text(echo.get("requestId"))
    by_ref = [number for number, query in enumerate(queries) if ref and query.ref == ref]
    if by_ref:
        return by_ref
    asked = _address_key(cells.mapping(echo.get("propertyAddress")))
    return [number for number, query in enumerate(queries) if asked and _query_key(query) == asked]


def _place(entry: dict[str, Any], queries: Sequence[TraceQuery]) -> int | None:
    ref = cells.text(cells.mapping(entry.get("input")).get("requestId"))
    for number, query in enumerate(queries):
        if ref and query.ref == ref:
            return number
    at = entry.get("inputIndex")
    is_ours = isinstance(at, int) and not isinstance(at, bool) and 0 <= at < len(queries)
    return at if is_ours else (0 if len(queries) == 1 else None)


def _address_key(address: dict[str, Any]) -> str:
    return comparable(f"{cells.text(address.get('street'))} {cells.text(address.get('zip'))[:5]}")


def _query_key(query: TraceQuery) -> str:
    return comparable(f"{query.address.line} {query.address.postal_code[:5]}")


def _counts(results: dict[str, Any]) -> dict[str, Any]:
    return cells.mapping(cells.mapping(results.get("meta")).get("results"))


def _is_found(row: dict[str, Any]) -> bool:
    matched = cells.mapping(row.get("meta")).get("matched")
    return matched is None or cells.flag(matched)


def _person_v1(row: dict[str, Any]) -> TracedPerson:
    is_tcpa = cells.flag(cells.mapping(row.get("dnc")).get("tcpa"))
    phones = tuple(
        _phone(phone, is_tcpa=is_tcpa or cells.flag(phone.get("tcpa")))
        for phone in cells.rows(row.get("phoneNumbers"))[:MOST_PHONES]
    )
    return TracedPerson(
        name=_name(row),
        phones=phones,
        emails=_emails(row),
        is_litigator=cells.flag(row.get("litigator")) or is_tcpa,
        is_deceased=cells.flag(cells.mapping(row.get("death")).get("deceased")),
    )


def _person_v3(row: dict[str, Any]) -> TracedPerson:
    phones = tuple(
        _phone(phone, is_tcpa=cells.flag(phone.get("tcpa")))
        for phone in cells.rows(row.get("phones"))[:MOST_PHONES]
    )
    return TracedPerson(
        name=_name(row),
        phones=phones,
        emails=_emails(row),
        is_owner=cells.flag(row.get("propertyOwner")),
        is_litigator=cells.flag(row.get("litigator")),
        is_deceased=cells.flag(row.get("deceased")),
    )


def _phone(row: dict[str, Any], *, is_tcpa: bool) -> TracedPhone:
    return TracedPhone(
        number=cells.text(row.get("number"), 40),
        line_type=cells.line_type(row.get("type")),
        is_dnc=cells.flag(row.get("dnc")),
        carrier=cells.text(row.get("carrier"), 80),
        is_tcpa=is_tcpa,
        is_reachable=cells.maybe(row.get("reachable")),
        score=cells.whole(row.get("score")) or -cells.whole(row.get("rank")),
        last_reported=cells.day(row.get("lastReportedDate")),
    )


def _name(row: dict[str, Any]) -> str:
    name = cells.mapping(row.get("name"))
    parts = (cells.text(name.get("first")), cells.text(name.get("last")))
    return cells.text(name.get("full")) or " ".join(part for part in parts if part)


def _emails(row: dict[str, Any]) -> tuple[str, ...]:
    found = (cells.text(mail.get("email"), 254) for mail in cells.rows(row.get("emails"))[:5])
    return tuple(mail for mail in found if mail)
