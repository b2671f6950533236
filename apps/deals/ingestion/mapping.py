"""What the columns of a file mean: by a preset that knows its header, or by a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from apps.deals.ingestion.fields import UnknownField, get_field
from apps.deals.ingestion.guess import ColumnGuess, guess_columns
from apps.deals.ingestion.guess_values import Shapes, shapes_of
from apps.deals.ingestion.vendors import (
    FIELDS_LAYOUT,
    OTHER_LIST,
    PROPSTREAM_CUSTOM,
    Preset,
    shipped_layouts,
    tell_apart,
)

__all__ = ["ColumnGuess", "Detection", "check_mapping", "detect"]

_SAMPLE_ROWS = 200
_LEAST_SHARE = 0.5
_LEAST_COLUMNS = 3
_REPEAT = re.compile(r" \(column \d+\)$")


@dataclass(frozen=True, slots=True)
class Detection:
    """How a file is to be read. `preset_slug` is 'other' where nobody knows the header."""

    vendor: str
    label: str
    preset_slug: str
    is_exact: bool
    is_remembered: bool
    mapping: dict[str, str]
    columns: tuple[ColumnGuess, ...]
    is_person_rows: bool = False
    is_surname_first: bool = False
    score: float = field(default=0.0)


def detect(
    header: Sequence[str],
    sample_rows: Sequence[Sequence[str]],
    presets: Sequence[Preset] = (),
) -> Detection:
    """What a person said of this header, else the vendor's preset, else a guess.

    `presets` are the workspace's; without any, the shipped ones are asked.
    """
    names = tell_apart(header)
    shapes = _shapes(names, sample_rows)
    known: Sequence[Preset] = presets or shipped_layouts()
    remembered = [preset for preset in known if not preset.is_shipped]
    for preset in remembered:
        if set(map(_key, preset.columns)) == set(map(_key, names)):
            return _by_preset(preset, names, shapes, 1.0, is_remembered=True)
    if all(map(_is_field, names)):
        return _detection(
            FIELDS_LAYOUT, {name: name for name in names}, names, shapes, 1.0, is_exact=True
        )
    if found := _best(names, [*remembered, *(one for one in known if one.is_shipped)]):
        return _by_preset(found[0], names, shapes, found[1])
    guesses = guess_columns(names, shapes)
    mapping = {guess.header: guess.field for guess in guesses if guess.field}
    return Detection(
        OTHER_LIST.vendor, OTHER_LIST.label, OTHER_LIST.slug, False, False, mapping, guesses
    )


def check_mapping(header: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """What keeps this mapping from being used, in sentences; none when it will do."""
    said = []
    columns: dict[str, list[str]] = {}
    for name, meant in mapping.items():
        if not meant:
            continue
        if name not in header:
            said.append(f"The file has no column “{name[:60]}”.")
        elif not _is_field(meant):
            said.append(f"“{meant[:60]}” is no field; choose one for column “{name[:60]}”.")
        else:
            columns.setdefault(meant, []).append(name)
    for meant, names in columns.items():
        if len(names) > 1:
            listed = " and ".join(f"“{name[:60]}”" for name in names[:4])
            said.append(f"{get_field(meant).label} is given to {listed}; keep one of them.")
    if not _has_identity(columns):
        said.append(
            "Nothing names the property: choose a column for the street address (or the whole"
            " address), or for the APN together with the county."
        )
    return said


def _has_identity(columns: Mapping[str, object]) -> bool:
    if columns.keys() & {"line", "address", "street_name"}:
        return True
    return "apn" in columns and bool(columns.keys() & {"county", "fips"})


def _is_field(name: str) -> bool:
    try:
        get_field(name)
    except UnknownField:
        return False
    return True


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _shapes(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Shapes]:
    sample = rows[:_SAMPLE_ROWS]
    return [shapes_of([row[at] for row in sample if at < len(row)]) for at in range(len(names))]


def _best(names: Sequence[str], presets: Sequence[Preset]) -> tuple[Preset, float] | None:
    """The preset whose columns these are, exactly or nearly, and how nearly (0 to 1)."""
    for preset in presets:
        meanings = _meanings(preset, names)
        if len(meanings) == len(names) == len(preset.columns):
            return preset, 1.0
    scored: list[tuple[float, int, Preset]] = [
        (len(_meanings(preset, names)) / len(names), _tells(preset, names, presets), preset)
        for preset in [PROPSTREAM_CUSTOM, *presets]
    ]
    share, tells, preset = max(scored, key=lambda one: (one[1] > 0, one[0]))
    if not tells or share < _LEAST_SHARE or share * len(names) < _LEAST_COLUMNS:
        return None
    is_chosen = preset.is_shipped and preset.vendor == PROPSTREAM_CUSTOM.vendor
    return PROPSTREAM_CUSTOM if is_chosen else preset, share


def _meanings(preset: Preset, names: Sequence[str]) -> dict[str, str]:
    """Columns of the file that the preset knows -> their field, '' where it is not imported.

    A repeated column stands for the mailing one of that name, if that is missing.
    """
    known = {_key(name): preset.mapping.get(name, "") for name in preset.columns}
    for name, meant in preset.mapping.items():
        known.setdefault(_key(name), meant)
    there = set(map(_key, names))
    found: dict[str, str] = {}
    for name in names:
        key = _key(name)
        if key not in known and _REPEAT.search(name):
            key = f"mailing {_key(_REPEAT.sub('', name))}"
            if key in there:
                continue
            there.add(key)
        if key in known:
            found[name] = known[key]
    return found


def _tells(preset: Preset, names: Sequence[str], presets: Sequence[Preset]) -> int:
    """How many of the columns no other vendor has: 'City' says nothing of where a list is from."""
    others: set[str] = set()
    for other in presets:
        if other.vendor != preset.vendor:
            others.update(map(_key, (*other.columns, *other.mapping)))
    own = set(map(_key, (*preset.columns, *preset.mapping)))
    return len((own - others - _COMMON) & set(map(_key, names)))


# Headers anybody may write, though only one of the vendors does.
_COMMON = frozenset(
    """address|city|state|zip|county|apn|fips|notes|email|phone|first name|last name|list|unit #
    |year built|property type|bedrooms|vacant|zip code|mailing address|mailing city|mailing state
    |mailing zip|latitude|longitude|arv|litigator|owner occupied|spread|office|email 1|phone 1
    |property address|property city|property state|property zip|property county|last sale date
    |estimated value|first_name|last_name|phone_1|phone_2|phone_3""".replace("\n    ", "").split(
        "|"
    )
)


def _by_preset(
    preset: Preset,
    names: Sequence[str],
    shapes: Sequence[Shapes],
    score: float,
    *,
    is_remembered: bool = False,
) -> Detection:
    mapping: dict[str, str] = {}
    for name, meant in _meanings(preset, names).items():
        if meant and meant not in mapping.values():
            mapping[name] = meant
    is_exact = set(preset.columns) == set(names)
    return _detection(
        preset, mapping, names, shapes, score, is_exact=is_exact, is_remembered=is_remembered
    )


def _detection(
    preset: Preset,
    mapping: dict[str, str],
    names: Sequence[str],
    shapes: Sequence[Shapes],
    score: float,
    *,
    is_exact: bool,
    is_remembered: bool = False,
) -> Detection:
    reason = f"As {preset.label} has it."
    if is_remembered:
        reason = "As you chose for this header before."
    columns = tuple(
        ColumnGuess(
            name,
            mapping.get(name, ""),
            round(score, 2) if name in mapping else 0.0,
            shape.samples,
            reason if name in mapping else "Not imported.",
        )
        for name, shape in zip(names, shapes, strict=True)
    )
    return Detection(
        preset.vendor,
        preset.label,
        preset.slug,
        is_exact,
        is_remembered,
        mapping,
        columns,
        preset.is_person_rows,
        preset.is_surname_first,
        score,
    )
