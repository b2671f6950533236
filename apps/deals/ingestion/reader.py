"""A list file: is it one we take, and its rows, streamed."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from apps.deals.ingestion.vendors import FIELDS_LAYOUT, Header, UnknownHeader, read_header

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
MOST_ROWS = 200_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
_DELIMITERS = (",", "\t", ";", "|")
_FOREIGN = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive; save the list as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the list as CSV",
    b"%PDF": "a PDF; export the list as CSV",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file; unpack it first",
}


class FileRefused(ValueError):
    """The file cannot be imported; the text is one sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file that passed: its bytes, how to read them and how many rows it has."""

    content: bytes
    sha256: str
    encoding: str
    delimiter: str
    header: Header
    row_count: int


def inspect(source: BinaryIO) -> ListFile:
    """Read and check a whole file before anything is stored. Raises FileRefused."""
    content = source.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise FileRefused("The file is larger than 20 MB; split it.")
    if not content.strip():
        raise FileRefused("The file is empty.")
    for magic, what in _FOREIGN.items():
        if content.startswith(magic):
            raise FileRefused(f"This is {what}.")
    encoding, text = _decode(content)
    delimiter, header = _find_header(text)
    row_count = _count_rows(text, delimiter)
    if not row_count:
        raise FileRefused("The file has a header but no rows.")
    digest = hashlib.sha256(content).hexdigest()
    return ListFile(content, digest, encoding, delimiter, header, row_count)


def records_file(records: Iterable[Mapping[str, str]]) -> ListFile:
    """Records whose keys are field names (`fields.py`) as a list file: a feed's way in.

    The header is the union of their keys in order of appearance. No check of limits is made.
    """
    held = list(records)
    names = tuple(dict.fromkeys(name for record in held for name in record))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(held)
    content = text.getvalue().encode("utf-8", "replace")
    digest = hashlib.sha256(content).hexdigest()
    return ListFile(content, digest, "utf-8", ",", Header(FIELDS_LAYOUT, names), len(held))


def _decode(content: bytes) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise FileRefused("The file is not text: it holds NUL bytes.")
        if _looks_binary(text):
            break
        return encoding, text
    raise FileRefused("The file is not text.")


def _looks_binary(text: str) -> bool:
    sample = text[:20_000]
    strange = sum(1 for letter in sample if letter < " " and letter not in "\t\r\n\f\v")
    return strange * 50 > len(sample)


def _find_header(text: str) -> tuple[str, Header]:
    refusal = ""
    for delimiter in _DELIMITERS:
        cells = _first_record(text, delimiter)
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(f"The file has more than {MOST_COLUMNS} columns.")
        try:
            return delimiter, read_header(cells)
        except UnknownHeader as error:
            # The refusal worth telling is that of the delimiter that splits the line.
            refusal = str(error) if not refusal or len(cells) > 1 else refusal
    raise FileRefused(f"This is not a list we know. {refusal}")


def _first_record(text: str, delimiter: str) -> list[str]:
    try:
        return next(records(io.StringIO(text, newline=""), delimiter))[1]
    except (csv.Error, StopIteration):
        return []


def _count_rows(text: str, delimiter: str) -> int:
    count = 0
    try:
        for row_no, cells in records(io.StringIO(text, newline=""), delimiter):
            count += 1
            if len(cells) > MOST_COLUMNS:
                raise FileRefused(f"Row {row_no} has more than {MOST_COLUMNS} columns.")
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise FileRefused(
                    f"Row {row_no} has a cell longer than 10,000 characters;"
                    " a quotation mark may be open."
                )
            if count > MOST_ROWS + 1:
                raise FileRefused("The file has more than 200,000 rows; split it.")
    except csv.Error as error:
        raise FileRefused(f"The file cannot be read as CSV: {error}.") from error
    return count - 1


def records(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not a blank line, the header among them.

    Rows are numbered as a spreadsheet does: the first line is row 1, blank lines count.
    """
    for row_no, cells in enumerate(csv.reader(text, delimiter=delimiter), 1):
        if cells:
            yield row_no, cells


class ByteStream(io.RawIOBase):
    """Pieces of bytes as one readable stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = bytes(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def data_rows(
    pieces: Iterator[bytes], encoding: str, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header of a stored file, holding one piece in memory at a time."""
    stream = io.TextIOWrapper(
        io.BufferedReader(ByteStream(pieces), MEGABYTE), encoding=encoding, newline=""
    )
    rows = records(stream, delimiter)
    next(rows, None)
    return rows
