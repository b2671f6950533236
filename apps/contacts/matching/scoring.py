"""From evidence to one score with its reasons, and what decides against whatever else agrees."""

from __future__ import annotations

from dataclasses import dataclass

from apps.contacts.matching import weights as w
from apps.contacts.matching.evidence import (
    Evidence,
    address_evidence,
    company_evidence,
    person_evidence,
    reach_evidence,
    registry_evidence,
)
from apps.contacts.matching.identity import Identity


@dataclass(frozen=True)
class Match:
    """`score` from 0 (two people) to 1 (one).

    `supports` says what speaks for one person and `objections` what speaks against it, each the
    strongest first, as sentences for a person.
    """

    score: float
    supports: tuple[str, ...]
    objections: tuple[str, ...] = ()


def compare(one: Identity, other: Identity) -> Match:
    """How likely two identities are one. Symmetric."""
    found = [*reach_evidence(one, other), *registry_evidence(one, other), *_address(one, other)]
    if (one.kind == "person") != (other.kind == "person"):
        return _related(one, other, found)
    is_person = one.kind == "person"
    found += person_evidence(one, other) if is_person else company_evidence(one, other)
    score = _probability(sum(item.bits for item in found))
    cap, why = _objection(one, other, found)
    if why and score > cap:
        return _match(cap, found, why)
    return _match(score, found)


def _match(score: float, found: list[Evidence], why: str = "") -> Match:
    ordered = sorted((item for item in found if item.reason), key=lambda item: -abs(item.bits))
    supports = tuple(item.reason for item in ordered if item.bits > 0)
    against = tuple(item.reason for item in ordered if item.bits <= 0)
    return Match(score, supports, (why, *against) if why else against)


def _address(one: Identity, other: Identity) -> list[Evidence]:
    """All of the address as one piece of evidence with one sentence."""
    found = list(address_evidence(one, other))
    bits = sum(item.bits for item in found)
    reason = ""
    if bits >= w.STREET_CLOSE + w.NUMBER_SAME:
        is_exact = (one.number, one.street) == (other.number, other.street)
        reason = "Same mailing address" if is_exact else "Nearly the same mailing address"
    elif bits < 0 and one.street and other.street:
        reason = "Mail goes to different addresses"
    return [Evidence("address", bits, reason)] if found else []


def _probability(bits: float) -> float:
    return float(round(1 / (1 + 2 ** -(bits + w.PRIOR)), 4))


def _objection(one: Identity, other: Identity, found: list[Evidence]) -> tuple[float, str]:
    """A reason that holds against any sum of agreement, and the score it leaves at most."""
    bits = {item.field: item.bits for item in found}
    if one.kind != "person":
        if one.marks != other.marks:
            return w.SISTER_COMPANY_CAP, "Numbers or letters in the names tell them apart"
        if one.kind != other.kind:
            return w.RELATED_CAP, "One is a trust or estate and the other is not"
        return 1.0, ""
    proven = bits.get("tax", 0) > 0 or bits.get("born", 0) > 0
    if proven:
        return 1.0, ""
    if bits.get("rank", 0) < 0:
        return w.HOUSEHOLD_CAP, "Father and son, or the like: not the same person"
    if bits.get("first", 0) < 0:
        # Spouses share the address, the last name, often the phone and an e-mail.
        return w.HOUSEHOLD_CAP, "Another first name: perhaps one household, not one person"
    return 1.0, ""


def _related(one: Identity, other: Identity, found: list[Evidence]) -> Match:
    """A person is never their own trust or company, however much the two share."""
    person, body = (one, other) if one.kind == "person" else (other, one)
    is_named_after = {person.first, person.last} <= set(body.words) and bool(person.last)
    if not is_named_after and not found:
        return Match(0.0, (), ("One is a person and the other an organization",))
    what = {"trust": "A trust", "estate": "An estate"}.get(body.kind, "A company")
    after = " bearing the person's name" if is_named_after else ""
    return _match(w.RELATED_CAP, found, f"{what}{after} is related to the person, but not the same")
