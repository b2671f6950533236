"""Facts about deals being judged by the rules."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class DealScored(Fact):
    """A deal was judged. The stage moves with it when `to_stage` is set.

    The masks say which rules of that version passed and which were unknown, at the rules' bits.
    """

    name: ClassVar[str] = "deals.deal_scored.v1"
    subject_kind: ClassVar[str] = "deal"
    score: int
    verdict: str
    coverage: int
    rule_set: UUID
    rule_set_version: int
    previous_verdict: str
    from_stage: str
    to_stage: str
    seller: UUID | None = None
    pass_mask: int | None = None
    unknown_mask: int | None = None


@dataclass(frozen=True, kw_only=True)
class RescoreAdvanced(Fact):
    """A batch of deals was judged again after a change of rules."""

    name: ClassVar[str] = "deals.rescore_advanced.v1"
    subject_kind: ClassVar[str] = "rule_set"
    scored: int
    changed: int
    next_deal: int | None = None


@dataclass(frozen=True, kw_only=True)
class EstimatePolicySaved(Fact):
    """What stands in for unknown ARV and repairs was changed."""

    name: ClassVar[str] = "deals.estimate_policy_saved.v1"
    subject_kind: ClassVar[str] = "estimate_policy"
    values: dict[str, Any]
