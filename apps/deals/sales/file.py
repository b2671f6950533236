"""A file of sales: is it one we take, and its rows, streamed from the database."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from apps.deals.ingestion.reader import LARGEST_FILE, FileRefused, data_rows, records
from apps.deals.models import SaleImport, SaleImportChunk
from apps.deals.sales.presets import ColumnMap, ColumnsMissing, map_columns

MOST_COLUMNS = 200
LONGEST_CELL = 10_000
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class SaleFile:
    """A file that passed: its bytes, how to read them, what its columns mean."""

    content: bytes
    sha256: str
    encoding: str
    delimiter: str
    header: list[str]
    columns: ColumnMap
    row_count: int


def inspect_sales(source: BinaryIO, named: Mapping[str, str] | None = None) -> SaleFile:
    """Read and check a whole file before anything is stored.

    `named` gives headers for fields that no word tells. Raises FileRefused with a sentence.
    """
    content = source.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise FileRefused("The file is larger than 20 MB; split it.")
    encoding, text = _decode(content)
    delimiter, header, columns = _header(text, named)
    row_count = _count(text, delimiter)
    if not row_count:
        raise FileRefused("The file has a header but no rows.")
    digest = hashlib.sha256(content).hexdigest()
    return SaleFile(content, digest, encoding, delimiter, header, columns, row_count)


def _decode(content: bytes) -> tuple[str, str]:
    if not content.strip():
        raise FileRefused("The file is empty.")
    if b"\x00" in content:
        raise FileRefused("The file is not text; export the sales as CSV.")
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("The file is not text.")


def _header(text: str, named: Mapping[str, str] | None) -> tuple[str, list[str], ColumnMap]:
    refusal = "The file has no header."
    for delimiter in _DELIMITERS:
        cells = _first(text, delimiter)
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(f"The file has more than {MOST_COLUMNS} columns.")
        try:
            return delimiter, cells, map_columns(cells, named)
        except ColumnsMissing as error:
            # The refusal worth telling is that of the delimiter that splits the line.
            refusal = str(error) if len(cells) > 1 or delimiter == "," else refusal
    raise FileRefused(refusal)


def _first(text: str, delimiter: str) -> list[str]:
    try:
        return next(records(io.StringIO(text, newline=""), delimiter))[1]
    except (csv.Error, StopIteration):
        return []


def _count(text: str, delimiter: str) -> int:
    count = 0
    try:
        for row_no, cells in records(io.StringIO(text, newline=""), delimiter):
            count += 1
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise FileRefused(
                    f"Row {row_no} has a cell longer than 10,000 characters;"
                    " a quotation mark may be open."
                )
    except csv.Error as error:
        raise FileRefused(f"The file cannot be read as CSV: {error}.") from error
    return count - 1


def rows_left(sale_import: SaleImport) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of the stored file that have no outcome yet."""
    rows = data_rows(_pieces(sale_import), sale_import.encoding, sale_import.delimiter)
    return itertools.dropwhile(lambda row: row[0] <= sale_import.last_row, rows)


def _pieces(sale_import: SaleImport) -> Iterator[bytes]:
    pieces = SaleImportChunk.objects.filter(sale_import=sale_import)
    for number in itertools.count():
        piece = pieces.filter(number=number).values_list("content", flat=True).first()
        if piece is None:
            return
        yield bytes(piece)
