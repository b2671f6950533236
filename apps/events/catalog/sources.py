"""Facts about feeds and webhooks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class SourceSaved(Fact):
    """A feed was entered or changed; `settings` without secrets."""

    name: ClassVar[str] = "deals.source_saved.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str
    type: str
    is_active: bool
    every_minutes: int
    settings: dict[str, Any]
    reads_from_start: bool = False


@dataclass(frozen=True, kw_only=True)
class SourcePaused(Fact):
    """A person stopped a feed."""

    name: ClassVar[str] = "deals.source_paused.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str


@dataclass(frozen=True, kw_only=True)
class SourceResumed(Fact):
    """A person let a feed go on."""

    name: ClassVar[str] = "deals.source_resumed.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str


@dataclass(frozen=True, kw_only=True)
class SourceRunRequested(Fact):
    """A person wants a feed read at once."""

    name: ClassVar[str] = "deals.source_run_requested.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str


@dataclass(frozen=True, kw_only=True)
class SourcePageAccepted(Fact):
    """A page of a feed was stored and the watermark moved with it; `changed` records are new."""

    name: ClassVar[str] = "deals.source_page_accepted.v1"
    subject_kind: ClassVar[str] = "source"
    run: UUID
    page_no: int
    records: int
    changed: int
    is_last: bool
    lead_import: UUID | None = None
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceFailed(Fact):
    """A feed could not be read; it is asked again at `retry_at`."""

    name: ClassVar[str] = "deals.source_failed.v1"
    subject_kind: ClassVar[str] = "source"
    run: UUID
    error: str
    failures: int
    retry_at: datetime


@dataclass(frozen=True, kw_only=True)
class SourceRemapped(Fact):
    """Records kept from a feed were read again with today's mapping."""

    name: ClassVar[str] = "deals.source_remapped.v1"
    subject_kind: ClassVar[str] = "source"
    records: int
    changed: int
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookCallsRead(Fact):
    """Stored webhook calls were read and handed to the importer, or refused."""

    name: ClassVar[str] = "deals.webhook_calls_read.v1"
    subject_kind: ClassVar[str] = "source"
    calls: list[UUID]
    refused: int
    records: int
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookCallsReplayed(Fact):
    """A person let refused webhook calls be read again."""

    name: ClassVar[str] = "deals.webhook_calls_replayed.v1"
    subject_kind: ClassVar[str] = "source"
    count: int


@dataclass(frozen=True, kw_only=True)
class SourceSecretRotated(Fact):
    """A webhook source got a new secret; the one before may stay valid for a while."""

    name: ClassVar[str] = "deals.source_secret_rotated.v1"
    subject_kind: ClassVar[str] = "source"
    is_old_valid: bool
