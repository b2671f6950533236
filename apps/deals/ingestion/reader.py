"""A list file: is it one we take, and its rows, streamed."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from apps.deals.ingestion.encodings import survey
from apps.deals.ingestion.limits import (
    LARGEST_FILE,
    LONGEST_CELL,
    LONGEST_LINE,
    MEGABYTE,
    MOST_COLUMNS,
    MOST_ROWS,
    FileRefused,
)
from apps.deals.ingestion.mapping import Detection, detect
from apps.deals.ingestion.sniffing import Sniffed, sniff
from apps.deals.ingestion.vendors import (
    FIELDS_LAYOUT,
    OTHER_LIST,
    Header,
    layout_by_slug,
    tell_apart,
)
from apps.deals.ingestion.workbooks import workbook_as_csv

__all__ = ["MEGABYTE", "FileRefused", "ListFile", "data_rows", "inspect", "records_file"]

_SNIFFED = 512 * 1024
_SPOOLED = 5 * MEGABYTE
_WORKBOOK = b"PK\x03\x04"
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook or one with a password; save it as .xlsx or CSV",
    b"%PDF": "a PDF; export the list as CSV",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file; unpack it first",
}


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file that passed: where its text is, how to read it, and how many rows it has.

    `source` must stay open until the import is started. `detection` is by the shipped presets
    alone; `header_row` is the spreadsheet row of the header, above which titles may stand.
    """

    source: BinaryIO
    sha256: str
    byte_count: int
    encoding: str
    delimiter: str
    header: Header
    header_row: int
    row_count: int
    sample: tuple[tuple[str, ...], ...]
    detection: Detection

    def pieces(self) -> Iterator[bytes]:
        """The whole file, one megabyte in memory at a time."""
        return _pieces(self.source)

    @property
    def content(self) -> bytes:
        return b"".join(self.pieces())

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row numbers and cells of all rows below the header."""
        return data_rows(self.pieces(), self.encoding, self.delimiter, self.header_row)


def inspect(source: BinaryIO, *, largest: int = LARGEST_FILE) -> ListFile:
    """Read and check a whole file before anything is stored. Raises FileRefused.

    Memory stays flat: the file is passed over piece by piece. A workbook becomes CSV first.
    """
    if not source.seekable():
        source = _kept(source, largest)
    if source.seek(0, io.SEEK_END) > largest:
        raise FileRefused(f"The file is larger than {largest // MEGABYTE} MB; split it.")
    source.seek(0)
    beginning = source.read(8)
    for magic, what in _FOREIGN.items():
        if beginning.startswith(magic):
            raise FileRefused(f"This is {what}.")
    digest = ""
    if beginning.startswith(_WORKBOOK):
        digest = _digest(source)
        source = workbook_as_csv(source)
    found = survey(_pieces(source))
    sniffed = _sniff(source, found.encoding)
    row_count = _count_rows(source, found.encoding, sniffed)
    detection = detect(sniffed.header, sniffed.sample)
    names = tell_apart(sniffed.header)
    slug = detection.preset_slug
    layout = OTHER_LIST if slug == OTHER_LIST.slug else layout_by_slug(slug)
    return ListFile(
        source=source,
        sha256=digest or found.sha256,
        byte_count=found.byte_count,
        encoding=found.encoding,
        delimiter=sniffed.delimiter,
        header=Header(layout, names),
        header_row=sniffed.header_row,
        row_count=row_count,
        sample=sniffed.sample,
        detection=detection,
    )


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
    content = text.getvalue().replace("\x00", "").encode("utf-8", "replace")
    sample = tuple(tuple(record.get(name, "") for name in names) for record in held[:200])
    return ListFile(
        source=io.BytesIO(content),
        sha256=hashlib.sha256(content).hexdigest(),
        byte_count=len(content),
        encoding="utf-8",
        delimiter=",",
        header=Header(FIELDS_LAYOUT, names),
        header_row=1,
        row_count=len(held),
        sample=sample,
        detection=detect(names, sample),
    )


def _kept(source: BinaryIO, largest: int) -> BinaryIO:
    """What comes through a pipe, put where it can be read twice."""
    kept = tempfile.SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115
    while (piece := source.read(MEGABYTE)) and kept.tell() <= largest:
        kept.write(piece)
    return kept  # type: ignore[return-value]


def _digest(source: BinaryIO) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(source):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    source.seek(0)
    while piece := source.read(MEGABYTE):
        yield piece


def _text(pieces: Iterator[bytes], encoding: str) -> TextIO:
    # A character cut in two at the end of a file is the only thing left to replace.
    return io.TextIOWrapper(
        io.BufferedReader(ByteStream(pieces), MEGABYTE),
        encoding=encoding,
        errors="replace",
        newline="",
    )


def _sniff(source: BinaryIO, encoding: str) -> Sniffed:
    text = _text(_pieces(source), encoding).read(_SNIFFED)
    if len(text) == _SNIFFED:
        # The last row is cut: leave it out.
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    return sniff(text)


def _count_rows(source: BinaryIO, encoding: str, sniffed: Sniffed) -> int:
    count = 0
    rows = data_rows(_pieces(source), encoding, sniffed.delimiter, sniffed.header_row)
    try:
        for row_no, cells in rows:
            count += 1
            if len(cells) > MOST_COLUMNS:
                raise FileRefused(f"Row {row_no} has more than {MOST_COLUMNS} columns.")
            if max(map(len, cells)) > LONGEST_CELL:
                raise FileRefused(
                    f"Row {row_no} has a cell longer than {LONGEST_CELL:,} characters;"
                    " a quotation mark may be open."
                )
            if count > MOST_ROWS:
                raise FileRefused(f"The file has more than {MOST_ROWS:,} rows; split it.")
    except csv.Error as error:
        raise FileRefused(f"The file cannot be read as CSV: {error}.") from error
    if not count:
        raise FileRefused("The file has a header but no rows.")
    return count


def records(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not a blank line, the header among them.

    Rows are numbered as a spreadsheet does: the first line is row 1, blank lines count.
    """
    for row_no, cells in enumerate(csv.reader(_lines(text), delimiter=delimiter), 1):
        if cells:
            yield row_no, cells


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise FileRefused(f"The file has a line longer than {LONGEST_LINE:,} characters.")
        yield line


class ByteStream(io.RawIOBase):
    """Pieces of bytes as one readable stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def data_rows(
    pieces: Iterator[bytes], encoding: str, delimiter: str, header_row: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header of a stored file, holding one piece in memory at a time.

    Without `header_row` the first row that is not blank is the header.
    """
    rows = records(_text(pieces, encoding), delimiter)
    for row_no, _ in rows:
        if row_no >= header_row:
            break
    return rows
