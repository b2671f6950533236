"""E-mail syntax, joining duplicates, and when a paid lookup may be repeated."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.contacts.rules import join_duplicates, may_reuse_trace, normalize_email

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
        assert address.isascii() and address.isprintable() and " " not in address


def test_duplicates_join_in_first_seen_order() -> None:
    assert join_duplicates(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), True),
        (timedelta(days=30) - timedelta(seconds=1), True),
        (timedelta(days=30), False),
        (timedelta(days=400), False),
    ],
)
def test_a_lookup_answers_for_thirty_days(age: timedelta, expected: bool) -> None:
    assert may_reuse_trace(NOW - age, NOW) is expected


def test_a_first_lookup_is_never_reused() -> None:
    assert may_reuse_trace(None, NOW) is False
