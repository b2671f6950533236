"""What the cells of a column look like: the share of them that have each shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.common.addresses import cleaned, normalize_state
from apps.common.phones import parse_phone
from apps.common.pub28 import STREET_SUFFIXES
from apps.deals.ingestion import cells
from apps.deals.ingestion.fields import FieldKind
from apps.deals.ingestion.phones import line_type_of

_MOST_CELLS = 200
_LONGEST = 400
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,24}")
_ZIP = re.compile(r"\d{5}(-?\d{4})?(\.0)?|\d{4}(\.0)?")
_WHOLE = re.compile(r",?\s+[A-Za-z]{2}\.?,?\s+\d{5}(-\d{4})?$")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_FLAGS = frozenset({"DNC", "PUBLIC DNC", "STATE DNC", "DO NOT CALL"})
_K = FieldKind


def _is_street(text: str) -> bool:
    words = cleaned(text).split()
    if len(words) < 2 or not words[0][0].isdigit() or _WHOLE.search(text):
        return False
    return any(word in STREET_SUFFIXES for word in words[1:])


def _is_name(text: str) -> bool:
    return bool(_WORDS.search(text)) and sum(letter.isdigit() for letter in text) * 5 < len(text)


def _is_date(text: str) -> bool:
    return not text.isdigit() and cells.date_of(text) is not None


def _is_coordinate(text: str) -> bool:
    return "." in text and cells.degrees_of(text) is not None


def _is_flag(text: str) -> bool:
    return cells.flag_of(text) is not None or text.upper() in _FLAGS


def _is_phone(text: str) -> bool:
    parsed = parse_phone(text)
    return bool(parsed.e164) or parsed.problem == "excluded"


_SHAPES: dict[str, Callable[[str], bool]] = {
    "phone": _is_phone,
    "email": lambda text: bool(_EMAIL.fullmatch(text)),
    "zip": lambda text: bool(_ZIP.fullmatch(text)),
    "state": lambda text: len(text) <= 20 and bool(normalize_state(text)),
    "date": _is_date,
    "number": lambda text: cells.number_of(text) is not None,
    "year": lambda text: 1600 < (cells.year_of(text) or 0) < 2101,
    "street": _is_street,
    "address": lambda text: bool(_WHOLE.search(text)),
    "name": _is_name,
    "flag": _is_flag,
    "coordinate": _is_coordinate,
    "line_type": lambda text: bool(line_type_of(text)),
}
# The shape a field's cells have, and what else may stand in them.
_WANTED: dict[FieldKind, tuple[str, ...]] = {
    _K.PHONE: ("phone",), _K.EMAIL: ("email",), _K.ZIP: ("zip",), _K.STATE: ("state",),
    _K.MONEY: ("number",), _K.NUMBER: ("number",), _K.INTEGER: ("number",), _K.YEAR: ("year",),
    _K.DATE: ("date", "flag"), _K.FLAG: ("flag",), _K.PERCENT: ("number",),
    _K.COORDINATE: ("coordinate",), _K.NAME: ("name",), _K.CITY: ("name",),
    _K.ADDRESS: ("address",), _K.LINE_TYPE: ("line_type", "name"),
}  # fmt: skip


@dataclass(frozen=True)
class Shapes:
    """The cells of a column that hold something, and what they look like."""

    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        return len(self.cells)

    @property
    def samples(self) -> tuple[str, ...]:
        return tuple(text[:80] for text in list(dict.fromkeys(self.cells))[:3])

    @cached_property
    def shares(self) -> dict[str, float]:
        """How many of the cells have each shape, 0 to 1; asked only where no preset knows."""
        found = dict.fromkeys(_SHAPES, 0.0)
        if self.cells:
            for shape, looks in _SHAPES.items():
                found[shape] = sum(map(looks, self.cells)) / len(self.cells)
        return found

    def share(self, *shapes: str) -> float:
        return max((self.shares.get(shape, 0.0) for shape in shapes), default=0.0)

    def fits(self, kind: FieldKind) -> float | None:
        """How far the cells look like that kind of field; None where nothing can be said."""
        if not self.filled:
            return None
        if kind is FieldKind.STREET:
            return 1.0 - self.share("phone", "email", "date", "state", "number")
        wanted = _WANTED.get(kind)
        return self.share(*wanted) if wanted else None


def shapes_of(column: Sequence[str]) -> Shapes:
    """Looks at the first cells of a column that hold something."""
    texts = (cells.text_of(cell[:_LONGEST]) for cell in column[:_MOST_CELLS])
    return Shapes(tuple(text for text in texts if text))
