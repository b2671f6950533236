"""Which version judges which deal while a trial runs: the same for a deal every time, in Python and
in SQL, for deals of today and of tomorrow.

Multiplying by the salt modulo one prime and then another scatters keys that follow each other; all
products stay below 2^62, so both databases compute them exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from apps.deals.models import RuleSet, RuleSetVersion, RuleTrial

from .compile import Sql

# The two largest primes below 2^31.
FIRST_PRIME = 2_147_483_647
SECOND_PRIME = 2_147_483_629
# The multiplier of S. K. Park and K. W. Miller, Comm. ACM 31 (1988) 1192; any other would do.
STEP = 48_271
PERCENT = 100
# How many percent of the deals a challenger may judge.
LEAST_SHARE, MOST_SHARE = 1, 50
# Beyond it a salt could be a multiple of the second prime, and all deals fall on one side.
MOST_SALT = SECOND_PRIME - 1


def bucket(deal_id: int, salt: int) -> int:
    """0 to 99, each for one percent of the deals; `salt` from 1 to MOST_SALT."""
    first = deal_id % FIRST_PRIME * salt % FIRST_PRIME
    return (first + salt) % SECOND_PRIME * _second(salt) % SECOND_PRIME % PERCENT


def bucket_sql(column: str, salt: int) -> str:
    """`bucket` of a column, for statements with parameters."""
    first = f"({column} %% {FIRST_PRIME} * {salt} %% {FIRST_PRIME})"
    second = f"({first} + {salt}) %% {SECOND_PRIME} * {_second(salt)}"
    return f"({second} %% {SECOND_PRIME} %% {PERCENT})"


def _second(salt: int) -> int:
    return salt * STEP % SECOND_PRIME


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: a version and the deals it judges; all of them when no trial runs."""

    version: RuleSetVersion
    share: int = 0
    salt: int = 0
    is_challenger: bool = False

    @property
    def is_everything(self) -> bool:
        return not self.share

    def takes(self, deal_id: int) -> bool:
        if self.is_everything:
            return True
        return (bucket(deal_id, self.salt) < self.share) == self.is_challenger

    def narrow(self, scope: Sql, column: str) -> Sql:
        """The deals of `scope` that this side judges."""
        if self.is_everything:
            return scope
        sign = "<" if self.is_challenger else ">="
        mine = f"{bucket_sql(column, self.salt)} {sign} {self.share}"
        return Sql(f"({scope.text}) AND {mine}", scope.params)


def arms_of(rule_set: RuleSet) -> list[Arm]:
    """Who judges now, in the order they judge. Raises ValueError for a set never published."""
    if rule_set.published is None:
        raise ValueError(f"“{rule_set.name}” was never published, so it judges nothing.")
    trial = find_running_trial(rule_set)
    return [Arm(rule_set.published)] if trial is None else arms_of_trial(trial)


def arms_of_trial(trial: RuleTrial) -> list[Arm]:
    """Champion and challenger."""
    return [
        Arm(trial.champion, trial.share, trial.salt),
        Arm(trial.challenger, trial.share, trial.salt, is_challenger=True),
    ]


def find_running_trial(rule_set: RuleSet) -> RuleTrial | None:
    rows = RuleTrial.objects.in_workspace(rule_set.workspace_id)
    running = rows.filter(rule_set=rule_set, ended_at__isnull=True)
    return running.select_related("champion", "challenger").first()


def judging_version(rule_set: RuleSet, deal_id: int) -> RuleSetVersion:
    """The version this deal is judged by now. Raises ValueError for a set never published."""
    return next(arm.version for arm in arms_of(rule_set) if arm.takes(deal_id))
