"""The columns of a list file as a form: one select per column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from apps.deals.ingestion.fields import FIELDS, Field, UnknownField, get_field
from apps.deals.ingestion.mapping import ColumnGuess, check_mapping

LEAVE_OUT = ("", "– leave out –")
# Numbered fields are offered up to the highest in use and one more, from these on.
FEWEST = {"phone": 3, "email": 2, "person": 0}
# Below this a guess asks for a look.
SURE = 0.65
_PHONE_ENDINGS = ("", "_type", "_dnc", "_carrier", "_reachable", "_litigator")
_PERSON_FIELDS = ("name", "first", "last", "flags")
_NUMBER = re.compile(r"(?:person_(?P<person>\d+)_)?(?:(?P<what>phone|email)_(?P<n>\d+))?")


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the file beside its select; `position` counts from 1."""

    position: int
    guess: ColumnGuess
    field: forms.BoundField
    is_left_out: bool

    @property
    def is_unsure(self) -> bool:
        return bool(self.guess.field) and self.guess.confidence < SURE


class MappingForm(forms.Form):
    """`mapping`: header -> field, after is_valid."""

    list_name = forms.CharField(
        label="Name of the list",
        required=False,
        max_length=120,
        help_text="Its properties are put on this list. Empty: on none.",
    )
    remember = forms.BooleanField(label="Remember for lists with this header", required=False)

    def __init__(
        self,
        *args: Any,
        columns: Sequence[ColumnGuess],
        mapping: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.stored = mapping
        choices = field_choices(mapping.values())
        for at, guess in enumerate(columns):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=guess.header,
                required=False,
                choices=choices,
                initial=mapping.get(guess.header, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.mapping = {
            guess.header: cleaned[f"column_{at}"]
            for at, guess in enumerate(self.columns)
            if cleaned.get(f"column_{at}")
        }
        for problem in check_mapping([guess.header for guess in self.columns], self.mapping):
            self.add_error(self._place_of(problem), problem)
        return cleaned

    def _place_of(self, problem: str) -> str | None:
        """The column a problem names in quotes, so that it stands beside it."""
        for at, guess in enumerate(self.columns):
            if f"“{guess.header}”" in problem:
                return f"column_{at}"
        return None

    def rows(self) -> Iterator[ColumnRow]:
        """Columns that mean something first, then those left out, each in file order."""
        rows = [
            ColumnRow(at + 1, guess, self[f"column_{at}"], not self.stored.get(guess.header))
            for at, guess in enumerate(self.columns)
        ]
        yield from sorted(rows, key=lambda row: row.is_left_out)


def field_choices(used: Iterable[str]) -> list[Any]:
    """Fields by their headings, numbered ones as far as they are needed."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in (*FIELDS.values(), *_numbered(used)):
        groups.setdefault(field.group, []).append((field.name, field.label))
    return [LEAVE_OUT, *groups.items()]


def _numbered(used: Iterable[str]) -> Iterator[Field]:
    most = _most_used(used)
    for n in range(1, most["phone"] + 1):
        yield from _existing(f"phone_{n}{ending}" for ending in _PHONE_ENDINGS)
    yield from _existing(f"email_{n}" for n in range(1, most["email"] + 1))
    for p in range(1, most["person"] + 1):
        names = [*_PERSON_FIELDS]
        for n in range(1, most["person_phone"] + 1):
            names += [f"phone_{n}{ending}" for ending in _PHONE_ENDINGS]
        names += [f"email_{n}" for n in range(1, most["person_email"] + 1)]
        yield from _existing(f"person_{p}_{name}" for name in names)


def _most_used(used: Iterable[str]) -> dict[str, int]:
    """The highest number of each kind to offer."""
    found = {"phone": 0, "email": 0, "person": 0, "person_phone": 0, "person_email": 0}
    for name in used:
        match = _NUMBER.match(name)
        if match is None:
            continue
        before = "person_" if match["person"] else ""
        if before:
            found["person"] = max(found["person"], int(match["person"]))
        if match["what"]:
            kind = before + match["what"]
            found[kind] = max(found[kind], int(match["n"]))
    offered = {kind: max(count + 1, FEWEST.get(kind, 1)) for kind, count in found.items()}
    return offered | {"person": found["person"] + 1 if found["person"] else 0}


def _existing(names: Iterable[str]) -> Iterator[Field]:
    for name in names:
        try:
            yield get_field(name)
        except UnknownField:
            continue
