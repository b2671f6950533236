"""What the columns of a list nobody has described mean, by their headers and their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.deals.ingestion.fields import MOST_EMAILS, MOST_PHONES, get_field
from apps.deals.ingestion.guess_values import Shapes
from apps.deals.ingestion.header_rules import fields_by_words
from apps.deals.ingestion.header_words import is_about_others, words_of

_SURE_ENOUGH = 0.4
_NUMBER = re.compile(r"\d+")
_PARTS = {
    "type": "_type", "dnc": "_dnc", "carrier": "_carrier", "litigator": "_litigator",
    "reachable": "_reachable",
}  # fmt: skip
# Words beside 'phone' that make a column something else than a number.
_NO_NUMBER = frozenset({"status", "score", "date", "usage", "indicator", "tested", "seen", "rank"})
_AGAIN = ("line", "address", "unit", "city", "state", "zip")
# What may be told from the cells alone: (shape, field, the share of cells that must have it).
_BY_CELLS = (
    ("email", "email_1", 0.6), ("address", "address", 0.8), ("phone", "phone_1", 0.9),
    ("street", "line", 0.8),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """`field` is '' where nothing fits; `confidence` runs from 0 to 1; `reason` is a sentence."""

    header: str
    field: str = ""
    confidence: float = 0.0
    samples: tuple[str, ...] = ()
    reason: str = ""


@dataclass
class _Column:
    at: int
    header: str
    words: tuple[str, ...]
    shapes: Shapes
    options: list[tuple[str, float, str]] = field(default_factory=list)

    @property
    def number(self) -> str:
        found = _NUMBER.findall(self.header.split(" (column ")[0])
        return found[-1] if found else ""


def guess_columns(names: Sequence[str], shapes: Sequence[Shapes]) -> tuple[ColumnGuess, ...]:
    """A guess for each column, no field given twice."""
    columns = [
        _Column(at, name, words_of(name), shape)
        for at, (name, shape) in enumerate(zip(names, shapes, strict=True))
    ]
    given: dict[int, tuple[str, float, str]] = {}
    _give_phones(columns, given)
    _give_emails(columns, given)
    for column in columns:
        if column.at not in given:
            column.options = _options(column)
    _give_places_again(columns)
    _give_auctions(columns)
    _give_best(columns, given)
    _give_by_cells(columns, given)
    return tuple(_guess(column, given.get(column.at)) for column in columns)


def _guess(column: _Column, given: tuple[str, float, str] | None) -> ColumnGuess:
    samples = column.shapes.samples
    if given is None:
        reason = "Nothing we keep" if column.shapes.filled else "The column is empty"
        return ColumnGuess(column.header, "", 0.0, samples, f"{reason}.")
    meant, sure, reason = given
    return ColumnGuess(column.header, meant, round(sure, 2), samples, reason)


def _options(column: _Column) -> list[tuple[str, float, str]]:
    """Fields by words, weighed by how the cells look; the surest first."""
    found = []
    for meant, sure in fields_by_words(column.words):
        wanted = _whole_or_line(meant, column.shapes)
        fit = column.shapes.fits(get_field(wanted).kind)
        if fit is None:
            weight, reason = sure - (0 if column.shapes.filled else 0.15), "By the header."
        elif fit < 0.3:
            continue
        else:
            weight, reason = sure + 0.25 * (fit - 0.6), "By the header and the cells."
        if weight >= _SURE_ENOUGH:
            found.append((wanted, min(weight, 0.99), reason))
    return sorted(found, key=lambda option: -option[1])


def _whole_or_line(meant: str, shapes: Shapes) -> str:
    if meant.endswith("line") and shapes.share("address") > 0.6:
        return meant.replace("line", "address")
    return meant


def _is_phone(column: _Column) -> bool:
    words = set(column.words)
    return "phone" in words and not is_about_others(column.words) and not words & _NO_NUMBER


def _give_phones(columns: list[_Column], given: dict[int, tuple[str, float, str]]) -> None:
    """Numbers are counted in their order; a type or a flag belongs to the number before it."""
    numbers: list[_Column] = []
    for column in columns:
        if _is_phone(column) and not set(column.words) & _PARTS.keys():
            fit = column.shapes.fits(get_field("phone_1").kind)
            if (fit is None or fit >= 0.3) and len(numbers) < MOST_PHONES:
                numbers.append(column)
                sure = 0.6 if fit is None else 0.7 + 0.25 * fit
                given[column.at] = (f"phone_{len(numbers)}", sure, "By the header and the cells.")
    for column in columns:
        part = next((_PARTS[word] for word in column.words if word in _PARTS), "")
        belongs = _is_phone(column) or (bool(column.number) and part in ("_type", "_dnc"))
        if not part or not belongs or not numbers or column.at in given:
            continue
        same = [one for one in numbers if one.number and one.number == column.number]
        before = [one for one in numbers if one.at < column.at]
        owner = same[0] if len(same) == 1 else before[-1] if before else None
        if owner is not None:
            meant = f"phone_{numbers.index(owner) + 1}{part}"
            if meant not in {taken[0] for taken in given.values()}:
                given[column.at] = (meant, 0.8, f"Belongs to {owner.header}.")


def _give_emails(columns: list[_Column], given: dict[int, tuple[str, float, str]]) -> None:
    count = 0
    for column in columns:
        if "email" not in column.words or is_about_others(column.words):
            continue
        fit = column.shapes.fits(get_field("email_1").kind)
        if (fit is None or fit >= 0.3) and count < MOST_EMAILS:
            count += 1
            sure = 0.6 if fit is None else 0.7 + 0.25 * fit
            given[column.at] = (f"email_{count}", sure, "By the header and the cells.")


def _give_places_again(columns: list[_Column]) -> None:
    """The second Address, City… without a word of whose it is belongs to the owner's mail."""
    seen: set[str] = set()
    for column in columns:
        if not column.options or column.options[0][0] not in _AGAIN:
            continue
        meant, sure, _ = column.options[0]
        said = {"property", "mailing"} & set(column.words)
        if meant in seen and not said:
            option = (f"mailing_{meant}", sure - 0.05, "The second column of that name.")
            column.options.insert(0, option)
        seen.add(meant)


def _give_auctions(columns: list[_Column]) -> None:
    """In a list of court cases the sale is still to come: the court's."""
    if not any("plaintiff" in column.words for column in columns):
        return
    for column in columns:
        column.options = [
            ("auction_on" if meant == "last_sale_on" else meant, sure, reason)
            for meant, sure, reason in column.options
        ]


def _give_best(columns: list[_Column], given: dict[int, tuple[str, float, str]]) -> None:
    """The surest column has a field; the next one takes what else it may mean."""
    taken = {meant for meant, _, _ in given.values()}
    order = sorted(
        ((option, column.at) for column in columns for option in column.options),
        key=lambda item: (-item[0][1], item[1]),
    )
    for option, at in order:
        if at not in given and option[0] not in taken:
            given[at] = option
            taken.add(option[0])


def _give_by_cells(columns: list[_Column], given: dict[int, tuple[str, float, str]]) -> None:
    """E-mails, phones and addresses show themselves whatever stands above them."""
    taken = {meant for meant, _, _ in given.values()}
    for column in columns:
        if column.at in given or is_about_others(column.words) or column.shapes.filled < 2:
            continue
        for shape, meant, needed in _BY_CELLS:
            if column.shapes.share(shape) < needed:
                continue
            free = _free(meant, taken)
            if free:
                given[column.at] = (free, 0.5, "By the cells alone.")
                taken.add(free)
            break


def _free(meant: str, taken: set[str]) -> str:
    stem, _, number = meant.rpartition("_")
    if not number.isdigit():
        has_place = {"line", "address", "street_name"} & taken
        return "" if has_place else meant
    return next((f"{stem}_{n}" for n in range(1, 10) if f"{stem}_{n}" not in taken), "")
