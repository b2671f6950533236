"""Plain values of the deal pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from apps.deals.models import Deal, DealMetrics, DealScore, RuleSetVersion
from apps.deals.qualification.explain import RuleReason

VERDICT_LABELS = {
    DealScore.Verdict.QUALIFIED.value: "Qualifies",
    DealScore.Verdict.REVIEW.value: "To review",
    DealScore.Verdict.REJECTED.value: "Rejected",
}


@dataclass(frozen=True, slots=True)
class DealFilters:
    """What a list of deals is narrowed to; empty means everything. `sort`: score or newest.

    `signal` is the kind of an open `Signal`, `list` the public id of a `LeadList`.
    """

    q: str = ""
    stage: str = ""
    verdict: str = ""
    state: str = ""
    city: str = ""
    min_score: int | None = None
    min_stack: int | None = None
    signal: str = ""
    list: str = ""
    sort: str = "score"


@dataclass(frozen=True, slots=True)
class OfferGlance:
    """The last offer of a deal by its facts; `state`: made, accepted, withdrawn or expired."""

    amount: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class DealRow:
    deal: Deal
    score: DealScore | None
    metrics: DealMetrics | None
    offer: OfferGlance | None

    @property
    def shown_score(self) -> int | None:
        """None while nothing is known of the deal: a bare zero would look like a verdict."""
        return self.score.score if self.score and self.score.coverage else None

    @property
    def verdict_label(self) -> str:
        """Other words than the stages', which a verdict is easily taken for."""
        return VERDICT_LABELS[self.score.verdict] if self.score else ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a deal has its score; `score` is None before its first scoring.

    `version` judged it; `waits_for` is a newer one that has yet to.
    """

    score: DealScore | None
    version: RuleSetVersion
    waits_for: RuleSetVersion | None
    rules: list[RuleReason]
    qualified_from: int
    review_from: int
    min_coverage: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something known comes from, and of which day it is."""

    source: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class PropertyFact:
    label: str
    value: str
    origin: Origin
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A fact or a change of a record, in words."""

    at: datetime
    position: int
    icon: str
    color: str
    title: str
    details: list[str]
    actor: str
    cause: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TimelinePage:
    entries: list[TimelineEntry]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class CappedCount:
    """An honest count: exact up to the cap, then “more than”."""

    count: int
    is_capped: bool

    def __str__(self) -> str:
        return f"{self.count:,}+" if self.is_capped else f"{self.count:,}"
