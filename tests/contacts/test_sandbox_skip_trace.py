"""The sandbox vendor: the same answer for the same owner, and only fictitious addresses."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.contacts.providers.sandbox import PRICE_AMOUNT, SandboxSkipTrace
from apps.contacts.rules import normalize_email
from apps.contacts.types import TraceQuery, TraceResult

VENDOR = SandboxSkipTrace()


def trace(name: str, line: str = "12 ELM ST", state: str = "CT") -> TraceResult:
    return VENDOR.trace(TraceQuery(name, line, "NEW HAVEN", state, "06511"))


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=2))
def test_only_fictitious_addresses_come_out(name: str, line: str, state: str) -> None:
    result = trace(name, line, state)
    for phone in result.phones:
        assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", phone.number)
    for email in result.emails:
        assert email.endswith("@example.com")
        assert normalize_email(email) == email
    assert result.cost_amount == (PRICE_AMOUNT if result.is_match else Decimal("0.00"))
    assert len({phone.number for phone in result.phones}) == len(result.phones)


def test_the_same_owner_gets_the_same_answer_however_it_is_written() -> None:
    assert trace("Doe Family Trust") == trace("  DOE  FAMILY trust ")
    assert trace("Doe Family Trust") != trace("Doe Family Trust", "13 ELM ST")


def test_the_area_code_is_the_owners_state() -> None:
    texan = next(result for n in range(9) if (result := trace(f"T{n}", state="TX")).is_match)
    assert all(phone.number.startswith("(214)") for phone in texan.phones)


def test_among_many_owners_every_outcome_occurs() -> None:
    results = [trace(f"Owner {number}") for number in range(640)]
    misses = [result for result in results if not result.is_match]
    assert 15 <= len(misses) <= 75
    assert 1 <= sum(result.is_litigator for result in results) <= 30
    phones = [phone for result in results for phone in result.phones]
    assert any(phone.is_dnc for phone in phones)
    assert {phone.line_type for phone in phones} == {"mobile", "landline"}
