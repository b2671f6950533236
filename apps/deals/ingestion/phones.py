"""Phones and e-mails of a row, each number with its flags; a word is a flag, never a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from apps.common.phones import PhoneProblem, parse_phone
from apps.deals.ingestion import cells
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.fields import MOST_EMAILS, MOST_PHONES
from apps.deals.ingestion.notes import Note, Problem
from apps.deals.ingestion.types import PhoneCell

_EMAIL = re.compile(r"[A-Z0-9._%+'-]{1,64}@(?:[A-Z0-9-]{1,63}\.)+[A-Z]{2,24}", re.IGNORECASE)
_NO_DNC = frozenset({"", "no", "n", "false", "f", "0", "0.0", "none", "null", "clean"})
_DO_NOT_CALL = re.compile(r"^\W*do\W*not\W*call\W*$", re.IGNORECASE)
_LITIGATOR = re.compile(r"litigator|tcpa", re.IGNORECASE)
_PARTS = ("_type", "_dnc", "_carrier", "_reachable", "_litigator")
Phones = tuple[PhoneCell, ...]


def phones_reader(
    columns: Columns, prefix: str = ""
) -> Callable[[Sequence[str], list[Problem]], Phones]:
    """What reads the numbers under `phone_1`, `phone_2`… of the person with that prefix."""
    steps = []
    for n in range(1, MOST_PHONES + 1):
        field = f"{prefix}phone_{n}"
        if field in columns:
            kind, dnc, carrier, reachable, litigator = (columns[field + part] for part in _PARTS)
            header = columns.header_of(field)[:60]
            steps.append((columns[field], header, kind, dnc, carrier, reachable, litigator))

    def read(row: Sequence[str], problems: list[Problem]) -> Phones:
        found: dict[str, PhoneCell] = {}
        for at, header, kind, dnc, carrier, reachable, litigator in steps:
            if not (cell := row[at]):
                continue
            number, problem = parse_phone(cell)
            if number:
                said_dnc = row[dnc].strip().casefold() not in _NO_DNC
                known = found.get(number)
                found[number] = PhoneCell(
                    number,
                    line_type_of(row[kind]),
                    said_dnc or bool(known and known.is_dnc),
                    cells.text_of(row[carrier])[:80],
                    cells.flag_of(row[litigator]) is True or bool(_LITIGATOR.search(row[dnc])),
                    cells.flag_of(row[reachable]),
                )
            elif problem is not PhoneProblem.EMPTY and problem is not None:
                problems.append(Problem(Note.BAD_PHONE, f"{header}: {problem.sentence}"))
        return tuple(found.values())

    return read


def refuses_calls(columns: Columns, prefix: str = "") -> Callable[[Sequence[str]], bool]:
    """Whether a phone cell of the row says 'DO NOT CALL' instead of holding a number."""
    names = (f"{prefix}phone_{n}" for n in range(1, MOST_PHONES + 1))
    places = [columns[name] for name in names if name in columns]

    def read(row: Sequence[str]) -> bool:
        return any(row[at] and _DO_NOT_CALL.match(row[at]) for at in places)

    return read


def emails_reader(
    columns: Columns, prefix: str = ""
) -> Callable[[Sequence[str], list[Problem]], tuple[str, ...]]:
    names = (f"{prefix}email_{n}" for n in range(1, MOST_EMAILS + 1))
    steps = [(columns[name], columns.header_of(name)[:60]) for name in names if name in columns]

    def read(row: Sequence[str], problems: list[Problem]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for at, header in steps:
            if not (address := row[at].strip()):
                continue
            if _EMAIL.fullmatch(address):
                found[address.lower()] = None
            else:
                problems.append(Problem(Note.BAD_EMAIL, header))
        return tuple(found)

    return read


@lru_cache(maxsize=1_000)
def line_type_of(text: str) -> str:
    """'mobile', 'landline', 'voip' or '' when the list does not say."""
    word = re.sub(r"[^a-z]", "", text.casefold())
    if word.startswith(("mobile", "wireless", "cell")):
        return "mobile"
    return "voip" if "voip" in word else "landline" if "land" in word else ""
