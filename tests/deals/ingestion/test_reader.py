"""Which files are taken, and how their rows are numbered."""

import io

import pytest

from apps.deals.ingestion import reader
from apps.deals.ingestion.limits import MEGABYTE
from apps.deals.ingestion.reader import FileRefused, data_rows, inspect
from tests.deals.ingestion.conftest import as_csv, house

GOOD = as_csv([house()])
HEADER = GOOD.split(b"\r\n")[0] + b"\r\n"


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        inspect(io.BytesIO(content))
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (HEADER, "a header but no rows"),
        (b"PK\x03\x04" + b"x" * 50, "workbook is damaged"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "an old Excel workbook"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x1f\x8b\x08 ...", "compressed"),
        (GOOD.replace(b"Sample", b"Sam\x00ple"), "NUL"),
        (bytes(range(1, 32)) * 40, "not text"),
        (b"12 Sample St,06511,2035550101\r\n" * 30, "No header was found"),
        (HEADER + b'"' + b"x" * 10_001 + b'"\r\n', "Row 2 has a cell longer than 10,000"),
        (HEADER + b"a," * 401 + b"\r\n", "Row 2 has more than 400 columns"),
        (b"a," * 401 + b"\r\n1\r\n", "more than 400 columns"),
        (b"a," * 1_000_000 + b"\r\n1\r\n", "columns"),
        (b"Address,City\r\n" + b"a," * 1_000_000 + b"\r\n", "line longer than 2,000,000"),
        (HEADER + b'"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_refused_with_one_sentence(content, words):
    text = refusal(content)
    assert words in text
    assert "\n" not in text


def test_too_large_and_too_long(monkeypatch):
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        inspect(io.BytesIO(GOOD + b"x" * MEGABYTE), largest=MEGABYTE)
    monkeypatch.setattr(reader, "MOST_ROWS", 3)
    assert "more than 3 rows" in refusal(as_csv([house()] * 4))


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings(encoding, expected):
    text = as_csv([house(Owner_1_Last_Name="Muñoz")]).decode()
    taken = inspect(io.BytesIO(text.encode(encoding)))
    assert taken.encoding == expected
    assert taken.row_count == 1
    pieces = iter([taken.content[:700], taken.content[700:]])
    row_no, cells = next(data_rows(pieces, taken.encoding, taken.delimiter))
    assert row_no == 2
    assert "Muñoz" in cells


def test_bytes_that_are_no_windows_text_are_latin():
    taken = inspect(io.BytesIO(as_csv([house()]).replace(b"Testa", b"Test\x81")))
    assert taken.encoding == "latin-1"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters(delimiter):
    taken = inspect(io.BytesIO(GOOD.replace(b",", delimiter.encode())))
    assert (taken.delimiter, taken.row_count) == (delimiter, 1)


def test_rows_are_numbered_as_a_spreadsheet_does():
    content = HEADER + b'first,,\r\n\r\n,,,\r\n"two\r\nlines",\r\n'
    taken = inspect(io.BytesIO(content))
    assert taken.row_count == 3
    rows = list(data_rows(iter([content]), taken.encoding, taken.delimiter))
    assert [row_no for row_no, _ in rows] == [2, 4, 5]
    assert rows[2][1][0] == "two\r\nlines"


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_rows_do_not_depend_on_where_the_pieces_are_cut(size):
    content = as_csv([house(Owner_1_Last_Name="Muñoz", Notes="a\r\nb")] * 3)
    whole = list(data_rows(iter([content]), "utf-8-sig", ","))
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    assert list(data_rows(pieces, "utf-8-sig", ",")) == whole
