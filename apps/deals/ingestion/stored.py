"""A stored file on its way out of the database again: its rows, how to read them, who speaks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from apps.deals.ingestion.normalize import RowReader
from apps.deals.ingestion.reader import data_rows
from apps.deals.ingestion.vendors import Header, layout_by_slug
from apps.deals.models import ImportChunk, LeadImport


def reader_of(lead_import: LeadImport) -> RowReader:
    """What turns the cells of this file into rows in our terms."""
    return RowReader(
        Header(layout_by_slug(lead_import.vendor), tuple(lead_import.header)),
        lead_import.mapping,
        is_person_rows=lead_import.is_person_rows or None,
        is_surname_first=lead_import.is_surname_first or None,
    )


def source_of(lead_import: LeadImport) -> str:
    """What deals of this file give as their source."""
    return f"{vendor_of(lead_import)}: {lead_import.file_name}"[:80]


def vendor_of(lead_import: LeadImport) -> str:
    """Who speaks in the file: the feed, else the vendor of its layout."""
    return lead_import.source_label or layout_by_slug(lead_import.vendor).vendor


def stored_rows(lead_import: LeadImport) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and cells, one piece of the file in memory at a time."""
    return data_rows(
        _pieces(lead_import), lead_import.encoding, lead_import.delimiter, lead_import.header_row
    )


def _pieces(lead_import: LeadImport) -> Iterator[bytes]:
    pieces = ImportChunk.objects.filter(lead_import=lead_import)
    for number in itertools.count():
        piece = pieces.filter(number=number).values_list("content", flat=True).first()
        if piece is None:
            return
        yield bytes(piece)
