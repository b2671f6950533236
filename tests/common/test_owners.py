"""Couples in one cell become two people; companies, trusts and firms of two names stay one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.names import NameKind, parse_owners

COUPLES = {
    "JOHN & MARY SMITH": ["John Smith", "Mary Smith"],
    "John and Mary Smith": ["John Smith", "Mary Smith"],
    "SMITH, JOHN & MARY": ["John Smith", "Mary Smith"],
    "SMITH JOHN & MARY": ["John Smith", "Mary Smith"],
    "SMITH, JOHN A & MARY B": ["John A Smith", "Mary B Smith"],
    "John A & Mary B Smith": ["John A Smith", "Mary B Smith"],
    "SMITH, JOHN & JONES, MARY": ["John Smith", "Mary Jones"],
    "John Smith & Mary Jones": ["John Smith", "Mary Jones"],
    "JOHN & MARY VAN DER BERG": ["John Van Der Berg", "Mary Van Der Berg"],
    "John Smith Jr & Mary Smith": ["John Smith Jr", "Mary Smith"],
    "Mr & Mrs John Smith": ["John Smith"],
    "SMITH, JOHN ET UX": ["John Smith"],
    "John Smith et al.": ["John Smith"],
    "John Smith": ["John Smith"],
    "": [],
    " & ": [],
}
BODIES = {
    "OAK & PINE REALTY LLC": NameKind.COMPANY,
    "Smith & Sons Construction": NameKind.COMPANY,
    "John & Mary Smith Family Trust": NameKind.TRUST,
    "Estate of John & Mary Smith": NameKind.ESTATE,
}


@pytest.mark.parametrize("text", COUPLES)
def test_people(text):
    assert [name.full for name in parse_owners(text)] == COUPLES[text]


@pytest.mark.parametrize("text", BODIES)
def test_bodies_stay_one(text):
    (name,) = parse_owners(text)
    assert name.kind is BODIES[text]


def test_two_surnames_alone_are_one_firm():
    assert len(parse_owners("Smith & Wesson")) == 1


def test_surname_first_as_county_rolls_write():
    names = parse_owners("SAMPLETON TESTA M & ADA", surname_first=True)
    assert [(name.first, name.last) for name in names] == [
        ("Testa", "Sampleton"),
        ("Ada", "Sampleton"),
    ]


@given(st.text(max_size=40), st.booleans())
def test_any_text_gives_owners_and_no_error(text, surname_first):
    for name in parse_owners(text, surname_first=surname_first):
        assert name.full
