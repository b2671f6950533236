"""Facts about list files: taken in, applied, undone."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class ImportStarted(Fact):
    """A list file was taken in."""

    name: ClassVar[str] = "deals.import_started.v1"
    subject_kind: ClassVar[str] = "import"
    file_name: str
    sha256: str
    vendor: str
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class ImportChunkApplied(Fact):
    """A chunk of rows was applied; `deals` are those created or updated."""

    name: ClassVar[str] = "deals.import_chunk_applied.v1"
    subject_kind: ClassVar[str] = "import"
    first_row: int
    last_row: int
    counts: dict[str, int]
    deals: list[UUID]


@dataclass(frozen=True, kw_only=True)
class ImportFinished(Fact):
    """Every row of a file has its outcome."""

    name: ClassVar[str] = "deals.import_finished.v1"
    subject_kind: ClassVar[str] = "import"
    counts: dict[str, int]
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class ImportCanceled(Fact):
    """A person stopped an import; rows done so far stay."""

    name: ClassVar[str] = "deals.import_canceled.v1"
    subject_kind: ClassVar[str] = "import"
    rows_done: int


@dataclass(frozen=True, kw_only=True)
class ImportFailed(Fact):
    """An import stopped on an error."""

    name: ClassVar[str] = "deals.import_failed.v1"
    subject_kind: ClassVar[str] = "import"
    error: str
    rows_done: int


@dataclass(frozen=True, kw_only=True)
class ImportMapped(Fact):
    """A person said what the columns of a draft mean; `mapping`: header -> field."""

    name: ClassVar[str] = "deals.import_mapped.v1"
    subject_kind: ClassVar[str] = "import"
    mapping: dict[str, str]
    lead_list: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportPreviewAsked(Fact):
    """A person wants all rows of a draft looked at again."""

    name: ClassVar[str] = "deals.import_preview_asked.v1"
    subject_kind: ClassVar[str] = "import"
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class ImportPreviewed(Fact):
    """Every row of a draft was looked at; `counts`: rows by outcome. Nothing was imported."""

    name: ClassVar[str] = "deals.import_previewed.v1"
    subject_kind: ClassVar[str] = "import"
    counts: dict[str, int]
    rows_seen: int


@dataclass(frozen=True, kw_only=True)
class ImportConfirmed(Fact):
    """A person looked at a draft's preview and let it run."""

    name: ClassVar[str] = "deals.import_confirmed.v1"
    subject_kind: ClassVar[str] = "import"
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class ImportDiscarded(Fact):
    """A person threw a draft away; its rows were never applied."""

    name: ClassVar[str] = "deals.import_discarded.v1"
    subject_kind: ClassVar[str] = "import"
    file_name: str


@dataclass(frozen=True, kw_only=True)
class ImportUndoStarted(Fact):
    """A person wants an import undone; its rows are worked from the last to the first."""

    name: ClassVar[str] = "deals.import_undo_started.v1"
    subject_kind: ClassVar[str] = "import"
    rows_done: int


@dataclass(frozen=True, kw_only=True)
class ImportUndoAdvanced(Fact):
    """Some rows of an import were undone; `deals` are those that got former values back."""

    name: ClassVar[str] = "deals.import_undo_advanced.v1"
    subject_kind: ClassVar[str] = "import"
    first_row: int
    last_row: int
    undone: int
    kept: int
    deals: list[UUID]


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Fact):
    """An import was undone, except for what was edited since."""

    name: ClassVar[str] = "deals.import_undone.v1"
    subject_kind: ClassVar[str] = "import"
    undone: int
    kept: int
