"""Amounts, dates, counts and sizes of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from apps.deals.ingestion import cells
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.notes import Note, Problem

Reader = Callable[[str], Any]


def _text(size: int) -> Reader:
    return lambda cell: cells.text_of(cell)[:size]


# Field -> (slot of LeadRow, reader, note where the cell makes no sense).
_READERS: dict[str, tuple[str, Reader, Note]] = {
    "property_type": ("property_type", _text(80), Note.BAD_NUMBER),
    "mls_status": ("mls_status", lambda cell: cells.text_of(cell).upper()[:40], Note.BAD_NUMBER),
    "external_id": ("external_id", _text(120), Note.BAD_NUMBER),
    "notes": ("notes", lambda cell: cell.strip()[:4000], Note.BAD_NUMBER),
    "bedrooms": ("bedrooms", cells.count_of, Note.BAD_NUMBER),
    "bathrooms": ("bathrooms", cells.baths_of, Note.BAD_NUMBER),
    "building_sqft": ("building_sqft", cells.size_of, Note.BAD_NUMBER),
    "units": ("units", cells.count_of, Note.BAD_NUMBER),
    "open_loans": ("open_loans", cells.count_of, Note.BAD_NUMBER),
    "marketing_lists": ("marketing_lists", cells.count_of, Note.BAD_NUMBER),
    "year_built": ("year_built", cells.year_of, Note.BAD_NUMBER),
    "effective_year_built": ("effective_year_built", cells.year_of, Note.BAD_NUMBER),
    "loan_rate_pct": ("loan_rate_pct", cells.rate_of, Note.BAD_NUMBER),
    "latitude": ("latitude", cells.degrees_of, Note.BAD_NUMBER),
    "longitude": ("longitude", cells.degrees_of, Note.BAD_NUMBER),
    "est_value_amount": ("estimated_value_amount", cells.money_of, Note.BAD_NUMBER),
    "vacant": ("is_vacant", cells.flag_of, Note.BAD_FLAG),
}
_READERS |= {
    name: (name, cells.money_of, Note.BAD_NUMBER)
    for name in (
        "assessed_amount", "arv_amount", "rent_amount", "last_sale_amount",
        "loan_balance_amount", "loan_payment_amount", "lien_amount", "mls_amount",
    )
}  # fmt: skip
_READERS |= {
    name: (name, cells.date_of, Note.BAD_DATE)
    for name in ("last_sale_on", "mls_on", "listed_on", "as_of")
}


def values_reader(
    columns: Columns,
) -> Callable[[Sequence[str], list[Problem]], dict[str, Any]]:
    """What reads the values of a row: only slots of which the row says something."""
    steps = [
        (columns[name], columns.header_of(name), *_READERS[name])
        for name in columns.fields()
        if name in _READERS
    ]
    sqft, acres = columns["lot_sqft"], columns["lot_acres"]

    def read(row: Sequence[str], problems: list[Problem]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for at, header, slot, reader, note in steps:
            if cell := row[at]:
                value = reader(cell)
                if value is not None:
                    values[slot] = value
                elif not cell.isspace():
                    problems.append(Problem(note, header[:80]))
        values["lot_sqft"], was_acres = cells.lot_sqft_of(row[sqft])
        if was_acres:
            problems.append(Problem(Note.LOT_IN_ACRES))
        if values["lot_sqft"] is None:
            values["lot_sqft"] = cells.acres_of(row[acres])
        return values

    return read
