"""Which delimiter a file has and which of its first rows is the header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from apps.common.addresses import cleaned
from apps.common.pub28 import STREET_SUFFIXES
from apps.deals.ingestion.limits import MOST_COLUMNS, FileRefused

DELIMITERS = (",", "\t", ";", "|")
_FIRST_ROWS = 20
_SAMPLE_ROWS = 200
_VALUE = re.compile(
    r"[-+$(]*[\d.,]+[%)]*|\d{1,4}[-/]\d{1,2}[-/]\d{1,4}|[^@\s]+@[^@\s]+"
    r"|\(?\d{3}\)?[-. ]*\d{3}[-. ]\d{4}"
)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`header_row` counts as a spreadsheet does; `sample` are rows below it."""

    delimiter: str
    header_row: int
    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]


def sniff(text: str) -> Sniffed:
    """Read the beginning of a file. Raises FileRefused when no row of it can be a header."""
    found: Sniffed | None = None
    for delimiter in DELIMITERS:
        rows = _rows(text, delimiter)
        at = _header_at(rows)
        if at is None:
            continue
        row_no, header = rows[at]
        if len(header) > MOST_COLUMNS:
            raise FileRefused(f"The file has more than {MOST_COLUMNS} columns.")
        if found is None or len(header) > len(found.header):
            sample = tuple(tuple(cells) for _, cells in rows[at + 1 : at + 1 + _SAMPLE_ROWS])
            found = Sniffed(delimiter, row_no, tuple(header), sample)
    if found is None:
        raise FileRefused(
            f"No header was found in the first {_FIRST_ROWS} rows: a row above the data must name"
            " the columns."
        )
    return found


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    try:
        for row_no, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
        ):
            if cells:
                rows.append((row_no, cells))
            if len(rows) > _SAMPLE_ROWS + _FIRST_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _header_at(rows: list[tuple[int, list[str]]]) -> int | None:
    widths = Counter(len(cells) for _, cells in rows)
    # Titles stand alone in their rows; of equally frequent widths the first is the header's.
    width = max(widths, key=lambda size: (size > 1, widths[size]), default=0)
    for at, (_, cells) in enumerate(rows[:_FIRST_ROWS]):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) * 2 > width and _names_columns(filled):
            return at
    return None


def _names_columns(filled: list[str]) -> bool:
    """Words, and hardly a number, date, address or phone among them."""
    values = sum(1 for cell in filled if _is_value(cell))
    wordy = sum(1 for cell in filled if _LETTER.search(cell) and len(cell) <= 120)
    return values * 5 <= len(filled) and wordy * 10 >= len(filled) * 6


def _is_value(cell: str) -> bool:
    if _VALUE.fullmatch(cell):
        return True
    if not cell[0].isdigit():
        return False
    words = cleaned(cell).split()
    return len(words) > 2 and any(word in STREET_SUFFIXES for word in words[1:])
