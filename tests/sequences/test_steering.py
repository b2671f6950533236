"""What a person does: pause, resume, stop, run now; any of it at any moment, nothing doubled."""

import random

import pytest

from apps.channels.models import Message
from apps.sequences import actions
from apps.sequences.models import Enrollment, StepRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def steer(workspace, system):
    def run(verb, row, at):
        return verb(workspace=workspace, actor=system, enrollment=row, now=at)

    return run


def fresh(row):
    return Enrollment.across_workspaces.get(pk=row.pk)


def test_fifty_pauses_and_resumes_double_nothing_and_skip_nothing(
    deal, enroll, tick, steer, sent, now, hours
):
    """Seeded, so that a red run can be repeated: pauses fall between any two moves of the house."""
    chance = random.Random(20260301)
    row, at = enroll(deal), now
    for _ in range(50):
        steer(actions.pause_enrollment, row, at)
        if chance.random() < 0.5:
            tick(at)
        at += hours(chance.choice([0, 1, 5]))
        steer(actions.resume_enrollment, row, at)
        if chance.random() < 0.5:
            actions.advance_due(clock=lambda: at)  # noqa: B023 - called before the loop goes on
        else:
            tick(at)
    for _ in range(300):
        if fresh(row).state == "finished":
            break
        at += hours(6)
        tick(at)
    assert [m.channel for m in sent(deal)] == ["sms", "email", "sms", "voicemail", "sms"]
    assert [run.position for run in StepRun.across_workspaces.filter(enrollment=row)] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert Message.across_workspaces.count() == 5


def test_nothing_goes_out_while_paused(deal, enroll, tick, steer, sent, now, hours):
    row = enroll(deal)
    steer(actions.pause_enrollment, row, now)
    tick(now + hours(200))
    assert sent(deal) == []


def test_a_message_that_settles_during_a_pause_is_counted_and_the_pause_holds(
    deal, enroll, tick, steer, sent, now, hours
):
    row = enroll(deal)
    actions.advance_due(clock=lambda: now)
    steer(actions.pause_enrollment, row, now)
    tick(now)
    assert (fresh(row).state, fresh(row).next_position) == ("paused", 2)
    steer(actions.resume_enrollment, row, now + hours(1))
    assert (fresh(row).state, fresh(row).due_at) == ("active", now + hours(24))
    assert len(sent(deal)) == 1


def test_resuming_before_the_message_settled_waits_for_it(deal, enroll, steer, now):
    row = enroll(deal)
    actions.advance_due(clock=lambda: now)
    steer(actions.pause_enrollment, row, now)
    steer(actions.resume_enrollment, row, now)
    assert (fresh(row).state, fresh(row).due_at) == ("waiting", None)


def test_a_long_pause_is_followed_by_one_message_and_no_burst(
    deal, enroll, tick, steer, sent, now, hours
):
    row = enroll(deal)
    tick(now)
    steer(actions.pause_enrollment, row, now + hours(1))
    steer(actions.resume_enrollment, row, now + hours(100))
    tick(now + hours(100))
    assert [m.channel for m in sent(deal)] == ["sms", "email"]
    assert fresh(row).due_at == now + hours(124)


def test_running_now_shows_the_whole_cadence_in_minutes(
    deal, enroll, tick, steer, sent, now, hours
):
    row, at = enroll(deal), now
    tick(at)
    for _ in range(4):
        at += hours(1) / 60
        steer(actions.run_next_step_now, row, at)
        tick(at)
    assert [m.channel for m in sent(deal)] == ["sms", "email", "sms", "voicemail", "sms"]
    assert fresh(row).state == "finished"


def test_only_a_step_that_waits_for_time_runs_now(deal, enroll, steer, now):
    row = enroll(deal)
    actions.advance_due(clock=lambda: now)
    with pytest.raises(actions.NothingToRunNow, match="still on its way"):
        steer(actions.run_next_step_now, row, now)
    steer(actions.stop_enrollment, row, now)
    with pytest.raises(actions.NothingToRunNow, match="ended"):
        steer(actions.run_next_step_now, row, now)


def test_stopping_takes_back_what_has_not_left(deal, enroll, deliver, tick, steer, sent, now):
    row = enroll(deal)
    actions.advance_due(clock=lambda: now)
    deliver()
    steer(actions.stop_enrollment, row, now)
    tick(now)
    assert Message.across_workspaces.get().state == "canceled"
    assert (fresh(row).state, fresh(row).stopped_reason) == ("stopped", "by_person")
    assert StepRun.across_workspaces.get().outcome == "skipped"


def test_stopping_twice_is_one_fact(workspace, deal, enroll, steer, now):
    from apps.events.queries import list_facts

    row = enroll(deal)
    steer(actions.stop_enrollment, row, now)
    steer(actions.stop_enrollment, row, now)
    stops = list_facts(
        workspace.pk, subject=row.public_id, names=["sequences.enrollment_stopped.v1"]
    )
    assert len(stops) == 1


def test_after_a_stop_the_seller_may_be_enrolled_anew(deal, enroll, steer, now, hours):
    row = enroll(deal)
    steer(actions.stop_enrollment, row, now)
    assert enroll(deal, now + hours(1)).pk != row.pk


def test_news_of_a_stop_that_overtakes_the_step_keeps_it_from_going_out(
    workspace, deal, enroll, deliver, tick, steer, sent, now
):
    """Facts are delivered in any order: here the stop is heard before the step it stops."""
    from apps.events.dispatch import _deliver_group
    from apps.events.models import Delivery

    row = enroll(deal)
    deliver()
    actions.advance_due(clock=lambda: now)
    steer(actions.stop_enrollment, row, now)
    heard = Delivery.objects.filter(subscriber="channels.take_back_step", state="ready")
    _deliver_group("channels.take_back_step", list(heard), lambda: now)
    tick(now)
    assert sent(deal) == []
    assert not Message.across_workspaces.exists()
