"""Who is one and who is not, case by case, as a wholesaler would say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.contacts.matching import block, compare, identity

HOME = {"line": "12 Elm St", "city": "New Haven", "state": "CT", "postal": "06511"}
ELSEWHERE = {"line": "900 Shore Dr", "city": "Tampa", "state": "FL", "postal": "33602"}
PHONE = {"phones": ["+12035550142"]}
MAIL = {"emails": ["ann@example.com"]}


def person(first, last, where=None, **more):
    return identity(first=first, last=last, **(where or {}), **more)


def body(name, where=None, kind="company", **more):
    return identity(kind=kind, name=name, **(where or {}), **more)


ONE = [
    ("same name, same mail", person("Ann", "Sample", HOME), person("ANN", "SAMPLE", HOME)),
    ("nickname", person("Bob", "Sample", HOME), person("Robert", "Sample", HOME)),
    ("typo in the name", person("Katherine", "Sampleton", HOME),
     person("Katherin", "Sampelton", HOME)),
    ("swapped names", person("Sampleton", "Testa", HOME), person("Testa", "Sampleton", HOME)),
    ("initial only", person("A", "Sampleton", HOME, **PHONE), person("Ann", "Sampleton", HOME)),
    ("middle initial and full middle name", person("Ann M", "Sample", HOME),
     person("Ann Marie", "Sample", HOME)),
    ("moved, same phone", person("Ann", "Sample", HOME, **PHONE),
     person("Ann", "Sample", ELSEWHERE, **PHONE)),
    ("moved, same e-mail", person("Ann", "Sample", HOME, **MAIL),
     person("Ann", "Sample", ELSEWHERE, **MAIL)),
    ("typo in house number and ZIP", person("Ann", "Sample", HOME),
     person("Ann", "Sample", {**HOME, "line": "21 Elm St", "postal": "06515"}, **PHONE)),
    ("married, same e-mail and address", person("Ann", "Sample", HOME, **MAIL),
     person("Ann", "Other", HOME, **MAIL)),
    ("LLC with dots", body("Blue Gate Homes, L.L.C.", HOME), body("BLUE GATE HOMES LLC", HOME)),
    ("ampersand", body("Oak & Pine Realty LLC", HOME), body("Oak and Pine Realty LLC", HOME)),
    ("abbreviation", body("Elm Hldgs LLC", HOME), body("Elm Holdings LLC", HOME)),
    ("trust abbreviated", body("Sample Fam Rev Tr", HOME, "trust"),
     body("Sample Family Revocable Trust", HOME, "trust")),
]  # fmt: skip

TWO = [
    ("spouses", person("Ann", "Sample", HOME), person("Peter", "Sample", HOME)),
    ("spouses sharing phone and e-mail", person("Ann", "Sample", HOME, **PHONE, **MAIL),
     person("Peter", "Sample", HOME, **PHONE, **MAIL)),
    ("father and son", person("John", "Sample Sr", HOME, **PHONE),
     person("John", "Sample Jr", HOME, **PHONE)),
    ("namesakes far apart", person("John", "Smith", HOME), person("John", "Smith", ELSEWHERE)),
    ("neighbors", person("Ann", "Sample", HOME),
     person("Carl", "Test", {**HOME, "line": "14 Elm St"})),
    ("numbered companies", body("Elm Holdings 1 LLC", HOME), body("Elm Holdings 2 LLC", HOME)),
    ("numbered, spelled out", body("Elm Holdings II LLC", HOME),
     body("Elm Holdings III LLC", HOME)),
    ("numbered and not", body("Elm Holdings LLC", HOME), body("Elm Holdings 2 LLC", HOME)),
    ("lettered companies", body("Elm Series A LLC", HOME), body("Elm Series B LLC", HOME)),
    ("trusts of two dates", body("Sample Trust dtd 5/1/2011", HOME, "trust"),
     body("Sample Trust dtd 9/1/2019", HOME, "trust")),
    ("companies at one agent's address", body("Blue Gate LLC", HOME), body("Red Barn LLC", HOME)),
    ("two legal forms elsewhere", body("Blue Gate LLC", HOME), body("Blue Gate Inc", ELSEWHERE)),
    ("person and their trust", person("John", "Smith", HOME, **PHONE),
     body("John Smith Trust", HOME, "trust", **PHONE)),
    ("person and their estate", person("John", "Smith", HOME, **PHONE),
     body("Estate of John Smith", HOME, "estate", **PHONE)),
    ("only a phone in common", person("Ann", "Sample", **PHONE), person("Carl", "Test", **PHONE)),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [pytest.param(*case[1:], id=case[0]) for case in ONE])
def test_one(one, other):
    match = compare(one, other)
    assert match.score >= 0.75, match
    assert match.supports
    assert block({"a": one, "b": other}), "the pair is never looked at"


@pytest.mark.parametrize(("one", "other"), [pytest.param(*case[1:], id=case[0]) for case in TWO])
def test_two(one, other):
    match = compare(one, other)
    assert match.score < 0.75, match
    assert match.objections or match.score < 0.6


def test_a_trust_is_related_and_says_so():
    match = compare(person("John", "Smith", HOME), body("John Smith Trust", HOME, "trust"))
    assert 0 < match.score <= 0.3
    assert match.objections[0].startswith("A trust bearing the person's name is related")


def test_reasons_name_what_agrees_strongest_first():
    match = compare(person("Ann", "Sample", HOME, **MAIL), person("Ann", "Sample", HOME, **MAIL))
    assert match.supports == (
        "Same mailing address",
        "Same e-mail, ann@example.com",
        "Same last name, Sample",
        "Same first name, Ann",
    )
    assert not match.objections


words = st.text(alphabet="ABCDEFG .&'-1é", max_size=14)
identities = st.builds(
    identity,
    kind=st.sampled_from(["person", "company", "trust", "estate"]),
    name=words,
    first=words,
    last=words,
    line=words,
    city=words,
    postal=st.text("0123456789", max_size=5),
    phones=st.lists(st.sampled_from(["+12035550101", "+12035550102"]), max_size=2),
    emails=st.lists(st.sampled_from(["a@example.com", "b@example.com"]), max_size=2),
)


@given(identities, identities)
def test_a_score_is_a_probability_and_has_no_direction(one, other):
    match = compare(one, other)
    assert 0 <= match.score <= 1
    assert match.score == compare(other, one).score
