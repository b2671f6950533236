"""Facts about qualification rules: drafted, proposed, published."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class RuleSetSaved(Fact):
    """The draft of a rule set was saved; `rules` is the whole draft. Until `rule_set_published`
    came, each of these took the rules into use as version `version`; since, that is the number
    published before."""

    name: ClassVar[str] = "deals.rule_set_saved.v1"
    subject_kind: ClassVar[str] = "rule_set"
    set_name: str
    version: int
    rules: list[dict[str, Any]]
    digest: str = ""
    needs_second_person: bool = False
    derived: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DerivedMetricSaved(Fact):
    """An admin's own metric was made or changed. Published rules keep the formula they had."""

    name: ClassVar[str] = "deals.derived_metric_saved.v1"
    subject_kind: ClassVar[str] = "derived_metric"
    metric: str
    label: str
    unit: str
    formula: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class DerivedMetricDeleted(Fact):
    """An admin's own metric that no draft asked for any more was deleted."""

    name: ClassVar[str] = "deals.derived_metric_deleted.v1"
    subject_kind: ClassVar[str] = "derived_metric"
    metric: str
    label: str
    formula: str


@dataclass(frozen=True, kw_only=True)
class RuleSetPublished(Fact):
    """A rule set was taken into use as version `version`; `content` is the whole set.

    `restores`: the number of the older version it brings back. `approved_by`: the second person.
    `ended_trials`: what this put an end to.
    """

    name: ClassVar[str] = "deals.rule_set_published.v1"
    subject_kind: ClassVar[str] = "rule_set"
    set_name: str
    version: int
    content: dict[str, Any]
    digest: str
    note: str
    restores: int | None = None
    proposal: UUID | None = None
    proposed_by: str = ""
    approved_by: str = ""
    ended_trials: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RuleSetProposed(Fact):
    """A person asks another one to publish these rules; `content` is the whole set."""

    name: ClassVar[str] = "deals.rule_set_proposed.v1"
    subject_kind: ClassVar[str] = "rule_set"
    set_name: str
    proposal: UUID
    content: dict[str, Any]
    digest: str
    note: str


@dataclass(frozen=True, kw_only=True)
class RuleProposalClosed(Fact):
    """Proposed rules were declined by another person or withdrawn by the one who proposed them."""

    name: ClassVar[str] = "deals.rule_proposal_closed.v1"
    subject_kind: ClassVar[str] = "rule_set"
    set_name: str
    proposal: UUID
    outcome: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleTrialStarted(Fact):
    """A version judges `share` percent of the deals beside the one in use.

    `content` is the whole challenger when it was made from the draft for this trial, else empty.
    """

    name: ClassVar[str] = "deals.rule_trial_started.v1"
    subject_kind: ClassVar[str] = "rule_set"
    set_name: str
    trial: UUID
    champion: int
    challenger: int
    share: int
    salt: int
    note: str
    digest: str
    content: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RuleTrialEnded(Fact):
    """A person ended a trial; `outcome`: adopted or kept, `figures`: what each side came to.

    When adopted, the rules are in use as `version`, and `content` is the whole set.
    """

    name: ClassVar[str] = "deals.rule_trial_ended.v1"
    subject_kind: ClassVar[str] = "rule_set"
    set_name: str
    trial: UUID
    outcome: str
    note: str
    figures: dict[str, Any]
    version: int | None = None
    content: dict[str, Any] = field(default_factory=dict)
