"""Amounts, dates, counts and sizes of a row."""

from collections.abc import Callable
from typing import Any, TypeVar

from apps.deals.ingestion import cells
from apps.deals.ingestion.notes import Note, Problem

Value = TypeVar("Value")

_YEARS = range(1600, 2101)
_INTEGERS = {"bedrooms": "Bedrooms", "building_sqft": "Building Sqft"}
_COUNTS = {"open_loans": "Total Open Loans", "marketing_lists": "Marketing Lists"}
_AMOUNTS = {
    "assessed_amount": "Total Assessed Value",
    "last_sale_amount": "Last Sale Amount",
    "loan_balance_amount": "Est. Remaining balance of Open Loans",
    "estimated_value_amount": "Est. Value",
    "mls_amount": "MLS Amount",
    "lien_amount": "Lien Amount",
}
_DATES = {
    "last_sale_on": "Last Sale Recording Date",
    "mls_on": "MLS Date",
    "listed_on": "Date Added to List",
}
_YEAR_COLUMNS = {"year_built": "Year Built", "effective_year_built": "Effective Year Built"}


def values_of_row(get: Callable[[str], str], problems: list[Problem]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "property_type": cells.text_of(get("Property Type"))[:80],
        "mls_status": cells.text_of(get("MLS Status")).upper()[:40],
    }
    for field, column in _AMOUNTS.items():
        values[field] = _checked(cells.money_of, get(column), column, problems)
    for field, column in _DATES.items():
        values[field] = _checked(cells.date_of, get(column), column, problems, Note.BAD_DATE)
    for field, column in (_INTEGERS | _COUNTS | _YEAR_COLUMNS).items():
        values[field] = _checked(cells.integer_of, get(column), column, problems)
    _drop_senseless(values, problems)
    values["bathrooms"] = _checked(cells.number_of, get("Total Bathrooms"), "Bathrooms", problems)
    if values["bathrooms"] is not None and not 0 <= values["bathrooms"] < 1000:
        values["bathrooms"] = None
    values["lot_sqft"], was_acres = cells.lot_sqft_of(get("Lot Size Sqft"))
    if was_acres:
        problems.append(Problem(Note.LOT_IN_ACRES))
    return values


def _checked(
    read: Callable[[str], Value | None],
    cell: str,
    column: str,
    problems: list[Problem],
    note: Note = Note.BAD_NUMBER,
) -> Value | None:
    if not cell:
        return None
    value = read(cell)
    if value is None and cell.strip():
        problems.append(Problem(note, column))
    return value


def _drop_senseless(values: dict[str, Any], problems: list[Problem]) -> None:
    """Years outside history and negative counts become unknown rather than wrong."""
    for field, column in _YEAR_COLUMNS.items():
        if values[field] is not None and values[field] not in _YEARS:
            values[field] = None
            problems.append(Problem(Note.BAD_NUMBER, column))
    for field, column in (_INTEGERS | _COUNTS).items():
        if values[field] is not None and values[field] < 0:
            values[field] = None
            problems.append(Problem(Note.BAD_NUMBER, column))
    for field in ("bedrooms", "open_loans", "marketing_lists"):
        if (values[field] or 0) > 10_000:
            values[field] = None
