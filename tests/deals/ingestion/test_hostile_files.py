"""Files broken in every way: a sentence or rows, never an exception, never much memory."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.common.csv_export import stream_csv
from apps.deals.ingestion.normalize import RowReader
from apps.deals.ingestion.reader import FileRefused, inspect
from tests.conftest import SHARED_DATA
from tests.deals.ingestion.conftest import REPO, as_csv, house
from tests.deals.ingestion.layouts import MADE

HOSTILE = [
    "", " ", "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "\t=x", '="', '="06511"', "\x00",
    "a" * 9_000, "💥" * 50, "\u202eLRT", "NaN", "Infinity", "1e999", "-0", "0000-00-00",
    "99/99/9999", "2.03555E+09", "DNC Excluded", "DO NOT CALL", "1,2;3|4\t5", '"', "'", "\\",
    "9" * 500, "(5)", "223262|2021", "x@", "١٢٣", "Ⅷ", "Null", "1/1/1", ":::|::", "tax_lien:x:y",
    "%", "0x1F", "12 Main St, , , ,", ",,,", "St", "#",
]  # fmt: skip
LARGEST_MEMORY = 400 * 1024


def lists() -> list[Path]:
    found = [*REPO.glob("fixtures/leads/*.csv")]
    for folder in ("lead_lists", "county", "property_apis", "telephony", "dedupe"):
        found += SHARED_DATA.joinpath(folder).glob("*.csv")
    return sorted(found)


def outcome(content: bytes) -> str:
    """'refused' or 'rows'; anything else is an error of ours."""
    try:
        taken = inspect(io.BytesIO(content))
    except FileRefused as refusal:
        return "a page of text" if "\n" in str(refusal) else "refused"
    reader = RowReader(taken.header, taken.detection.mapping)
    count = 0
    for row_no, cells in taken.rows():
        row = reader.read(row_no, cells)
        count += 1
        assert row.row_no == row_no
        if row.rejection is None:
            assert row.place.key or row.apn_key
    assert count == taken.row_count > 0
    return "rows"


@pytest.mark.shared_data
@pytest.mark.parametrize("path", lists(), ids=lambda path: path.name)
def test_every_list_there_is_and_its_stumps(path):
    content = path.read_bytes()[:60_000]
    assert outcome(content[: content.rindex(b"\n") + 1]) == "rows"
    for cut in (1, 2, 3, 10, 99, 500, len(content) // 2, len(content) - 1):
        assert outcome(content[:cut]) in ("refused", "rows")
        assert outcome(content[cut : cut + 20_000]) in ("refused", "rows")
    for old, new in (
        (b",", b"\t"), (b",", b";"), (b",", b"|"), (b'"', b""), (b"\n", b"\r"), (b"\n", b""),
        (b"a", b"\x00"), (b"e", b"\xff"), (b",", b""),
    ):  # fmt: skip
        assert outcome(content[:20_000].replace(old, new)) in ("refused", "rows")
    text = content[:20_000].decode("latin-1")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
        assert outcome(text.encode(encoding)) == outcome(text.encode())


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("cell", HOSTILE)
def test_a_hostile_cell_in_every_place(name, cell):
    text = MADE[name].text
    taken = inspect(io.BytesIO(text.encode()))
    reader = RowReader(taken.header, taken.detection.mapping)
    row_no, cells = next(taken.rows())
    for at in range(len(cells)):
        reader.read(row_no, [*cells[:at], cell, *cells[at + 1 :]])
    reader.read(row_no, [cell] * len(cells))


ALL_FIELDS = [
    "address", "line", "house_number", "street_name", "unit", "city", "state", "zip", "county",
    "fips", "apn", "latitude", "owner_name", "owner_first", "owner_last", "company",
    "co_owner_name", "care_of", "contact_flags", "mailing_address", "bedrooms", "bathrooms",
    "lot_sqft", "lot_acres", "year_built", "units", "est_value_amount", "last_sale_on",
    "loan_rate_pct", "lien_on", "lien_amount", "mls_status", "vacant", "tax_delinquent",
    "tax_delinquent_year", "tax_delinquent_amount", "auction_on", "signals", "lists", "list_name",
    "as_of", "external_id", "notes", "phone_1", "phone_1_type", "phone_1_dnc", "email_1",
    "person_1_name", "person_1_flags", "person_1_phone_1", "do_not_call", "deceased",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    cells=st.lists(
        st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)),
        min_size=len(ALL_FIELDS) - 3,
        max_size=len(ALL_FIELDS) + 2,
    )
)
def test_no_cell_makes_the_reader_raise(cells):
    text = io.StringIO()
    csv.writer(text).writerows([ALL_FIELDS, ["x"] * len(ALL_FIELDS)])
    taken = inspect(io.BytesIO(text.getvalue().encode()))
    assert RowReader(taken.header, taken.detection.mapping).read(2, cells).row_no == 2


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_bytes_flipped_anywhere(data):
    content = bytearray(as_csv([house(), house(APN="2")]))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + 1] = data.draw(st.binary(max_size=3))
    assert outcome(bytes(content)) in ("refused", "rows")


def test_rejects_of_hostile_rows_are_no_formulas():
    rows = [[2, "No property address.", cell] for cell in HOSTILE]
    lines = list(csv.reader(io.StringIO("".join(stream_csv(["Row", "Reason", "Cell"], rows)))))
    for cells in lines[1:]:
        assert not cells[2].lstrip().startswith(("=", "+", "@"))
        assert not cells[2].startswith(("\t", "\r"))


MEASURE = """
import sys
import django
django.setup()
from apps.deals.ingestion.reader import FileRefused, inspect
try:
    with open(sys.argv[1], "rb") as source:
        print(inspect(source).row_count)
except FileRefused as refusal:
    print(refusal)
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def measured(path: Path) -> tuple[str, int]:
    """What the reader says of a file, and the most memory its process had, in kB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    said, memory = done.stdout.strip().splitlines()
    return said, int(memory)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(500):
                sheet.write(b"<row><c><v>1</v></c></row>" * 40_000)


def _far_corner(path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "Address"
    book.active["A2"] = "1 Sample St"
    book.active["XFD1048576"] = "x"
    book.save(path)


@pytest.mark.parametrize(
    ("name", "words"),
    [("bomb", "unpacks into far"), ("corner", "columns"), ("line", "line longer"), ("cell", "CSV")],
)
def test_bombs_stay_small(tmp_path, name, words):
    path = tmp_path / name
    if name == "bomb":
        _bomb(path)
    elif name == "corner":
        _far_corner(path)
    else:
        body = b"x" * 99 + b"\n" if name == "cell" else b"x" * 100
        with path.open("wb") as out:
            out.write(b'Address,City\n"' if name == "cell" else b"Address,City\n")
            for _ in range(300):
                out.write(body * 10_000)
    said, memory = measured(path)
    assert words in said
    assert memory < LARGEST_MEMORY


def test_a_long_file_is_passed_over_in_flat_memory(tmp_path):
    path = tmp_path / "long.csv"
    line = as_csv([house()]).split(b"\r\n")
    with path.open("wb") as out:
        out.write(line[0] + b"\r\n")
        for _ in range(100):
            out.write((line[1] + b"\r\n") * 2_000)
    said, memory = measured(path)
    assert said == "200000"
    assert memory < LARGEST_MEMORY
