"""Whatever a file holds, every row gets one outcome and nothing raises."""

import contextlib
import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.reader import FileRefused, inspect
from apps.deals.ingestion.vendors import PROPSTREAM_70
from apps.deals.ingestion.worker import run_import
from apps.deals.models import Deal, ImportRow, Property
from tests.deals.ingestion.conftest import SHIPPED

pytestmark = pytest.mark.django_db
with SHIPPED.open(newline="") as source:
    ROWS = list(csv.reader(source))[1:400]
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1e9",
            "99999999999999",
            "NaN",
            "(5)",
            "Yes",
            "#",
            "&",
            "6511",
            "00000",
            "2.03555E+09",
            "DNC Excluded",
            "0000-00-00",
            "12/31/9999",
            "李 明",
            "a" * 300,
            " | ",
            "=cmd()",
            "O'Sample, Jr.",
            "St",
            "PO Box 1",
            "\u202e",
            "x@" * 30,
        ]
    ),
    st.text(max_size=40).filter(lambda text: "\x00" not in text),
)


@st.composite
def files(draw):
    rows = [list(row) for row in draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=12))]
    for row in rows:
        for at in draw(st.lists(st.integers(0, len(PROPSTREAM_70.columns) - 1), max_size=10)):
            row[at : at + 1] = [draw(CELLS)]
        if draw(st.integers(0, 9)) == 0:
            del row[draw(st.integers(0, len(row) - 1)) :]
    columns = draw(st.permutations(range(len(PROPSTREAM_70.columns))))
    names = [PROPSTREAM_70.columns[at] for at in columns]
    ordered = [[row[at] if at < len(row) else "" for at in columns] for row in rows]
    text = io.StringIO()
    csv.writer(text).writerows([names, *ordered])
    return text.getvalue().encode()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=files())
def test_counts_always_add_up(laid, system, now, content):
    try:
        taken = inspect(io.BytesIO(content))
    except FileRefused:
        return
    done = start_import(workspace=laid, actor=system, file_name="any.csv", list_file=taken, now=now)
    done = run_import(done, clock=lambda: now)
    assert (done.state, done.error) == ("done", "")
    assert sum(done.counts.values()) == done.rows_total == taken.row_count
    rows = ImportRow.objects.filter(lead_import=done)
    assert rows.count() == done.rows_total
    assert not rows.filter(outcome="rejected", reason="").exists()
    assert not rows.filter(reason__contains="database refused").exists()
    assert Property.objects.in_workspace(laid).count() == Deal.objects.in_workspace(laid).count()


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_are_taken_or_refused(content):
    with contextlib.suppress(FileRefused):
        assert inspect(io.BytesIO(content)).row_count > 0
