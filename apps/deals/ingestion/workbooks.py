"""Excel workbooks turned into CSV on their way in; nothing in them is ever run."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

from apps.deals.ingestion.limits import (
    HIGHEST_RATIO,
    LARGEST_PART,
    LARGEST_STRINGS,
    LARGEST_UNPACKED,
    MEGABYTE,
    MOST_COLUMNS,
    MOST_ENTRIES,
    MOST_ROWS,
    FileRefused,
)

_SPOOLED = 5 * MEGABYTE
_SAVE_AS_CSV = "save the list as CSV and send that."


def workbook_as_csv(source: BinaryIO) -> BinaryIO:
    """The first sheet that holds anything, as UTF-8 CSV; its rows keep their numbers.

    Raises FileRefused for what is no workbook, is damaged, or unpacks into more than we read.
    """
    _check_parts(source)
    out: BinaryIO = tempfile.SpooledTemporaryFile(_SPOOLED)  # type: ignore[assignment]  # noqa: SIM115
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text)
    try:
        for cells in _rows(source):
            writer.writerow(cells)
    except FileRefused:
        raise
    except Exception as error:  # a damaged workbook may fail anywhere in the library
        raise FileRefused(
            f"The workbook is damaged ({type(error).__name__}); {_SAVE_AS_CSV}"
        ) from error
    text.detach()
    out.seek(0)
    return out


def _check_parts(source: BinaryIO) -> None:
    """Judged by the ZIP's own list, before anything is unpacked."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise FileRefused(f"The workbook is damaged; {_SAVE_AS_CSV}") from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise FileRefused("This is a ZIP archive; unpack it first.")
    if len(parts) > MOST_ENTRIES:
        raise FileRefused(f"The workbook has too many parts; {_SAVE_AS_CSV}")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    is_bomb = unpacked > 10 * MEGABYTE and unpacked > packed * HIGHEST_RATIO
    if unpacked > LARGEST_UNPACKED or is_bomb or any(map(_is_too_large, parts)):
        raise FileRefused(f"The workbook unpacks into far more than a list; {_SAVE_AS_CSV}")


def _is_too_large(part: zipfile.ZipInfo) -> bool:
    """Sheets are read row by row; every other part is read whole."""
    if part.filename.startswith(("xl/worksheets/", "xl/media/")):
        return False
    largest = LARGEST_STRINGS if part.filename == "xl/sharedStrings.xml" else LARGEST_PART
    return part.filename.endswith((".xml", ".rels")) and part.file_size > largest


def _rows(source: BinaryIO) -> Iterator[Sequence[str]]:
    import openpyxl  # heavy to load, and most lists are CSV

    source.seek(0)
    book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            has_data = False
            # The stated size of a sheet may be a lie, and rows would be filled up to it.
            sheet.reset_dimensions()
            blank = 0
            for count, row in enumerate(sheet.iter_rows(), start=1):
                cells = _trimmed([_text(cell) for cell in row])
                if count > MOST_ROWS:
                    raise FileRefused(f"The sheet has more than {MOST_ROWS:,} rows; split it.")
                if len(cells) > MOST_COLUMNS:
                    raise FileRefused(f"Row {count} has more than {MOST_COLUMNS} columns.")
                if not cells:
                    # Kept back: a sheet often ends in a million empty rows.
                    blank += 1
                    continue
                yield from ([] for _ in range(blank))
                blank, has_data = 0, True
                yield cells
            if has_data:
                return
    finally:
        book.close()


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(cell: Any) -> str:
    """A typed cell as a list would write it; a formula gives what it last came to."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if cell.data_type == "e":
        return ""
    return str(value)


def _number(value: float, form: str) -> str:
    if "%" in form:
        return f"{round(value * 100, 10):.15g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(value) if isinstance(value, int) else f"{value:.15g}"
    # A ZIP kept as a number with the format 00000.
    if form and set(form) == {"0"} and text.isdigit():
        return text.zfill(len(form))
    return text
