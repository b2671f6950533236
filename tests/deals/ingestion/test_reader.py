"""Which files are taken, and how their rows are numbered."""

import io

import pytest

from apps.deals.ingestion import reader
from apps.deals.ingestion.reader import FileRefused, data_rows, inspect
from apps.deals.ingestion.vendors import (
    PROPSTREAM_42,
    PROPSTREAM_43,
    PROPSTREAM_70,
    UnknownHeader,
    read_header,
)
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
        (b"PK\x03\x04" + b"x" * 50, "an Excel workbook"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x1f\x8b\x08 ...", "compressed"),
        (GOOD.replace(b"Sample", b"Sam\x00ple"), "NUL"),
        (bytes(range(1, 32)) * 40, "not text"),
        (b"Name,Phone\r\nTesta,2035550101\r\n", "lacks Address, City, State, Zip"),
        (b"Address,City,State,Zip\r\n1 A St,X,CT,06511\r\n", "not PropStream's"),
        (HEADER + b'"' + b"x" * 10_001 + b'"\r\n', "Row 2 has a cell longer than 10,000"),
        (HEADER + b"a," * 101 + b"\r\n", "Row 2 has more than 100 columns"),
        (b"a," * 101 + b"\r\n1\r\n", "more than 100 columns"),
        (HEADER + b'"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_refused_with_one_sentence(content, words):
    text = refusal(content)
    assert words in text
    assert "\n" not in text


def test_too_large_and_too_long(monkeypatch):
    monkeypatch.setattr(reader, "LARGEST_FILE", 2000)
    assert "larger than 20 MB" in refusal(GOOD + b"x" * 2000)
    monkeypatch.setattr(reader, "LARGEST_FILE", 10**6)
    monkeypatch.setattr(reader, "MOST_ROWS", 3)
    assert "more than 200,000 rows" in refusal(as_csv([house()] * 4))


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


@pytest.mark.parametrize("layout", [PROPSTREAM_42, PROPSTREAM_43, PROPSTREAM_70])
def test_layouts_by_their_header(layout):
    assert read_header(layout.columns).layout is layout
    assert read_header([f" {name} " for name in layout.columns[::-1]]).layout is layout
    assert read_header(layout.columns[:-1]).layout.slug == "propstream"


def test_layout_sizes():
    sizes = [len(layout.columns) for layout in (PROPSTREAM_42, PROPSTREAM_43, PROPSTREAM_70)]
    assert sizes == [42, 43, 70]


def test_a_repeated_column_is_the_mailing_one():
    names = [name.replace("Mailing City", "City") for name in PROPSTREAM_42.columns]
    header = read_header(names)
    assert header.layout is PROPSTREAM_42
    assert header.names.index("City") < header.names.index("Mailing City")
    assert read_header([*PROPSTREAM_42.columns, "City"]).names[-1] == "City (column 43)"


def test_the_text_of_a_header_must_match():
    with pytest.raises(UnknownHeader, match="lacks Address, City"):
        read_header([name.upper() for name in PROPSTREAM_42.columns])
