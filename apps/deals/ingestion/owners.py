"""Who owns the property, read from the columns of any list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from apps.common.names import (
    Name,
    comparable,
    name_key,
    organization,
    parse_name,
    parse_owners,
    person,
)
from apps.deals.ingestion.cells import text_of
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.notes import Note, Problem

_NOBODY = frozenset({"", "na", "n/a", "none", "null", "unknown", "not available"})
_MOST_LETTERS = 300
_NAMES = ("owner_name", "owner_first", "owner_last", "company", "care_of")


def owners_reader(
    columns: Columns, *, is_surname_first: bool = False
) -> Callable[[Sequence[str], list[Problem]], tuple[Name, ...]]:
    """What reads the owners of a row, the first one first."""
    first, last, care = columns["owner_first"], columns["owner_last"], columns["care_of"]
    other_first, other_last = columns["co_owner_first"], columns["co_owner_last"]
    whole, other_whole = columns["owner_name"], columns["co_owner_name"]
    company = columns["company"]
    knows_care_of = "care_of" in columns
    # A list that never speaks of owners, like a tax collector's, has nothing missing.
    speaks_of_owners = any(name in columns for name in _NAMES)

    def read(row: Sequence[str], problems: list[Problem]) -> tuple[Name, ...]:
        other = second_owner(_name(row[other_first]), _name(row[other_last]))
        others = _whole(row[other_whole], is_surname_first) if row[other_whole] else []
        given, surname = _name(row[first]), _name(row[last])
        owner: Name | None
        if given and not surname and not knows_care_of:
            owner, was_helped = _in_one_cell(given), False
        else:
            care_of = text_of(row[care]) if given and not surname else ""
            owner, was_helped = first_owner(given, surname, care_of, other)
        if was_helped:
            problems.append(Problem(Note.OWNER_FROM_CARE_OF))
        named = _whole(row[whole], is_surname_first) if not owner and row[whole] else []
        firm = organization(_name(row[company])) if _name(row[company]) else None
        found = [name for name in (firm, owner, *named, other, *others) if name]
        if speaks_of_owners and not (firm or owner or named):
            problems.append(Problem(Note.OWNER_MISSING))
        if len(found) < 2:
            return tuple(found)
        once: dict[str, Name] = {}
        for name in found:
            once.setdefault(name_key(name) or name.full, name)
        return tuple(once.values())

    return read


def _name(cell: str) -> str:
    """The cell's text, '' where it only says that nobody is known."""
    if not cell:
        return ""
    text = text_of(cell)
    if len(text) < 14:
        return "" if text.casefold().strip(" .-") in _NOBODY else text
    return text[:_MOST_LETTERS]


def _in_one_cell(text: str) -> Name:
    return parse_name(text) if " " in text else person(text, "")


def _whole(cell: str, is_surname_first: bool) -> list[Name]:
    """One cell of names: 'SAMPLETON, TESTA M & ADA' are two people of one surname."""
    text = _name(cell)
    return list(parse_owners(text, surname_first=is_surname_first)) if text else []


def first_owner(
    first: str, last: str, care_of: str, second: Name | None
) -> tuple[Name | None, bool]:
    """Owner 1, and whether the care-of name had to help.

    A blank first name means an organization, which stands in the last-name cell. A blank last name
    means the whole name went to `Mailing Care of Name`, often joined with the second owner:
    'Testa & Ada Sampleton' is Testa Sampleton.
    """
    if not first:
        return (organization(last) if last else None), False
    if last:
        return person(first, last), False
    surname = _surname_from(first, care_of, second)
    return person(first, surname), bool(surname)


def second_owner(first: str, last: str) -> Name | None:
    """Owner 2. A full name may stand in the first-name cell alone."""
    if first and last:
        return person(first, last)
    return parse_name(first or last) if first or last else None


def _surname_from(first: str, care_of: str, second: Name | None) -> str:
    if not care_of or not comparable(care_of).startswith(comparable(first)):
        return ""
    own, joint, others = care_of.partition("&")
    rest = own.split()[len(first.split()) :]
    if rest or not joint:
        return " ".join(rest)
    if second and second.last:
        return second.last
    shared = parse_name(others)
    return shared.last
