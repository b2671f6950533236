"""Excel workbooks: typed cells as text, nothing run, nothing unpacked beyond measure."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from apps.deals.ingestion.reader import FileRefused, inspect
from tests.deals.ingestion.conftest import HOUSE, outcomes


def workbook(*rows: list[Any], empty_first_sheet: bool = False, formats: Any = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if empty_first_sheet:
        sheet = book.create_sheet("Leads")
    for row in rows:
        sheet.append(row)
    for place, form in formats:
        sheet[place].number_format = form
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(content: bytes) -> list[tuple[int, list[str]]]:
    return list(inspect(io.BytesIO(content)).rows())


def test_typed_cells_become_the_text_a_list_would_hold():
    content = workbook(
        ["Address", "Zip", "Sold", "Value", "Rate", "Vacant", "Formula"],
        ["1 Sample St", 6511, datetime(2021, 4, 23), 1234.5, 0.065, True, "=1+1"],
        ["2 Sample St", 6511.0, date(2021, 4, 24), 250000, 0.07, False, '=HYPERLINK("x")'],
        formats=[("B2", "00000"), ("E2", "0.0%")],
    )
    # A formula is never worked out: without the result Excel keeps beside it, its cell is empty.
    assert rows_of(content) == [
        (2, ["1 Sample St", "06511", "2021-04-23", "1234.5", "6.5%", "Yes"]),
        (3, ["2 Sample St", "6511", "2021-04-24", "250000", "0.07", "No"]),
    ]


def test_the_first_sheet_with_data_and_its_row_numbers():
    content = workbook(
        ["List of Sample County"], [], ["Address", "City"], ["1 Sample St", "X"],
        empty_first_sheet=True,
    )  # fmt: skip
    taken = inspect(io.BytesIO(content))
    assert (taken.header.names, taken.header_row) == (("Address", "City"), 3)
    assert list(taken.rows()) == [(4, ["1 Sample St", "X"])]


@pytest.mark.django_db
def test_a_workbook_is_imported(take):
    done = take(workbook(list(HOUSE), list(HOUSE.values())))
    assert (done.vendor, outcomes(done)) == ("propstream", {"created": 1})


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


BOMB = b"<row/>" * 3_000_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed({"readme.txt": b"x"}), "a ZIP archive; unpack it"),
        (packed({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": BOMB}), "unpacks into far"),
        (packed({"xl/workbook.xml": b"x", "xl/styles.xml": BOMB[:5_000_000]}), "unpacks into far"),
        (packed({"xl/workbook.xml": b"<x>"}), "is damaged"),
        (packed({f"xl/{n}": b"" for n in range(1001)} | {"xl/workbook.xml": b""}), "too many"),
        (b"\xd0\xcf\x11\xe0old", "an old Excel workbook"),
        (workbook(["Address"], ["1 Sample St"])[:-200], "is damaged"),
        (workbook(), "is empty"),
    ],
    # Packed bytes hold the time, and two test processes must see the same names.
    ids=["zip", "bomb", "styles", "no-book", "parts", "old", "cut", "empty"],
)
def test_refused_before_it_does_harm(content, words):
    with pytest.raises(FileRefused, match=words):
        inspect(io.BytesIO(content))
