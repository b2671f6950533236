"""CSV that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse

_NUMBER = re.compile(r"[+-]?\$?\d[\d,]*(\.\d+)?%?")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\x00")


def neutral_cell(value: Any) -> str:
    """The text with a leading ' where a spreadsheet would take it for a formula."""
    text = "" if value is None else str(value)
    if _NUMBER.fullmatch(text):
        return text
    if text.startswith(_RISKY) or text.lstrip().startswith(_RISKY):
        return f"'{text}"
    return text


class _Echo:
    def write(self, value: str) -> str:
        return value


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of a CSV file, all cells quoted and neutral; nothing is held in memory."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow([neutral_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([neutral_cell(cell) for cell in row])


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """`stream_csv` as a file to download. `name` is ASCII and ends in .csv."""
    response = StreamingHttpResponse(stream_csv(header, rows), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, response)
