"""Which of two sources is believed: pure rules, without Django, clock or database.

What a row says of a property are claims, all of one origin. A claim is taken where nothing is held,
or where it is at least as strong and at least as fresh as what is held; otherwise it is noted as a
conflict. Strength and freshness together are a partial order: between a county record of May and a
vendor's list of June nobody can say, so the one that was there first stays and the other is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

# JSON of one column: [source, as-of day in ISO or None, strength].
Stored = list[Any]


class Origin(NamedTuple):
    """Who says it, of which day, and how far they are trusted (`models.Strength`)."""

    source: str
    as_of: date | None
    strength: int


@dataclass(slots=True, eq=False)
class Held:
    """What is known of one property and where each column comes from.

    `origin` stands for every column that `exceptions` does not name.
    """

    values: dict[str, Any]
    origin: Origin
    exceptions: dict[str, Stored] = field(default_factory=dict)
    conflicts: dict[str, Stored] = field(default_factory=dict)
    hand_edited: frozenset[str] = frozenset()
    # Whether origin, exceptions or conflicts differ from what was read.
    has_news: bool = False

    def origin_of(self, column: str) -> Origin:
        stored = self.exceptions.get(column)
        return self.origin if stored is None else read_origin(stored)


def admits(held: Origin, said: Origin) -> bool:
    """Whether `said` may replace what `held` said: no weaker and no staler."""
    return said.strength >= held.strength and _day(said) >= _day(held)


def is_newer(held: Origin, said: Origin) -> bool:
    """Whether the same value said again is worth remembering: stronger or fresher."""
    return admits(held, said) and (said.strength, _day(said)) != (held.strength, _day(held))


def apply_claims(
    held: Held, said: Mapping[str, Any], origin: Origin, tracked: Iterable[str]
) -> dict[str, list[Any]]:
    """Take what is admitted and note what is not; {column: [old, new]} of what changed.

    `said` holds only what the row really says. `tracked` are all columns that have an origin.
    Applying the same claims again changes nothing.
    """
    values, changes, taken = held.values, {}, []
    by_default = admits(held.origin, origin)
    refreshes = by_default and is_newer(held.origin, origin)
    if not (refreshes or held.exceptions or held.conflicts) and all(
        values[column] == value for column, value in said.items()
    ):
        return {}
    for column, value in said.items():
        known = values[column]
        stored = held.exceptions.get(column)
        if stored is None:
            admitted, newer = by_default, refreshes
        else:
            admitted = admits(read_origin(stored), origin)
            newer = admitted and is_newer(read_origin(stored), origin)
        if known == value:
            _drop_conflict(held, column)
            if newer and column not in held.hand_edited:
                taken.append(column)
        elif column in held.hand_edited or not (admitted or known is None or known == ""):
            _note_conflict(held, column, value, origin)
        else:
            changes[column] = [known, value]
            values[column] = value
            taken.append(column)
            _drop_conflict(held, column)
    if taken:
        _credit(held, taken, origin, tracked)
    return changes


def _credit(held: Held, taken: list[str], origin: Origin, tracked: Iterable[str]) -> None:
    """Write down where the taken columns come from, in as few words as possible."""
    if origin == held.origin:
        for column in taken:
            if held.exceptions.pop(column, None) is not None:
                held.has_news = True
        return
    held.has_news = True
    fresh = frozenset(taken)
    rest = [
        column
        for column in tracked
        if column not in fresh
        and column not in held.exceptions
        and held.values.get(column) not in (None, "")
    ]
    if len(rest) > len(taken):
        said = store_origin(origin)
        held.exceptions.update(dict.fromkeys(taken, said))
        return
    for column in taken:
        held.exceptions.pop(column, None)
    # What the new origin speaks for already needs no exception any more.
    stored = store_origin(origin)
    for column in [name for name, kept in held.exceptions.items() if kept == stored]:
        del held.exceptions[column]
    held.exceptions.update(dict.fromkeys(rest, store_origin(held.origin)))
    held.origin = origin


def _note_conflict(held: Held, column: str, value: Any, origin: Origin) -> None:
    """One other voice per column: a staler, weaker one does not push a better one out."""
    other = [plain(value), *store_origin(origin)]
    standing = held.conflicts.get(column)
    # A dismissed conflict stays with a fifth item, so that the same voice raises it no more.
    if standing and (standing[:4] == other or _outweighs(standing, origin)):
        return
    held.conflicts[column] = other
    held.has_news = True


def _outweighs(standing: Stored, origin: Origin) -> bool:
    kept = read_origin(standing[1:4])
    return not admits(kept, origin) and admits(origin, kept)


def _drop_conflict(held: Held, column: str) -> None:
    if held.conflicts.pop(column, None) is not None:
        held.has_news = True


def plain(value: Any) -> Any:
    """A value as JSON keeps it; the way back is the model field's `to_python`."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def store_origin(origin: Origin) -> Stored:
    return [origin.source, origin.as_of.isoformat() if origin.as_of else None, origin.strength]


def read_origin(stored: Stored) -> Origin:
    source, day, strength = stored
    return Origin(source, date.fromisoformat(day) if day else None, strength)


def _day(origin: Origin) -> date:
    return origin.as_of or date.min
