"""Facts about what a house is worth and what its repairs cost."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class RepairsEstimated(Fact):
    """Repairs were reckoned room by room; the deal reckons with `repairs_amount` from now on."""

    name: ClassVar[str] = "deals.repairs_estimated.v1"
    subject_kind: ClassVar[str] = "deal"
    estimate: UUID
    low_amount: Decimal
    high_amount: Decimal
    repairs_amount: Decimal
    lines: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class RepairCostSaved(Fact):
    """What a repair costs a unit was changed."""

    name: ClassVar[str] = "deals.repair_cost_saved.v1"
    subject_kind: ClassVar[str] = "repair_cost"
    key: str
    low_amount: Decimal
    high_amount: Decimal
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class RepairCostsInstalled(Fact):
    """A workspace got the shipped unit costs."""

    name: ClassVar[str] = "deals.repair_costs_installed.v1"
    subject_kind: ClassVar[str] = "workspace"
    keys: list[str]


@dataclass(frozen=True, kw_only=True)
class CompPolicySaved(Fact):
    """How comparable sales are chosen and adjusted was changed."""

    name: ClassVar[str] = "deals.comp_policy_saved.v1"
    subject_kind: ClassVar[str] = "comp_policy"
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ArvEstimated(Fact):
    """A value was reckoned from comparable sales; no amount: there were not enough of them."""

    name: ClassVar[str] = "deals.arv_estimated.v1"
    subject_kind: ClassVar[str] = "deal"
    estimate: UUID
    amount: Decimal | None
    low_amount: Decimal | None
    high_amount: Decimal | None
    confidence: float
    sales: list[UUID]
    is_picked: bool


@dataclass(frozen=True, kw_only=True)
class ArvAdopted(Fact):
    """A value from comparable sales became the deal's ARV."""

    name: ClassVar[str] = "deals.arv_adopted.v1"
    subject_kind: ClassVar[str] = "deal"
    estimate: UUID
    arv_amount: Decimal
    arv_source: str
