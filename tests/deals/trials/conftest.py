"""A workspace with judged deals in which two versions of the rules can be tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.deals.actions import (
    due_rule_sets,
    end_trial,
    rescore_batch,
    score_deals,
    start_trial,
)
from apps.deals.models import RuleSet
from apps.deals.qualification.versions import draft_digest
from tests.analytics.conftest import tell  # noqa: F401 - a fixture
from tests.deals.conftest import GOOD_LEAD

SALT = 48_271
DAY = timedelta(days=1)


def rules_of(desk) -> RuleSet:
    return RuleSet.objects.in_workspace(desk).select_related("published").get(is_active=True)


@pytest.fixture
def judge_all(system, now):
    """Everything that is due, to the end."""

    def run(at=now):
        while due := due_rule_sets(at):
            rescore_batch(actor=system, rule_set=due[0], now=at)

    return run


@pytest.fixture
def houses(desk, system, now, make_deal, judge_all):
    """40 judged deals: half of them qualify."""
    deals = [make_deal(desk, **(GOOD_LEAD if n % 2 else {})) for n in range(40)]
    score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
    judge_all()
    return deals


@pytest.fixture
def draft(desk):
    """draft(**columns) -> the rule set with a stricter draft."""

    def write(**columns):
        rows = RuleSet.objects.in_workspace(desk).filter(is_active=True)
        rows.update(**(columns or {"min_coverage": 100}))
        return rules_of(desk)

    return write


@pytest.fixture
def start(desk, system, now, draft):
    """start(…) -> a trial of the stricter draft on half of the deals."""

    def run(challenger=None, share=50, at=now, note="Is stricter better?", **columns):
        rules = draft(**columns) if challenger is None else rules_of(desk)
        return start_trial(
            workspace=desk,
            actor=system,
            rule_set=rules,
            challenger=challenger,
            share=share,
            salt=SALT,
            note=note,
            seen_digest=draft_digest(rules) if challenger is None else "",
            now=at,
        )

    return run


@pytest.fixture
def end(desk, system, now):
    def run(trial, adopt, at=now + DAY, note="Decided."):
        return end_trial(workspace=desk, actor=system, trial=trial, adopt=adopt, note=note, now=at)

    return run
