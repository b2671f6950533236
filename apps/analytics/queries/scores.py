"""Scores that deals had when they were first written to, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.analytics.calibration import Tally
from apps.deals.models import RuleSet
from apps.events.catalog.deals import DealRemoved
from apps.events.catalog.judging import DealScored
from apps.events.sequels import Fate, Judged, Sequel, follow_deals
from apps.events.steps import CONTACTED, REPLIED, SIGNED
from apps.workspaces.models import Workspace

REPLY, CONTRACT = "reply", "contract"
OUTCOMES = {REPLY: (REPLIED,), CONTRACT: SIGNED}
JUDGED = Judged(DealScored.name, ("rule_set", "rule_set_version", "score"), weight="coverage")


@dataclass(frozen=True)
class JudgingVersion:
    """A version of a rule set that gave deals the score they were written to with."""

    rule_set: str
    number: int
    name: str
    deals: int

    @property
    def key(self) -> str:
        return f"{self.rule_set}:{self.number}"

    @property
    def label(self) -> str:
        return f"{self.name}, version {self.number}"


@dataclass(frozen=True)
class ScoreHistory:
    sequels: list[Sequel]
    versions: list[JudgingVersion]

    def narrowed(self, version: str) -> ScoreHistory:
        """Only the deals judged by the version of this key; all for an empty one."""
        if not version:
            return self
        return ScoreHistory([s for s in self.sequels if _key(s) == version], self.versions)

    def tallies(self, outcome: str) -> list[Tally]:
        """Deals that can be counted, by score."""
        deals: Counter[int] = Counter()
        hits: Counter[int] = Counter()
        for sequel in self.sequels:
            if sequel.fate is Fate.RIPE:
                score = int(sequel.traits["score"])
                deals[score] += sequel.deals
                hits[score] += sequel.outcomes[outcome]
        return [Tally(score, deals[score], hits[score]) for score in sorted(deals)]

    def count(self, fate: Fate) -> int:
        return sum(sequel.deals for sequel in self.sequels if sequel.fate is fate)

    @property
    def contacted(self) -> int:
        return sum(sequel.deals for sequel in self.sequels)


def read_scores(
    workspace: Workspace, *, since: datetime | None, until: datetime, within: timedelta
) -> ScoreHistory:
    """Deals first written to in [since, until), with what came within `within`, from the facts."""
    sequels = follow_deals(
        workspace.pk,
        start=CONTACTED,
        judged=JUDGED,
        outcomes=OUTCOMES,
        within=within,
        leaving_out=DealRemoved.name,
        until=until,
        since=since,
    )
    return ScoreHistory(sequels, _versions(workspace, sequels))


def _versions(workspace: Workspace, sequels: Sequence[Sequel]) -> list[JudgingVersion]:
    deals: Counter[tuple[str, int]] = Counter()
    for sequel in sequels:
        if sequel.traits["rule_set"]:
            number = int(sequel.traits["rule_set_version"])
            deals[sequel.traits["rule_set"], number] += sequel.deals
    rows = RuleSet.objects.in_workspace(workspace)
    named = rows.filter(public_id__in={UUID(rule_set) for rule_set, _ in deals})
    names = {str(public_id): name for public_id, name in named.values_list("public_id", "name")}
    found = [
        JudgingVersion(rule_set, number, names.get(rule_set, "Deleted rules"), count)
        for (rule_set, number), count in deals.items()
    ]
    return sorted(found, key=lambda version: (version.name, version.rule_set, -version.number))


def _key(sequel: Sequel) -> str:
    return f"{sequel.traits['rule_set']}:{sequel.traits['rule_set_version']}"
