"""Facts about deals, the people in them and the pipeline they pass."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class DealOpened(Fact):
    """A lead became a deal."""

    name: ClassVar[str] = "deals.deal_opened.v1"
    subject_kind: ClassVar[str] = "deal"
    stage: str
    status: str
    address: str
    source: str
    seller: UUID | None = None
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class DealUpdated(Fact):
    """What is known of a property changed. `changes`: field -> [old, new]."""

    name: ClassVar[str] = "deals.deal_updated.v1"
    subject_kind: ClassVar[str] = "deal"
    changes: dict[str, Any]
    source: str
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class DealMoved(Fact):
    """A deal changed its stage."""

    name: ClassVar[str] = "deals.deal_moved.v1"
    subject_kind: ClassVar[str] = "deal"
    from_stage: str
    to_stage: str
    status: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DealValued(Fact):
    """A person set ARV or repairs."""

    name: ClassVar[str] = "deals.deal_valued.v1"
    subject_kind: ClassVar[str] = "deal"
    arv_amount: Decimal | None = None
    repairs_amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class DealAssigned(Fact):
    """A deal got its person."""

    name: ClassVar[str] = "deals.deal_assigned.v1"
    subject_kind: ClassVar[str] = "deal"
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PipelineLaid(Fact):
    """A workspace got its stages, rules and estimates."""

    name: ClassVar[str] = "deals.pipeline_laid.v1"
    subject_kind: ClassVar[str] = "workspace"
    stages: list[str]


@dataclass(frozen=True, kw_only=True)
class StageSaved(Fact):
    """A stage was renamed or moved in the order."""

    name: ClassVar[str] = "deals.stage_saved.v1"
    subject_kind: ClassVar[str] = "stage"
    kind: str
    label: str
    position: int


@dataclass(frozen=True, kw_only=True)
class DealRemoved(Fact):
    """A deal is gone, because the import that opened it was undone."""

    name: ClassVar[str] = "deals.deal_removed.v1"
    subject_kind: ClassVar[str] = "deal"
    address: str
    reason: str
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class PropertyEdited(Fact):
    """A person knows better than the lists. `changes`: field -> [old, new]."""

    name: ClassVar[str] = "deals.property_edited.v1"
    subject_kind: ClassVar[str] = "deal"
    changes: dict[str, Any]
    source: str


@dataclass(frozen=True, kw_only=True)
class ConflictSettled(Fact):
    """A person chose between two sources. `value` is what stands now, `before` what stood until
    then, `seller` who sells now."""

    name: ClassVar[str] = "deals.conflict_settled.v1"
    subject_kind: ClassVar[str] = "deal"
    column: str
    is_taken: bool
    value: Any = None
    other: Any = None
    source: str = ""
    before: Any = None
    seller: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CandidateTaken(Fact):
    """Somebody beside the owner whom a look-up found became a contact of the deal."""

    name: ClassVar[str] = "deals.candidate_taken.v1"
    subject_kind: ClassVar[str] = "deal"
    contact: UUID
    contact_name: str
    part: str
    trace: UUID
    phones: int
    emails: int


@dataclass(frozen=True, kw_only=True)
class DealsReassigned(Fact):
    """Deals of two contacts that became one, or two again: the subject is their seller or party."""

    name: ClassVar[str] = "deals.deals_reassigned.v1"
    subject_kind: ClassVar[str] = "contact"
    merge: UUID
    deals: list[UUID]
