"""One cell of a list turned into a value. Each reader gives None for an empty or senseless cell."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_EXCEL_TEXT = re.compile(r'^="(.*)"$')
_YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "x", "✓"})
_NO = frozenset({"no", "n", "false", "f", "0", "0.0"})
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_US_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[T ,].*)?")
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDY_DATES = ("%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d %b %Y")
_ACRE_SQFT = 43_560
# A lot cell below this is in acres whatever its header says; no lot has under 100 square feet.
_LARGEST_ACRES = 100
_LARGEST_AMOUNT = Decimal(10) ** 11
_LARGEST_INTEGER = 2**31 - 1
_LARGEST_COUNT = 10_000
_LARGEST_FRACTION = Decimal("0.3")
_RATE_PLACES = Decimal("0.00001")


def text_of(cell: str) -> str:
    """The cell's text with single spaces, out of Excel's ="..." if need be."""
    if not cell:
        return ""
    if cell[0] == "=" and (match := _EXCEL_TEXT.match(cell)):
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


@lru_cache(maxsize=50_000)
def money_of(cell: str) -> Decimal | None:
    """Dollars with two places."""
    number = number_of(cell)
    return None if number is None else number.quantize(Decimal("0.01"))


@lru_cache(maxsize=50_000)
def integer_of(cell: str) -> int | None:
    """A whole number; '1987.0' is 1987."""
    number = number_of(cell)
    if number is None or abs(number) > _LARGEST_INTEGER:
        return None
    return int(number)


@lru_cache(maxsize=50_000)
def date_of(cell: str) -> date | None:
    """ISO and US dates may share a file. A date before 1700 is no date of a deed here."""
    text = text_of(cell)
    if match := _ISO_DATE.fullmatch(text) or _PLAIN_DATE.fullmatch(text):
        year, month, day = match.groups()
    elif match := _US_DATE.fullmatch(text):
        month, day, year = match.groups()
    else:
        return _wordy_date(text)
    if len(year) == 2:
        year = f"{19 if int(year) > 68 else 20}{year}"
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= 1700 else None


def _wordy_date(text: str) -> date | None:
    for form in _WORDY_DATES if len(text) < 30 else ():
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return found if found.year >= 1700 else None
    return None


def flag_of(cell: str) -> bool | None:
    """Yes or No; None when the cell says neither."""
    if not cell:
        return None
    text = cell.strip().casefold()
    return True if text in _YES else False if text in _NO else None


@lru_cache(maxsize=50_000)
def lot_sqft_of(cell: str) -> tuple[int | None, bool]:
    """Lot size in square feet, and whether the cell held acres."""
    number = number_of(cell)
    if number is None or number <= 0 or number > _LARGEST_INTEGER:
        return None, False
    if number < _LARGEST_ACRES:
        return int((number * _ACRE_SQFT).to_integral_value()), True
    return int(number), False


def acres_of(cell: str) -> int | None:
    """Acres as square feet."""
    number = number_of(cell)
    if number is None or not 0 < number < _LARGEST_INTEGER // _ACRE_SQFT:
        return None
    return int((number * _ACRE_SQFT).to_integral_value())


def rate_of(cell: str) -> Decimal | None:
    """An interest rate as a fraction of one: '6.5', '6.5%' and '0.065' are all 0.065.

    A number below 0.3 without a percent sign is a fraction already: no mortgage costs 30 %.
    """
    number = number_of(cell)
    if number is None or number < 0:
        return None
    if "%" in cell or number >= _LARGEST_FRACTION:
        number /= 100
    return number.quantize(_RATE_PLACES) if number < 1 else None


def year_of(cell: str) -> int | None:
    """A year of history or of the near future."""
    number = integer_of(cell)
    return number if number is not None and 1600 <= number <= 2100 else None


def count_of(cell: str) -> int | None:
    """A count of rooms, loans or lists; numbers beyond sense are unknown."""
    number = integer_of(cell)
    return number if number is not None and 0 <= number <= _LARGEST_COUNT else None


def size_of(cell: str) -> int | None:
    number = integer_of(cell)
    return number if number is not None and number >= 0 else None


def baths_of(cell: str) -> Decimal | None:
    number = number_of(cell)
    return number if number is not None and 0 <= number < 1000 else None


def degrees_of(cell: str) -> float | None:
    """A coordinate; the equator and the meridian are what software writes for nowhere."""
    number = number_of(cell)
    return float(number) if number and abs(number) <= 180 else None


def fips_of(cell: str) -> str:
    """State and county as five digits, '' when the cell is none: '9009.0' is 09009."""
    digits = text_of(cell).removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 5):
        return ""
    return digits.zfill(5)
