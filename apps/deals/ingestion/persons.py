"""People a row names beside its owners, and what flags say about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from apps.common.names import Name, parse_name, person
from apps.deals.ingestion.cells import text_of
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.fields import MOST_PEOPLE
from apps.deals.ingestion.notes import Problem
from apps.deals.ingestion.phones import emails_reader, phones_reader
from apps.deals.ingestion.types import PersonCell

OWNER, RESIDENT, RELATIVE, OTHER = "owner", "resident", "relative", "other"
_SEPARATORS = re.compile(r"[,|;/]")
_PARTS = (
    ("owner", OWNER),
    ("resident", RESIDENT),
    ("renting", RESIDENT),
    ("renter", RESIDENT),
    ("tenant", RESIDENT),
    ("family", RELATIVE),
    ("relative", RELATIVE),
    ("spouse", RELATIVE),
)


@dataclass(frozen=True, slots=True)
class Flags:
    """What the words of a flags cell say; `part` is '' when they name none."""

    part: str = ""
    is_deceased: bool = False
    is_litigator: bool = False
    is_do_not_call: bool = False
    is_do_not_mail: bool = False


@lru_cache(maxsize=2_000)
def flags_of(cell: str) -> Flags:
    """'Likely Owner, Family' is an owner: the part closest to the title counts.

    'Not owner' and 'former owner' are no owners.
    """
    words = [text_of(part).casefold() for part in _SEPARATORS.split(cell[:500])]
    own = [word for word in words if not word.startswith(("not ", "non", "former", "previous"))]
    part = next((part for word, part in _PARTS if any(word in said for said in own)), "")
    joined = re.sub(r"[^a-z ]", "", " ".join(words))
    return Flags(
        part=part,
        is_deceased="deceased" in joined,
        is_litigator="litigator" in joined or "tcpa" in joined,
        is_do_not_call="do not call" in joined or "dnc" in joined.split(),
        is_do_not_mail="do not mail" in joined,
    )


def people_reader(
    columns: Columns,
) -> Callable[[Sequence[str], list[Problem]], tuple[PersonCell, ...]]:
    """What reads `person_1_name`, `person_1_phone_1`… of a row."""
    readers = [
        _person_reader(columns, f"person_{p}_")
        for p in range(1, MOST_PEOPLE + 1)
        if any(f"person_{p}_{field}" in columns for field in ("name", "first", "last"))
    ]

    def read(row: Sequence[str], problems: list[Problem]) -> tuple[PersonCell, ...]:
        found = (reader(row, problems) for reader in readers)
        return tuple(somebody for somebody in found if somebody)

    return read


def _person_reader(
    columns: Columns, prefix: str
) -> Callable[[Sequence[str], list[Problem]], PersonCell | None]:
    whole, first, last = (columns[prefix + field] for field in ("name", "first", "last"))
    flagged = columns[f"{prefix}flags"]
    phones, emails = phones_reader(columns, prefix), emails_reader(columns, prefix)

    def read(row: Sequence[str], problems: list[Problem]) -> PersonCell | None:
        name = _name(text_of(row[whole]), text_of(row[first]), text_of(row[last]))
        if name is None:
            return None
        flags = flags_of(row[flagged])
        return PersonCell(
            name,
            flags.part or OTHER,
            phones(row, problems),
            emails(row, problems),
            flags.is_litigator,
            flags.is_deceased,
        )

    return read


def _name(whole: str, first: str, last: str) -> Name | None:
    if first or last:
        return person(first, last) if first else parse_name(last)
    return parse_name(whole[:300]) if whole else None
