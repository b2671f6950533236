"""The letter before it is a PDF: its key, its words, and what hostile text becomes."""

from dataclasses import fields, replace
from decimal import Decimal

import html5lib
import pytest

from apps.offers.pdf.document import Clause, Letter, content_key, printable
from apps.offers.pdf.markup import to_html
from apps.offers.pdf.words import in_words
from tests.offers.letters import letter


def test_equal_letters_have_one_key() -> None:
    assert content_key(letter()) == content_key(letter())


@pytest.mark.parametrize("name", [field.name for field in fields(Letter)])
def test_every_field_is_part_of_the_key(name: str) -> None:
    value = getattr(letter(), name)
    other = {
        "prepared_at": letter().prepared_at.replace(second=1),
        "disclosures": (Clause("a", "b"),),
    }.get(name)
    if other is None:
        other = value + (("x",) if isinstance(value, tuple) else type(value)("1"))
    assert content_key(replace(letter(), **{name: other})) != content_key(letter())


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.01", "Zero and 01/100 dollars"),
        ("19", "Nineteen and 00/100 dollars"),
        ("182500.50", "One hundred eighty-two thousand five hundred and 50/100 dollars"),
        ("1000000", "One million and 00/100 dollars"),
        ("2013042.99", "Two million thirteen thousand forty-two and 99/100 dollars"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


def test_hostile_names_are_printed_as_the_text_they_are() -> None:
    evil = "<img src=x onerror=alert(1)> {{ 7|add:7 }} {% load os %}"
    page = to_html(letter(seller_name=evil, buyer_name=evil, apn=evil, property_lines=(evil,)))
    assert "<img" not in page
    assert "&lt;img" in page
    assert "{{ 7|add:7 }}" in page


def test_control_characters_and_bidi_overrides_never_reach_the_paper() -> None:
    assert printable("a\u202e00.1$\u202c\x00\x07b\r\nc") == "a00.1$b c"


def test_huge_text_is_cut_with_an_ellipsis() -> None:
    assert len(printable("W" * 100_000)) == 200
    assert printable("W" * 201).endswith("…")
    assert len(to_html(letter(seller_name="W" * 10**6))) < 20_000


def test_the_page_is_valid_html_but_for_the_page_number_tags() -> None:
    page = to_html(letter()).replace("<pdf:pagenumber>", "1").replace("<pdf:pagecount>", "2")
    html5lib.HTMLParser(strict=True).parse(page.replace("<pdf:nextpage />", ""))


def test_says_what_a_seller_must_be_told() -> None:
    page = to_html(letter())
    for words in (
        "$182,500.00",
        "$1,000.00",
        "$181,500.00",
        "10 days",
        "30 days",
        "As is",
        "and/or assigns",
        "APN 305-0286-00100, New Haven County",
        "We are a wholesale buyer",
        "We intend to assign",
        "December 6, 2026, 5:00 PM EST",
        letter().public_link,
        content_key(letter())[:16],
    ):
        assert words in page
