"""Facts about recorded sales."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class SaleImportStarted(Fact):
    """A file of recorded sales was taken in."""

    name: ClassVar[str] = "deals.sale_import_started.v1"
    subject_kind: ClassVar[str] = "sale_import"
    file_name: str
    sha256: str
    preset: str
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class SalesRecorded(Fact):
    """Recorded sales were added or corrected; the subject is the file or feed they came in."""

    name: ClassVar[str] = "deals.sales_recorded.v1"
    subject_kind: ClassVar[str] = "sale_import"
    source: str
    counts: dict[str, int]
    last_row: int = 0


@dataclass(frozen=True, kw_only=True)
class SaleImportEnded(Fact):
    """A file of sales is over: done, canceled or failed."""

    name: ClassVar[str] = "deals.sale_import_ended.v1"
    subject_kind: ClassVar[str] = "sale_import"
    state: str
    counts: dict[str, int]
    error: str = ""
