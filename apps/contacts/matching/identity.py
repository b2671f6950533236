"""What is known of one person or company, in comparable spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.common.names import comparable

_SUFFIXES = {"JR": 2, "SR": 1, "II": 2, "III": 3, "IV": 4}
_LEGAL_FORMS = {
    "LLC": "LLC",
    "LC": "LLC",
    "INC": "INC",
    "INCORPORATED": "INC",
    "CORP": "INC",
    "CORPORATION": "INC",
    "LTD": "LTD",
    "LIMITED": "LTD",
    "LP": "LP",
    "LLP": "LLP",
    "LLLP": "LLLP",
    "PLLC": "PLLC",
    "PC": "PC",
}
_SAME_WORDS = {
    "PROPS": "PROPERTIES",
    "PROP": "PROPERTIES",
    "PROPERTY": "PROPERTIES",
    "HLDGS": "HOLDINGS",
    "HLDG": "HOLDINGS",
    "HOLDING": "HOLDINGS",
    "INV": "INVESTMENTS",
    "INVS": "INVESTMENTS",
    "INVESTMENT": "INVESTMENTS",
    "MGMT": "MANAGEMENT",
    "GRP": "GROUP",
    "ASSOC": "ASSOCIATES",
    "ASSOCS": "ASSOCIATES",
    "ASSN": "ASSOCIATION",
    "TR": "TRUST",
    "TRST": "TRUST",
    "TRUSTEE": "TRUST",
    "TRUSTEES": "TRUST",
    "TTEE": "TRUST",
    "CO": "COMPANY",
    "REV": "REVOCABLE",
    "IRREV": "IRREVOCABLE",
    "FAM": "FAMILY",
}
_IDLE_WORDS = frozenset({"THE", "AND", "OF"})
_SPELLED = ("", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN")
_ROMAN = {"II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9"}
_NUMBER_WORDS = _ROMAN | {word: str(number) for number, word in enumerate(_SPELLED) if word}
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?\b\.?|\bL L C\b")


@dataclass(frozen=True, slots=True)
class Identity:
    """Comparable parts; '' or an empty set is unknown and counts neither for nor against.

    `kind`: person, company, trust or estate. `words` and `marks` belong to organizations: the
    words of the name without its legal form, and what tells sister companies apart (numbers,
    single letters). `rank` of a person is 1 for Sr, 2 for Jr and II, 0 for none.
    """

    kind: str = "person"
    first: str = ""
    middle: str = ""
    last: str = ""
    rank: int = 0
    words: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    form: str = ""
    number: str = ""
    street: str = ""
    unit: str = ""
    place: str = ""
    city: str = ""
    state: str = ""
    postal: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    born: str = ""
    tax_id: str = ""


def identity(
    *,
    kind: str = "person",
    name: str = "",
    first: str = "",
    last: str = "",
    line: str = "",
    unit: str = "",
    place: str = "",
    city: str = "",
    state: str = "",
    postal: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    born: str = "",
    tax_id: str = "",
) -> Identity:
    """From the parts of a contact as lists write them. `place` is a second address line.

    `born` (YYYYMMDD) and `tax_id` are for sources that have them; contacts do not.
    """
    number, street = _house(line)
    known: dict[str, Any] = {
        "kind": kind,
        "number": number,
        "street": street,
        "unit": comparable(unit),
        "place": comparable(place),
        "city": comparable(city),
        "state": comparable(state),
        "postal": comparable(postal)[:5],
        "phones": frozenset(phones),
        "emails": frozenset(emails),
        "born": comparable(born),
        "tax_id": comparable(tax_id),
    }
    if kind == "person":
        return Identity(**known, **_person(first, last, name))
    return Identity(**known, **_organization(name))


def _person(first: str, last: str, name: str) -> dict[str, Any]:
    if not (first or last):
        first, _, last = name.rpartition(" ")
    given, family = comparable(first).split(), comparable(last).split()
    rank = 0
    for words in (given, family):
        while len(words) > 1 and words[-1] in _SUFFIXES:
            rank = _SUFFIXES[words.pop()]
    return {
        "first": given[0] if given else "",
        "middle": " ".join(given[1:]),
        "last": " ".join(family),
        "rank": rank,
    }


def _organization(name: str) -> dict[str, Any]:
    dotless = _DOTTED.sub(lambda found: re.sub(r"[. ]", "", found[0]) + " ", name)
    words = [_SAME_WORDS.get(word, word) for word in comparable(dotless.replace("&", " ")).split()]
    forms = [_LEGAL_FORMS[word] for word in words if word in _LEGAL_FORMS]
    kept = [word for word in words if word not in _LEGAL_FORMS and word not in _IDLE_WORDS]
    named = [_NUMBER_WORDS.get(word, word) for word in kept]
    marks = frozenset(word for word in named if len(word) == 1 or any(map(str.isdigit, word)))
    return {"words": tuple(named), "marks": marks, "form": forms[-1] if forms else ""}


def _house(line: str) -> tuple[str, str]:
    plain = comparable(line)
    head, _, rest = plain.partition(" ")
    return (head, rest) if head[:1].isdigit() else ("", plain)
