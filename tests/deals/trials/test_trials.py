"""Two versions judging side by side: who judges what, how it ends, and what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.deals.actions import (
    PublishRefused,
    TrialRefused,
    end_trial,
    roll_back_rule_set,
    score_deals,
    start_trial,
)
from apps.deals.models import DealMetrics, DealScore, RuleSet, RuleSetVersion, RuleTrial
from apps.deals.qualification.arms import Arm, arms_of, bucket
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.versions import (
    spec_of,
    version_in_force,
    workspace_version_at,
)
from apps.deals.queries import explain_deal
from apps.deals.queries.trials import TrialFigures, figures_of
from apps.events.catalog.judging import DealScored
from apps.events.catalog.rules import RuleSetPublished, RuleTrialEnded, RuleTrialStarted
from apps.events.queries import list_facts
from tests.analytics.saying import accepted, moved, responded
from tests.deals.conftest import GOOD_LEAD
from tests.deals.trials.conftest import DAY, SALT, rules_of


def assert_judged_by_its_side(desk) -> None:
    """Every stored score is what the plain reading of its side's version says."""
    rules = rules_of(desk)
    arms = arms_of(rules)
    scores = {score.pk: score for score in DealScore.objects.filter(workspace_id=desk.pk)}
    metrics = list(DealMetrics.objects.filter(workspace_id=desk.pk))
    assert len(metrics) == len(scores)
    for row in metrics:
        version = next(arm.version for arm in arms if arm.takes(row.pk))
        told, stored = judge(spec_of(version), vars(row)), scores[row.pk]
        assert (told.score, told.coverage, told.verdict, told.pass_mask, told.unknown_mask) == (
            stored.score,
            stored.coverage,
            stored.verdict,
            stored.pass_mask,
            stored.unknown_mask,
        )


def test_each_side_is_judged_by_its_version(desk, houses, start, judge_all):
    trial = start()
    judge_all()
    assert_judged_by_its_side(desk)
    sides = {deal.pk: bucket(deal.pk, SALT) < 50 for deal in houses}
    qualified = {
        score.pk for score in DealScore.objects.filter(workspace_id=desk.pk, verdict="qualified")
    }
    assert not any(sides[pk] for pk in qualified)
    assert any(sides.values())
    assert qualified
    assert (trial.champion.number, trial.challenger.number) == (1, 2)
    turned = DealScore.objects.filter(workspace_id=desk.pk, rule_set_version=2)
    assert {score.pk for score in turned} <= {pk for pk, is_tried in sides.items() if is_tried}


def test_new_deals_are_shared_out_too_and_facts_say_who_judged(
    desk, houses, start, judge_all, make_deal, system, now
):
    start()
    judge_all()
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(12)]
    score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
    assert_judged_by_its_side(desk)
    numbers = {}
    for fact in list_facts(desk.pk, names=[DealScored.name], limit=12):
        numbers[fact.subject] = fact.payload["rule_set_version"]
    assert numbers == {d.public_id: 2 if bucket(d.pk, SALT) < 50 else 1 for d in deals}
    assert set(numbers.values()) == {1, 2}


def test_a_deal_explains_itself_by_its_side(desk, houses, start, judge_all):
    start()
    judge_all()
    for deal in houses:
        deal.refresh_from_db()
        told = explain_deal(desk, deal)
        assert told.version.number == (2 if bucket(deal.pk, SALT) < 50 else 1)
        assert told.waits_for is None


def test_the_days_own_judging_keeps_the_sides(desk, houses, start, judge_all, now):
    start()
    judge_all()
    judge_all(now + DAY)
    assert_judged_by_its_side(desk)


@pytest.mark.parametrize("adopt", [True, False])
def test_afterwards_one_version_judges_all(desk, houses, start, judge_all, end, adopt, now):
    trial = start()
    judge_all()
    ended = end(trial, adopt)
    judge_all(now + DAY)
    rules = rules_of(desk)
    assert_judged_by_its_side(desk)
    assert arms_of(rules) == [Arm(rules.published)]
    assert (ended.outcome, ended.ended_at) == ("adopted" if adopt else "kept", now + DAY)
    assert rules.version == (3 if adopt else 1)
    qualified = DealScore.objects.filter(workspace_id=desk.pk, verdict="qualified").count()
    assert qualified == (0 if adopt else 20)
    if adopt:
        assert rules.published.restores == trial.challenger
        assert rules.published.digest == trial.challenger.digest


def test_start_and_end_are_one_fact_each(desk, houses, start, judge_all, end):
    trial = start()
    judge_all()
    (started,) = list_facts(desk.pk, names=[RuleTrialStarted.name])
    assert started.payload["trial"] == str(trial.public_id)
    assert (started.payload["champion"], started.payload["challenger"]) == (1, 2)
    assert started.payload["content"] == trial.challenger.content
    ended = end(trial, adopt=True, note="It answers more.")
    (fact,) = list_facts(desk.pk, names=[RuleTrialEnded.name])
    assert (fact.payload["outcome"], fact.payload["version"]) == ("adopted", 3)
    assert fact.payload["note"] == "It answers more."
    assert fact.payload["figures"] == ended.figures
    assert list_facts(desk.pk, names=[RuleSetPublished.name]) == []


def test_publishing_ends_a_trial_and_keeps_what_it_came_to(
    desk, houses, start, judge_all, draft, publish_draft, now
):
    trial = start()
    judge_all()
    came_to = figures_of(trial, until=now + DAY)
    version = publish_draft(draft(min_coverage=0, qualified_from=90), at=now + DAY)
    judge_all(now + DAY)
    trial.refresh_from_db()
    assert (trial.outcome, trial.ended_at, version.number) == ("overtaken", now + DAY, 3)
    assert TrialFigures.from_plain(trial.figures) == came_to
    (fact,) = list_facts(desk.pk, names=[RuleSetPublished.name], limit=1)
    assert fact.payload["ended_trials"] == [str(trial.public_id)]
    assert_judged_by_its_side(desk)


def test_rolling_back_ends_a_trial(
    desk, houses, start, judge_all, publish_draft, draft, now, system
):
    publish_draft(draft(qualified_from=90))
    judge_all()
    trial = start(challenger=1)
    judge_all()
    assert_judged_by_its_side(desk)
    roll_back_rule_set(
        workspace=desk, actor=system, rule_set=rules_of(desk), to=1, note="Back.", now=now + DAY
    )
    judge_all(now + DAY)
    trial.refresh_from_db()
    assert trial.outcome == "overtaken"
    assert_judged_by_its_side(desk)


def test_a_tried_draft_was_never_in_force(desk, houses, start, judge_all, end, now):
    trial = start()
    judge_all()
    assert version_in_force(rules_of(desk), now + DAY).number == 1
    assert workspace_version_at(desk, now + DAY).number == 1
    end(trial, adopt=True)
    assert version_in_force(rules_of(desk), now + DAY).number == 3
    assert RuleSetVersion.objects.in_workspace(desk).count() == 3


def test_only_one_trial_at_a_time(desk, houses, start):
    start()
    with pytest.raises(TrialRefused, match="is running; it stays as it is"):
        start(challenger=1)
    second = RuleTrial.objects.in_workspace(desk).get()
    second.pk, second.public_id = None, uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save_base(force_insert=True)


def test_an_ended_trial_cannot_be_ended_again(desk, houses, start, end):
    trial = start()
    end(trial, adopt=False)
    with pytest.raises(TrialRefused, match="over already"):
        end(trial, adopt=True)


@pytest.mark.parametrize("share", [0, 51])
def test_a_share_outside_is_refused(desk, houses, start, share):
    with pytest.raises(TrialRefused, match="1 to 50 percent"):
        start(share=share)


def test_what_cannot_be_tried_is_refused_with_a_sentence(desk, houses, start, draft):
    with pytest.raises(TrialRefused, match="has no version 7"):
        start(challenger=7)
    with pytest.raises(TrialRefused, match="says the same as version 1, which is in use"):
        start(challenger=1)
    with pytest.raises(PublishRefused, match="Say in a sentence why"):
        start(note="  ")
    RuleSet.objects.in_workspace(desk).update(needs_second_person=True)
    with pytest.raises(TrialRefused, match="before a second person approved it"):
        start()
    assert not RuleTrial.objects.in_workspace(desk).exists()
    assert RuleSetVersion.objects.in_workspace(desk).count() == 1


def test_a_second_trial_is_no_way_around_the_second_person(desk, houses, start, system, now):
    """Only tried from the draft, never approved: its number must not bring it into use."""
    trial = start()
    end_trial(workspace=desk, actor=system, trial=trial, adopt=False, note="No.", now=now)
    again = start(challenger=2)
    RuleSet.objects.in_workspace(desk).update(needs_second_person=True)
    with pytest.raises(TrialRefused, match="after a second person approved"):
        end_trial(workspace=desk, actor=system, trial=again, adopt=True, note="Now.", now=now)
    end_trial(workspace=desk, actor=system, trial=again, adopt=False, note="No.", now=now)
    with pytest.raises(TrialRefused, match="only tried and never approved"):
        start(challenger=2)


def test_a_draft_that_changed_since_it_was_seen_is_not_tried(desk, houses, system, now, draft):
    rules = draft()
    with pytest.raises(PublishRefused, match="changed after you looked"):
        start_trial(
            workspace=desk,
            actor=system,
            rule_set=rules,
            challenger=None,
            share=10,
            salt=SALT,
            note="Try it.",
            seen_digest="another",
            now=now,
        )


def test_figures_count_what_came_during_the_trial(desk, houses, start, judge_all, tell, now):
    old, late = houses[0], houses[1]
    tell(desk, accepted(old.public_id), responded(old.public_id), at=now - DAY)
    trial = start()
    judge_all()
    tell(desk, *(accepted(deal.public_id) for deal in houses[:9]), at=now + DAY)
    tell(desk, *(responded(deal.public_id) for deal in houses[:5]), at=now + 2 * DAY)
    tell(desk, moved(houses[2].public_id, "under_contract"), at=now + 3 * DAY)
    tell(desk, responded(late.public_id), responded(houses[7].public_id), at=now + 9 * DAY)
    told = figures_of(trial, until=now + 5 * DAY)
    tried = {deal.pk for deal in houses if bucket(deal.pk, SALT) < 50}

    def count(deals, is_tried):
        return sum((deal.pk in tried) == is_tried for deal in deals)

    for side, is_tried in ((told.champion, False), (told.challenger, True)):
        assert side.deals == count(houses[1:], is_tried)
        assert side.contacted == count(houses[1:9], is_tried)
        assert side.replied == count(houses[1:5], is_tried)
        assert side.signed == count(houses[2:3], is_tried)
    assert told.before == 1
    assert told.challenger.qualified == 0
    assert told.champion.qualified == sum(
        1 for n, deal in enumerate(houses) if n % 2 and deal.pk not in tried
    )
    assert TrialFigures.from_plain(told.to_plain()) == told
