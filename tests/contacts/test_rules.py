"""E-mail syntax, joining duplicates, and when a paid lookup may be repeated."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.contacts.rules import (
    STANDINGS,
    USABLE,
    history_line,
    needs_trace,
    normalize_email,
    phone_preference,
    worse_standing,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@example.com", "ann@example.com"),
        ("  Ann.Lee+deals@Mail.Example.COM ", "ann.lee+deals@mail.example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("ann@example.com;", "ann@example.com"),
        ("o'hara@example.com", "o'hara@example.com"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a@example.xn--p1ai", "a@example.xn--p1ai"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
def test_deliverable_syntax_is_kept(text: str, expected: str) -> None:
    assert normalize_email(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N/A",
        "none",
        "@example.com",
        "ann@",
        "ann@localhost",
        "ann@example",
        "ann@example.c",
        "ann@example.123",
        "ann@192.0.2.1",
        "ann@[192.0.2.1]",
        "ann@@example.com",
        "ann@b@example.com",
        "ann lee@example.com",
        "ann@exam ple.com",
        "ann.@example.com",
        ".ann@example.com",
        "ann..lee@example.com",
        "ann@-example.com",
        "ann@example-.com",
        "ann@example..com",
        "ann@.example.com",
        '"ann lee"@example.com',
        "ann@example.com, bob@example.com",
        "Ann <ann@example.com>",
        "änn@example.com",
        "ann@exämple.com",
        "ann@example.com\nBcc: all@example.com",
        "ann@example.com\r",
        "ann\u2028@example.com",
        "ann@example.com\n",
        "x" * 65 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + ".".join(["b" * 60] * 5) + ".com",
    ],
)
def test_undeliverable_syntax_is_refused(text: str) -> None:
    assert normalize_email(text) is None


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_gives_a_stable_answer_without_control_characters(text: str) -> None:
    address = normalize_email(text)
    if address is not None:
        assert normalize_email(address) == address
        assert address.isascii()
        assert address.isprintable()
        assert " " not in address


@pytest.mark.parametrize(
    ("has_phone", "age", "expected"),
    [
        (False, None, True),
        (True, None, False),
        (False, timedelta(0), False),
        (False, timedelta(days=30) - timedelta(seconds=1), False),
        (False, timedelta(days=30), True),
        (True, timedelta(days=400), False),
    ],
)
def test_a_look_up_is_bought_only_without_a_phone_and_once_in_thirty_days(
    has_phone: bool, age: timedelta | None, expected: bool
) -> None:
    last = None if age is None else NOW - age
    assert needs_trace(has_usable_phone=has_phone, last_paid_at=last, now=NOW) is expected


@given(st.sampled_from(STANDINGS), st.sampled_from(STANDINGS))
def test_joining_never_makes_a_number_usable_that_was_marked(one: str, other: str) -> None:
    joined = worse_standing(one, other)
    assert joined == worse_standing(other, one)
    assert joined in {one, other}
    assert (joined in USABLE) == (one in USABLE and other in USABLE)


def test_phones_are_tried_best_first() -> None:
    phones = [
        ("dnc mobile", True, "mobile", "verified", 1),
        ("landline", False, "landline", "verified", 1),
        ("second mobile", False, "mobile", "unverified", 2),
        ("first mobile", False, "mobile", "unverified", 1),
        ("proven mobile", False, "mobile", "verified", 3),
        ("unknown line", False, "unknown", "verified", 1),
    ]
    ordered = sorted(
        phones,
        key=lambda one: phone_preference(
            is_dnc=one[1], line_type=one[2], standing=one[3], rank=one[4]
        ),
    )
    assert [one[0] for one in ordered] == [
        "proven mobile",
        "first mobile",
        "second mobile",
        "unknown line",
        "landline",
        "dnc mobile",
    ]


@pytest.mark.parametrize(
    ("name", "payload", "sentence"),
    [
        (
            "contacts.contact_checked.v1",
            {"phones": ["a"], "emails": [], "problems": ["x", "y"]},
            "Checked: 1 phone, no e-mails, 2 problems",
        ),
        (
            "contacts.phone_marked.v1",
            {"e164": "+12035550100", "status": "wrong_number", "reason": "by hand"},
            "+12035550100 marked wrong number: by hand",
        ),
        (
            "contacts.contact_responded.v1",
            {"channel": "sms", "body": "{0.__class__} {name} my_house"},
            "Answered by sms: {0.__class__} {name} my_house",
        ),
        ("contacts.contact_traced.v1", {}, "Skip trace by  for $, new phones: , new e-mails: "),
        ("contacts.something_new.v9", {"name": "x"}, "contacts.something_new.v9"),
    ],
)
def test_facts_read_as_sentences_and_never_break_the_page(
    name: str, payload: dict[str, object], sentence: str
) -> None:
    assert history_line(name, payload)[1] == sentence
