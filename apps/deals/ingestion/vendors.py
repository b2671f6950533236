"""The list layouts the product ships, read from `fixtures/presets`: exact headers and meanings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import yaml
from django.conf import settings

from apps.deals.ingestion.fields import get_field

PRESETS = settings.BASE_DIR / "fixtures" / "presets"
LIST_STRENGTH = 50


class Preset(Protocol):
    """A header somebody knows and what its columns mean: shipped, or a row of a workspace."""

    @property
    def slug(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def vendor(self) -> str: ...

    @property
    def columns(self) -> Any: ...

    @property
    def mapping(self) -> Any: ...

    @property
    def is_person_rows(self) -> bool: ...

    @property
    def is_surname_first(self) -> bool: ...

    @property
    def is_shipped(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """A vendor's export: its name here, what people call it, its columns in order, and meanings.

    `mapping` may name columns beyond `columns`, which other exports of the vendor have.
    """

    slug: str
    label: str
    columns: tuple[str, ...] = ()
    vendor: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict, hash=False)
    is_person_rows: bool = False
    is_surname_first: bool = False
    strength: int = LIST_STRENGTH
    is_shipped: bool = True


@dataclass(frozen=True, slots=True)
class Header:
    """The layout of one file and its columns as they stand in it, repeats told apart."""

    layout: Layout
    names: tuple[str, ...]


def read_layout(path: Path) -> Layout:
    """One file of `fixtures/presets`. Raises UnknownField for a meaning that does not exist."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    mapping = {name: meant for name, meant in data["columns"].items() if meant}
    mapping |= data.get("also", {})
    for meant in mapping.values():
        get_field(meant)
    return Layout(
        slug=data["slug"],
        label=data["label"],
        columns=tuple(data["columns"]),
        vendor=data["vendor"],
        mapping=mapping,
        is_person_rows=data.get("is_person_rows", False),
        is_surname_first=data.get("is_surname_first", False),
        strength=data.get("strength", LIST_STRENGTH),
    )


@lru_cache(maxsize=1)
def shipped_layouts() -> tuple[Layout, ...]:
    return tuple(read_layout(path) for path in sorted(PRESETS.glob("*.yaml")))


def _shipped(slug: str) -> Layout:
    return next(layout for layout in shipped_layouts() if layout.slug == slug)


PROPSTREAM_42 = _shipped("propstream_42")
PROPSTREAM_43 = _shipped("propstream_43")
PROPSTREAM_70 = _shipped("propstream_70")
PROPSTREAM_123 = _shipped("propstream_123")
# An export with columns of one's own choice: every name PropStream has ever used.
PROPSTREAM_CUSTOM = Layout(
    "propstream",
    "PropStream list (chosen columns)",
    vendor="PropStream",
    mapping=PROPSTREAM_123.mapping | PROPSTREAM_70.mapping,  # type: ignore[operator]
)
# Records of feeds, webhooks and property APIs: the headers are the names of our own fields.
FIELDS_LAYOUT = Layout("fields", "Records of a feed", vendor="Feed")
OTHER_LIST = Layout("other", "Other list", vendor="List")


def layout_by_slug(slug: str) -> Layout:
    """The layout stored with an import; a preset of the workspace's own has no shipped one."""
    known = (*shipped_layouts(), PROPSTREAM_CUSTOM, FIELDS_LAYOUT)
    found = next((layout for layout in known if layout.slug == slug), None)
    return found or Layout(slug or "other", OTHER_LIST.label, vendor=OTHER_LIST.vendor)


def tell_apart(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns: single spaces, an empty one called by its place, a repeat numbered."""
    seen: dict[str, None] = {}
    for at, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"(column {at})"
        # A third or senseless repeat must not shadow the first.
        while name in seen:
            name = f"{name} (column {at})"
        seen[name] = None
    return tuple(seen)
