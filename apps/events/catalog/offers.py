"""Facts about offers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class OfferMade(Fact):
    """An offer was priced."""

    name: ClassVar[str] = "offers.offer_made.v1"
    subject_kind: ClassVar[str] = "offer"
    deal: UUID
    seller: UUID
    strategy: str
    strategy_version: int
    formula: str
    amount: Decimal
    inputs: dict[str, Any]
    expires_at: datetime
    document: UUID


@dataclass(frozen=True, kw_only=True)
class OfferRendered(Fact):
    """The offer's PDF stands."""

    name: ClassVar[str] = "offers.offer_rendered.v1"
    subject_kind: ClassVar[str] = "offer"
    deal: UUID
    document: UUID
    sha256: str
    byte_count: int


@dataclass(frozen=True, kw_only=True)
class OfferRenderFailed(Fact):
    """The offer's PDF could not be made."""

    name: ClassVar[str] = "offers.offer_render_failed.v1"
    subject_kind: ClassVar[str] = "offer"
    deal: UUID
    document: UUID
    error: str
    is_final: bool


@dataclass(frozen=True, kw_only=True)
class OfferViewed(Fact):
    """The seller opened the offer."""

    name: ClassVar[str] = "offers.offer_viewed.v1"
    subject_kind: ClassVar[str] = "offer"
    deal: UUID
    seller: UUID


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Fact):
    """The seller accepted."""

    name: ClassVar[str] = "offers.offer_accepted.v1"
    subject_kind: ClassVar[str] = "offer"
    deal: UUID
    seller: UUID
    amount: Decimal
    evidence: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(Fact):
    """We took an offer back."""

    name: ClassVar[str] = "offers.offer_withdrawn.v1"
    subject_kind: ClassVar[str] = "offer"
    deal: UUID
    seller: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class OfferExpired(Fact):
    """An offer ran out."""

    name: ClassVar[str] = "offers.offer_expired.v1"
    subject_kind: ClassVar[str] = "offer"
    deal: UUID
    seller: UUID


@dataclass(frozen=True, kw_only=True)
class StrategySaved(Fact):
    """How offers are priced was changed."""

    name: ClassVar[str] = "offers.strategy_saved.v1"
    subject_kind: ClassVar[str] = "strategy"
    key: str
    version: int
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class StructureSaved(Fact):
    """The terms of a creative way of buying were set."""

    name: ClassVar[str] = "offers.structure_saved.v1"
    subject_kind: ClassVar[str] = "structure"
    kind: str
    version: int
    is_active: bool
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class IntentWritten(Fact):
    """A letter of intent was written."""

    name: ClassVar[str] = "offers.intent_written.v1"
    subject_kind: ClassVar[str] = "intent"
    deal: UUID
    seller: UUID
    kinds: list[str]


@dataclass(frozen=True, kw_only=True)
class IntentRendered(Fact):
    """The letter's PDF stands."""

    name: ClassVar[str] = "offers.intent_rendered.v1"
    subject_kind: ClassVar[str] = "intent"
    deal: UUID
    sha256: str


@dataclass(frozen=True, kw_only=True)
class IntentRenderFailed(Fact):
    """The letter's PDF could not be made."""

    name: ClassVar[str] = "offers.intent_render_failed.v1"
    subject_kind: ClassVar[str] = "intent"
    deal: UUID
    error: str
    is_final: bool


@dataclass(frozen=True, kw_only=True)
class OffersReassigned(Fact):
    """Offers followed a merge of their seller, or its undoing."""

    name: ClassVar[str] = "offers.offers_reassigned.v1"
    subject_kind: ClassVar[str] = "contact"
    merge: UUID
    offers: list[UUID]
