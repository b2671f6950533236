"""The shipped cadence against rows: exact times, exits, skips, deferrals, repeats."""

import pytest

from apps.channels.actions import record_suppression
from apps.channels.models import Message
from apps.events.queries import list_facts
from apps.sequences import actions
from apps.sequences.models import Enrollment, StepRun
from apps.sequences.types import Settlement

pytestmark = pytest.mark.django_db

CADENCE = [("sms", 0), ("email", 24), ("sms", 48), ("voicemail", 72), ("sms", 168)]


def fresh(row):
    return Enrollment.across_workspaces.get(pk=row.pk)


def names(workspace, row):
    facts = list_facts(workspace.pk, subject=row.public_id, newest_first=False)
    return [fact.name.removeprefix("sequences.").removesuffix(".v1") for fact in facts]


def test_the_whole_cadence_runs_at_its_exact_times(workspace, deal, enroll, tick, sent, now, hours):
    row = enroll(deal)
    for hour in (0, 1, 23, 24, 25, 47, 48, 71, 72, 73, 167, 168):
        tick(now + hours(hour))
    assert [(m.channel, (m.claimed_at - now) / hours(1)) for m in sent(deal)] == CADENCE
    row = fresh(row)
    assert (row.state, row.due_at, row.ended_at) == ("finished", None, now + hours(168))
    steps = ["step_reached", "step_settled"] * 4 + ["step_reached", "enrollment_finished"]
    assert names(workspace, row) == ["enrollment_started", *steps]
    finished = list_facts(workspace.pk, subject=row.public_id, limit=1)[0].payload
    assert (finished["position"], finished["outcome"]) == (5, "sent")
    assert finished["is_archived"] is True


def test_a_step_is_not_taken_a_second_before_its_time(deal, enroll, tick, sent, now, hours):
    enroll(deal)
    tick(now)
    tick(now + hours(24) - hours(1) / 3600)
    assert [m.channel for m in sent(deal)] == ["sms"]
    tick(now + hours(24))
    assert [m.channel for m in sent(deal)] == ["sms", "email"]


def test_texts_are_written_out_with_the_sellers_own_values(deal, enroll, tick, sent, now, hours):
    enroll(deal)
    tick(now)
    tick(now + hours(24))
    text, mail = sent(deal)
    assert text.body.startswith("Hi Ana, this is Dana with Blue Gate Homes.")
    assert "1 Maple St" in text.body
    assert "Reply STOP to opt out." in text.body
    assert mail.subject == "Your property at 1 Maple St"
    assert "1 Example Plaza, New Haven, CT 06510" in mail.body
    assert "{{" not in text.body + mail.body


def test_a_reply_stops_the_sequence(workspace, deal, enroll, tick, sent, reply, now, hours):
    row = enroll(deal)
    tick(now)
    reply(deal, "What is your price?", now + hours(1))
    tick(now + hours(1))
    row = fresh(row)
    assert (row.state, row.stopped_reason) == ("stopped", "replied")
    for hour in (24, 48, 72, 168):
        tick(now + hours(hour))
    assert len(sent(deal)) == 1


def test_a_reply_between_advance_and_send_takes_the_message_back(
    deal, enroll, tick, sent, reply, deliver, now, hours
):
    row = enroll(deal)
    tick(now)
    due = now + hours(24)
    actions.advance_due(clock=lambda: due)
    reply(deal, "Who is this?", due)
    tick(due)
    assert len(sent(deal)) == 1
    assert (fresh(row).state, fresh(row).stopped_reason) == ("stopped", "replied")


def test_a_reply_nobody_has_delivered_yet_stops_the_due_step(
    deal, enroll, tick, sent, reply, now, hours
):
    """The advancer looks for itself and does not wait for the news to arrive."""
    row = enroll(deal)
    tick(now)
    reply(deal, "Who is this?", now + hours(23))
    actions.advance_due(clock=lambda: now + hours(24))
    assert fresh(row).stopped_reason == "replied"
    assert StepRun.across_workspaces.filter(enrollment=row).count() == 1


def test_stop_words_stop_as_an_opt_out(deal, enroll, tick, reply, now, hours):
    row = enroll(deal)
    tick(now)
    reply(deal, "STOP", now + hours(1))
    tick(now + hours(1))
    assert fresh(row).stopped_reason == "opted_out"


def test_a_suppression_stops_every_follow_up_of_the_person(
    workspace, system, deal, enroll, tick, now, hours
):
    row = enroll(deal)
    record_suppression(
        workspace=workspace,
        actor=system,
        kind="manual",
        contact_ref=deal.seller.public_id,
        address="",
        reason="asked on the phone",
        now=now,
    )
    tick(now)
    assert (fresh(row).state, fresh(row).stopped_reason) == ("stopped", "opted_out")
    with pytest.raises(actions.CannotEnroll, match="asked not to be contacted"):
        enroll(deal, now + hours(1))


def test_a_dead_deal_ends_the_follow_up(workspace, system, deal, enroll, tick, now):
    from apps.deals.actions.moving import move_deal
    from apps.deals.models import Stage

    row = enroll(deal)
    dead = Stage.objects.in_workspace(workspace).get(kind="dead")
    move_deal(
        workspace=workspace, actor=system, deal=deal, to=dead, reason="sold elsewhere", now=now
    )
    tick(now)
    assert fresh(row).stopped_reason == "deal_dead"


def test_steps_without_an_address_are_left_out_and_the_rest_goes_on(
    workspace, make_deal, enroll, tick, sent, now, hours
):
    deal = make_deal(email=False)
    row = enroll(deal)
    for hour in (0, 24, 48, 72, 168):
        tick(now + hours(hour))
    assert [m.channel for m in sent(deal)] == ["sms", "sms", "voicemail", "sms"]
    run = StepRun.across_workspaces.get(enrollment=row, position=2)
    assert (run.outcome, run.message_key) == ("skipped", "")
    assert run.reason == "Ana Rivera has no e-mail address that can be used."
    assert fresh(row).state == "finished"


def test_a_last_step_left_out_still_finishes(
    workspace, system, make_deal, enroll, tick, now, hours
):
    from apps.contacts.models import Phone

    deal = make_deal()
    row = enroll(deal)
    for hour in (0, 24, 48, 72):
        tick(now + hours(hour))
    Phone.across_workspaces.filter(contact=deal.seller).update(status="invalid")
    tick(now + hours(168))
    assert fresh(row).state == "finished"
    assert StepRun.across_workspaces.get(enrollment=row, position=5).outcome == "skipped"


@pytest.mark.parametrize(
    ("settlement", "outcome"),
    [("blocked", "skipped"), ("failed", "skipped"), ("canceled", "skipped"), ("parked", "unsure")],
)
def test_a_message_that_came_to_nothing_leads_to_the_next_step(
    workspace, system, deal, enroll, deliver, now, hours, settlement, outcome
):
    row = enroll(deal)
    actions.advance_due(clock=lambda: now)
    settle = {
        "workspace": workspace,
        "actor": system,
        "message_key": f"{row.public_id}:1",
        "settlement": Settlement(settlement),
        "reason": "because",
        "now": now,
    }
    actions.schedule_next_step(**settle)
    actions.schedule_next_step(**settle | {"settlement": Settlement.ACCEPTED})
    run = StepRun.across_workspaces.get(enrollment=row)
    assert (run.outcome, run.reason) == (outcome, "because")
    assert (fresh(row).state, fresh(row).due_at) == ("active", now + hours(24))
    assert names(workspace, row).count("step_settled") == 1


def test_a_late_settlement_moves_the_rest(workspace, system, deal, enroll, now, hours):
    row = enroll(deal)
    actions.advance_due(clock=lambda: now)
    actions.schedule_next_step(
        workspace=workspace,
        actor=system,
        message_key=f"{row.public_id}:1",
        settlement=Settlement.ACCEPTED,
        reason="",
        now=now + hours(11),
    )
    assert fresh(row).due_at == now + hours(35)


def test_nothing_moves_while_a_message_is_on_its_way(deal, enroll, deliver, now, hours):
    row = enroll(deal)
    actions.advance_due(clock=lambda: now)
    deliver()
    assert actions.advance_due(clock=lambda: now + hours(500)) == 0
    assert (fresh(row).state, Message.across_workspaces.count()) == ("waiting", 1)


def test_enrolling_twice_gives_the_same_enrollment(workspace, deal, enroll, now, hours):
    first, second = enroll(deal), enroll(deal, now + hours(1))
    assert first.pk == second.pk
    assert names(workspace, first) == ["enrollment_started"]


def test_who_has_no_phone_is_refused_with_a_sentence(make_deal, enroll):
    with pytest.raises(actions.CannotEnroll, match=r"^Ana Rivera has no phone number"):
        enroll(make_deal(phone=False))
    assert not Enrollment.across_workspaces.exists()
