"""Addresses and names as pages show them."""

import pytest

from apps.common.phones import phone_text
from apps.common.templatetags.reading import actor, email


@pytest.mark.parametrize(
    ("number", "text"),
    [("+12035550142", "(203) 555-0142"), ("", ""), ("+442071838750", "+442071838750")],
)
def test_numbers_as_people_write_them(number, text):
    assert phone_text(number) == text


def test_a_long_address_breaks_before_its_at_and_stays_escaped():
    assert email("a<b@example.com") == "a&lt;b<wbr>@example.com"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("channels.queue_step", "Dealwright"),
        ("Dana Whitfield", "Dana Whitfield"),
        ("Elm St. LLC", "Elm St. LLC"),
    ],
)
def test_the_program_is_named_where_it_acted_by_itself(label, text):
    assert actor(label) == text
