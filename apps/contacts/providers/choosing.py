"""Whose phones are the owner's: several persons live at, owned or inherited a property."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from apps.common.names import comparable, parse_name
from apps.common.phones import to_e164
from apps.contacts.types import TracedPerson, TracedPhone, TraceQuery, TraceResult


def result_for(query: TraceQuery, persons: Sequence[TracedPerson], cost: Decimal) -> TraceResult:
    """The persons with the owner's name together; all others stand as candidates.

    Nobody becomes the owner by being the only one found: a tenant's phone is not the seller's.
    """
    owners = [person for person in persons if is_same_person(query, person.name)]
    others = tuple(person for person in persons if person not in owners)
    return TraceResult(
        phones=ranked(phone for person in owners for phone in person.phones),
        emails=tuple(dict.fromkeys(mail for person in owners for mail in person.emails)),
        is_litigator=any(person.is_litigator for person in owners),
        is_deceased=any(person.is_deceased for person in owners),
        cost_amount=cost,
        candidates=others,
    )


def is_same_person(query: TraceQuery, name: str) -> bool:
    """Same last name and same first name, or an initial of it; a company by all its words."""
    ours, theirs = comparable(query.name), comparable(name)
    if not ours or not theirs:
        return False
    if ours == theirs:
        return True
    parsed = parse_name(name)
    first, last = comparable(query.first_name), comparable(query.last_name)
    if not (first and last):
        own = parse_name(query.name)
        first, last = comparable(own.first), comparable(own.last)
    if not (first and last and parsed.first and parsed.last):
        return False
    return comparable(parsed.last) == last and _same_first(first, comparable(parsed.first))


def _same_first(one: str, other: str) -> bool:
    one, other = one.split()[0], other.split()[0]
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return one == other


def ranked(phones: Iterable[TracedPhone]) -> tuple[TracedPhone, ...]:
    """Best first: no litigator's number, one that answers, then the vendor's own score.

    A number told twice is one number with every warning of both.
    """
    merged: dict[str, TracedPhone] = {}
    for phone in phones:
        key = to_e164(phone.number) or phone.number
        known = merged.get(key)
        merged[key] = phone if known is None else _both(known, phone)
    order = sorted(
        merged.values(), key=lambda one: (one.is_tcpa, one.is_reachable is False, -one.score)
    )
    return tuple(order)


def _both(one: TracedPhone, other: TracedPhone) -> TracedPhone:
    told = [row.is_reachable for row in (one, other) if row.is_reachable is not None]
    return replace(
        one,
        is_dnc=one.is_dnc or other.is_dnc,
        is_tcpa=one.is_tcpa or other.is_tcpa,
        is_reachable=any(told) if told else None,
        carrier=one.carrier or other.carrier,
        line_type=other.line_type if one.line_type == "unknown" else one.line_type,
        score=max(one.score, other.score),
    )
