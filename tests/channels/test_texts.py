"""Merge fields, SMS segments and the lines the law wants in a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.channels.rules import content, merge, sms
from apps.channels.types import Channel, SenderFacts

SENDER = SenderFacts("Nutmeg Home Buyers", "12 Elm St, New Haven, CT")


def test_fields_and_defaults() -> None:
    text = "Hi {{ first_name|there }}, about {{property_address}}."
    filled = merge.render(text, {"first_name": "Ann", "property_address": "4 Oak St"})
    assert filled == "Hi Ann, about 4 Oak St."
    assert merge.render(text, {"property_address": "4 Oak St"}).startswith("Hi there,")
    assert merge.fields_in(text) == ["first_name", "property_address"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ contact.workspace.api_secret }}",
        "{{ first_name|center:200000000 }} {{ secret }}",
        "{{ }}",
        "{{ first_name",
        "first_name }}",
        "{% for x in y %}",
        "{{ First_Name }}",
        "{{ {{ first_name }} }}",
        "x" * 10_001,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(merge.TemplateRefused):
        merge.render(text, {"first_name": "Ann"})


def test_an_empty_value_needs_a_default() -> None:
    with pytest.raises(merge.TemplateRefused):
        merge.render("Hi {{ first_name }}", {"first_name": "  "})


def test_a_value_is_never_read_as_a_template() -> None:
    hostile = "{{ offer_url }} {{secret}}"
    assert merge.render("{{ first_name }}", {"first_name": hostile}) == hostile


def test_result_has_a_limit() -> None:
    with pytest.raises(merge.TemplateRefused):
        merge.render("{{ first_name }}" * 3, {"first_name": "x" * 50}, limit=100)


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" + "a" * 151, "GSM-7", 2),
        ("a" * 152 + "€" * 77, "GSM-7", 3),
        ("é" * 160, "GSM-7", 1),
        ("’" * 70, "UCS-2", 1),
        ("’" * 71, "UCS-2", 2),
        ("👍" * 35, "UCS-2", 1),
        ("👍" * 36, "UCS-2", 2),
    ],
)
def test_segments(text: str, encoding: str, segments: int) -> None:
    size = sms.measure(text)
    assert (size.encoding, size.segments) == (encoding, segments)


@given(st.text(max_size=400))
def test_segments_hold_the_text(text: str) -> None:
    size = sms.measure(text)
    room = {"GSM-7": 160, "UCS-2": 70}[size.encoding] if size.segments == 1 else None
    part = {"GSM-7": 153, "UCS-2": 67}[size.encoding]
    assert size.units <= (room or part * size.segments)


def test_first_text_gets_the_missing_lines_once() -> None:
    signed = content.completed(Channel.SMS, "Still own 4 Oak St?", SENDER, is_first=True)
    assert signed == "Still own 4 Oak St? - Nutmeg Home Buyers. Reply STOP to opt out."
    assert content.completed(Channel.SMS, signed, SENDER, is_first=True) == signed
    assert content.completed(Channel.SMS, "Thanks!", SENDER, is_first=False) == "Thanks!"


def test_email_footer_is_added_once() -> None:
    body = content.completed(Channel.EMAIL, "Hello", SENDER, is_first=False)
    for part in (SENDER.legal_address, "STOP", SENDER.name):
        assert part in body
    assert content.completed(Channel.EMAIL, body, SENDER, is_first=False) == body
