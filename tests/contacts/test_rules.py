"""E-mail syntax, joining duplicates, and when a paid lookup may be repeated."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.contacts.rules import (
    STANDINGS,
    USABLE,
    PastTrace,
    affordable,
    history_line,
    may_ask,
    normalize_email,
    phone_preference,
    worse_standing,
)
from apps.contacts.vendors import family_names

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
    ("state", "age", "expected"),
    [
        ("answered", timedelta(0), False),
        ("answered", timedelta(days=30) - timedelta(seconds=1), False),
        ("answered", timedelta(days=30), True),
        ("lost", timedelta(days=29), False),
        ("lost", timedelta(days=30), True),
        ("requested", timedelta(minutes=1), False),
        ("failed", timedelta(0), True),
    ],
)
def test_a_vendor_is_asked_once_in_thirty_days(state: str, age: timedelta, expected: bool) -> None:
    past = [PastTrace("batchdata_v1", state, NOW - age)]
    assert may_ask(family_names("batchdata_v3"), past, NOW) is expected
    # Another company may be asked, but not while an answer is under way.
    other = may_ask(family_names("realestateapi"), past, NOW)
    assert other is (state != "requested")


def test_five_failures_a_day_are_enough() -> None:
    past = [PastTrace("sandbox", "failed", NOW - timedelta(hours=hour)) for hour in range(5)]
    assert not may_ask(["sandbox"], past, NOW)
    assert may_ask(["sandbox"], past[:4], NOW)
    assert may_ask(["sandbox"], past, NOW + timedelta(hours=20))


@given(st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2), st.decimals(1, 9, places=2))
def test_what_a_budget_affords_never_overspends(budget, spent, price) -> None:
    count = affordable(budget, spent, price)
    assert count is not None
    assert count >= 0
    assert count == 0 or spent + count * price <= budget
    assert spent + (count + 1) * price > budget or spent > budget


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
            "(203) 555-0100 marked wrong number: by hand",
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
