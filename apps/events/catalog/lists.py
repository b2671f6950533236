"""Facts about lists of properties and what their columns mean."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class ListPresetsLaid(Fact):
    """A workspace got the shipped presets of list vendors."""

    name: ClassVar[str] = "deals.list_presets_laid.v1"
    subject_kind: ClassVar[str] = "workspace"
    slugs: list[str]


@dataclass(frozen=True, kw_only=True)
class ListPresetSaved(Fact):
    """What the columns of a list mean was chosen or changed."""

    name: ClassVar[str] = "deals.list_preset_saved.v1"
    subject_kind: ClassVar[str] = "list_preset"
    slug: str
    label: str
    mapping: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ListRenamed(Fact):
    """A list of properties got another name."""

    name: ClassVar[str] = "deals.list_renamed.v1"
    subject_kind: ClassVar[str] = "lead_list"
    before: str
    after: str
