"""One cell of a list turned into a value. Each reader gives None for an empty or senseless cell."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_EXCEL_TEXT = re.compile(r'^="(.*)"$')
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})
_DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
_ACRE_SQFT = 43_560
# A lot cell below this is in acres whatever its header says; no lot has under 100 square feet.
_LARGEST_ACRES = 100
_LARGEST_AMOUNT = Decimal(10) ** 11
_LARGEST_INTEGER = 2**31 - 1


def text_of(cell: str) -> str:
    """The cell's text with single spaces, out of Excel's ="..." if need be."""
    if cell[:2] == '="' and (match := _EXCEL_TEXT.match(cell)):
        cell = match[1]
    return " ".join(cell.split())


@lru_cache(maxsize=50_000)
def number_of(cell: str) -> Decimal | None:
    """'$1,234.50' -> 1234.50; '(500)' -> -500; '45.2%' -> 45.2; '223262|2021' -> 223262."""
    text = text_of(cell).partition("|")[0].strip()
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()").replace("$", "").replace(",", "").replace("%", "").replace(" ", "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= _LARGEST_AMOUNT:
        return None
    return -number if negative else number


def money_of(cell: str) -> Decimal | None:
    """Dollars with two places."""
    number = number_of(cell)
    return None if number is None else number.quantize(Decimal("0.01"))


def integer_of(cell: str) -> int | None:
    """A whole number; '1987.0' is 1987."""
    number = number_of(cell)
    if number is None or abs(number) > _LARGEST_INTEGER:
        return None
    return int(number)


@lru_cache(maxsize=20_000)
def date_of(cell: str) -> date | None:
    """ISO and US dates may share a file. A date before 1700 is no date of a deed here."""
    text = text_of(cell)
    for form in _DATE_FORMATS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return found if found.year >= 1700 else None
    return None


def flag_of(cell: str) -> bool | None:
    """Yes or No; None when the cell says neither."""
    text = cell.strip().casefold()
    return True if text in _YES else False if text in _NO else None


def lot_sqft_of(cell: str) -> tuple[int | None, bool]:
    """Lot size in square feet, and whether the cell held acres."""
    number = number_of(cell)
    if number is None or number <= 0 or number > _LARGEST_INTEGER:
        return None, False
    if number < _LARGEST_ACRES:
        return int((number * _ACRE_SQFT).to_integral_value()), True
    return int(number), False
