"""Signs of distress: a case has a number, is told again, ends, and comes back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.deals.ingestion.claims import Origin
from apps.deals.ingestion.distress import is_over
from apps.deals.ingestion.header_rules import fields_by_words
from apps.deals.ingestion.header_words import words_of
from apps.deals.ingestion.marks import Marks
from apps.deals.ingestion.parcels import Parcel
from apps.deals.ingestion.types import LeadRow, PostalAddress, SignalCell
from apps.deals.ingestion.undo import run_undo, undo_import
from apps.deals.models import DealMetrics, ImportRow, Property, Signal
from tests.deals.ingestion.conftest import outcomes

DAY, CLOSED = date(2026, 5, 1), date(2026, 6, 15)
PLACE = "Address,City,State,Zip"
HEAD = f"{PLACE},Violation Date,Violation Number,Violation Status,Violation Closed Date"


def file_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *(f"12 Elm St,Derby,CT,06418,{row}" for row in rows)]).encode()


def signs() -> list[tuple[str, date, date | None]]:
    rows = Signal.across_workspaces.order_by("reference", "observed_on")
    return list(rows.values_list("reference", "observed_on", "ended_on"))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Violation Date", "violation_on"),
        ("Violation Number", "violation_number"),
        ("Violation ID", "violation_number"),
        ("Violation Case #", "violation_number"),
        ("Violation Status", "violation_status"),
        ("Violation Closed Date", "violation_closed_on"),
        ("Date Violation Resolved", "violation_closed_on"),
        ("Code Violation", "violation_on"),
    ],
)
def test_headers_of_violation_files(header, field):
    assert fields_by_words(words_of(header))[0][0] == field


@pytest.mark.parametrize(
    "status",
    ["Closed", "CLOSE", "resolved - paid", "Complied", "Dismissed", "Case closed", "In compliance"],
)
def test_what_is_over(status):
    assert is_over(status)


@pytest.mark.parametrize(
    "status",
    [
        "",
        "Open",
        "Pending close",
        "Not closed",
        "Re-opened",
        "123",
        "Paid - still open",
        "Non-compliance",
    ],
)
def test_what_is_not(status):
    assert not is_over(status)


@pytest.mark.django_db
def test_two_violations_of_one_day_are_two_and_each_ends_for_itself(take, laid, deliver):
    # One row a house: a file tells of it once, so each violation comes with a file.
    for number in ("V-1", "V-2"):
        take(file_of(f"05/01/2026,{number},Open,"))
    assert signs() == [("V-1", DAY, None), ("V-2", DAY, None)]
    again = take(file_of("05/01/2026,V-2,Open,"))
    assert outcomes(again) == {"unchanged": 1}
    closed = take(file_of("05/01/2026,V-1,Closed,06/15/2026"))
    assert outcomes(closed) == {"updated": 1}
    assert signs() == [("V-1", DAY, CLOSED), ("V-2", DAY, None)]
    assert outcomes(take(file_of("05/01/2026,V-1,Closed,06/15/2026"))) == {"unchanged": 1}
    deliver()
    assert DealMetrics.objects.get().signal_count == 1
    take(file_of(",V-2,Resolved,"))
    assert [ended is not None for _, _, ended in signs()] == [True, True]
    deliver()
    assert DealMetrics.objects.get().has_violation is not True


@pytest.mark.django_db
def test_without_numbers_the_day_tells_them_apart(take):
    head = f"{PLACE},Violation Date,Violation Status"
    take(file_of("05/01/2026,Open", head=head))
    take(file_of("04/01/2026,Open", head=head))
    take(file_of("05/01/2026,Closed", head=head))
    assert [(day, ended is None) for _, day, ended in signs()] == [
        (date(2026, 4, 1), True),
        (DAY, False),
    ]


@pytest.mark.django_db
def test_a_case_closed_before_anybody_told_of_it_is_no_sign(take):
    take(file_of("05/01/2026,V-9,Closed,06/15/2026"))
    assert signs() == []
    assert Property.across_workspaces.count() == 1


@pytest.mark.django_db
def test_a_signal_known_by_its_day_gets_its_number(take, undo):
    take(file_of("05/01/2026", head=f"{PLACE},Violation Date"))
    named = take(file_of("05/01/2026,V-1,Open,"))
    assert signs() == [("V-1", DAY, None)]
    take(file_of("05/01/2026,V-2,Open,"))
    assert signs() == [("V-1", DAY, None), ("V-2", DAY, None)]
    assert ImportRow.objects.filter(lead_import=named).get().outcome == "unchanged"


@pytest.fixture
def undo(laid, system, now):
    def run(held):
        begun = undo_import(workspace=laid, actor=system, lead_import=held, now=now)
        return run_undo(begun, clock=lambda: now)

    return run


@pytest.mark.django_db
def test_undoing_the_file_that_closed_it_opens_it_again(take, undo):
    take(file_of("05/01/2026,V-1,Open,"))
    closed = take(file_of("05/01/2026,V-1,Closed,06/15/2026"))
    assert undo(closed).kept_count == 0
    assert signs() == [("V-1", DAY, None)]


@pytest.mark.django_db
def test_the_words_of_a_feed(take):
    head = "line,city,state,zip,signals"
    take(file_of("violation#1:2026-05-01|violation#2:2026-05-01:250:Overgrown: grass", head=head))
    assert signs() == [("1", DAY, None), ("2", DAY, None)]
    told = Signal.across_workspaces.get(reference="2")
    assert (told.amount, told.detail) == (250, "Overgrown: grass")
    take(file_of("violation#1:2026-05-01/2026-06-15|violation#2:/over", head=head))
    assert [(number, ended == CLOSED, ended is None) for number, _, ended in signs()] == [
        ("1", True, False),
        ("2", False, False),
    ]


CELLS = st.builds(
    SignalCell,
    kind=st.just("violation"),
    observed_on=st.sampled_from([None, date(2026, 5, 1), date(2026, 5, 2)]),
    reference=st.sampled_from(["", "", "A", "B"]),
    is_over=st.booleans(),
    ended_on=st.sampled_from([None, date(2026, 4, 1), date(2026, 6, 1)]),
)


@given(told=st.lists(st.tuples(CELLS, st.integers(1, 28)), max_size=14))
def test_however_cases_are_told_each_stands_once_and_ends_after_it_began(told):
    """What the database holds unique stays unique, and the same words again are no news."""
    marks = Marks(1, "County", date(2026, 7, 1))
    parcel = Parcel({}, Origin("County", None, 50), id=1)
    for cell, day in told:
        as_of = date(2026, 6, day)
        row = LeadRow(1, PostalAddress(), "", "", "", "", signals=(cell,))
        marks.merge(parcel, row, as_of)
        assert not (marks.merge(parcel, row, as_of) if cell.is_over else {})
        found = marks.of(parcel).signs
        assert len({(one.observed_on, one.reference) for one in found}) == len(found)
        numbers = [one.reference for one in found if one.reference]
        assert len(numbers) == len(set(numbers))
        assert all(one.ended_on is None or one.ended_on >= one.observed_on for one in found)
