"""When a step is due, what a settled message leads to, and which texts may be saved."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from apps.sequences import rules
from apps.sequences.types import (
    EnrollmentState,
    ExitFacts,
    PlannedStep,
    Settlement,
    StepOutcome,
    StopReason,
)

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFSETS = (("sms", 0), ("email", 24), ("sms", 48), ("voicemail", 72), ("sms", 168))
STEPS = tuple(
    PlannedStep(position, channel, hours * HOUR, archives_after=position == 5)
    for position, (channel, hours) in enumerate(OFFSETS, 1)
)
SHIPPED = Path(__file__).parents[2] / "fixtures" / "sequences" / "seller_first_contact.yaml"


def settle(step, settlement=Settlement.ACCEPTED, at=None, has_replied=False):
    return rules.after_settlement(
        steps=STEPS,
        step=step,
        started_at=START,
        settlement=settlement,
        reason="",
        has_replied=has_replied,
        settled_at=at or START + step.offset,
    )


def test_steps_follow_at_their_offset_from_the_start():
    due = [
        settle(step, at=START + step.offset + timedelta(seconds=7)).next_due_at
        for step in STEPS[:-1]
    ]
    assert due == [START + hours * HOUR for hours in (24, 48, 72, 168)]


def test_a_deferral_moves_every_later_step():
    """Night texts wait for morning; the e-mail then keeps its day of distance."""
    morning = START + 11 * HOUR
    email_due = settle(STEPS[0], at=morning).next_due_at
    assert email_due == morning + 24 * HOUR
    assert settle(STEPS[1], at=email_due).next_due_at == morning + 48 * HOUR


def test_a_step_run_early_by_hand_leaves_the_next_at_its_time():
    assert settle(STEPS[1], at=START + HOUR).next_due_at == START + 48 * HOUR


@given(late=st.timedeltas(timedelta(0), timedelta(days=30)), index=st.integers(0, 3))
def test_two_steps_never_come_closer_than_planned_less_the_tolerance(late, index):
    step, following = STEPS[index], STEPS[index + 1]
    settled_at = START + step.offset + late
    gap = settle(step, at=settled_at).next_due_at - settled_at
    assert gap >= following.offset - step.offset - rules.LATENESS_TOLERANCE


@pytest.mark.parametrize(
    ("settlement", "outcome"),
    [
        (Settlement.ACCEPTED, StepOutcome.SENT),
        (Settlement.BLOCKED, StepOutcome.SKIPPED),
        (Settlement.FAILED, StepOutcome.SKIPPED),
        (Settlement.CANCELED, StepOutcome.SKIPPED),
        (Settlement.PARKED, StepOutcome.UNSURE),
    ],
)
def test_every_settlement_leads_to_the_next_step(settlement, outcome):
    verdict = settle(STEPS[2], settlement)
    assert (verdict.outcome, verdict.next_step, verdict.stop) == (outcome, STEPS[3], None)


def test_a_reply_stops_whatever_became_of_the_message():
    for settlement in Settlement:
        verdict = settle(STEPS[0], settlement, has_replied=True)
        assert (verdict.stop, verdict.next_step) == (StopReason.REPLIED, None)


def test_the_last_step_ends_the_sequence_and_so_does_an_archiving_one():
    assert settle(STEPS[4]).is_end
    archiving = PlannedStep(1, "sms", HOUR, archives_after=True)
    assert settle(archiving).is_end


def test_a_deleted_step_leaves_no_hole():
    assert rules.step_from(STEPS[:1] + STEPS[3:], 2) == STEPS[3]
    assert rules.step_from(STEPS, 6) is None


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (ExitFacts(), None),
        (ExitFacts(has_replied=True), StopReason.REPLIED),
        (ExitFacts(has_replied=True, is_suppressed=True), StopReason.OPTED_OUT),
        (ExitFacts(is_offer_accepted=True), StopReason.OFFER_ACCEPTED),
        (ExitFacts(is_deal_dead=True), StopReason.DEAL_DEAD),
    ],
)
def test_exits(facts, reason):
    assert rules.exit_reason(facts) == reason


def test_only_a_step_that_waits_for_time_can_be_run_now():
    assert rules.state_after("run_now", EnrollmentState.ACTIVE) == EnrollmentState.ACTIVE
    for state in set(EnrollmentState) - {EnrollmentState.ACTIVE}:
        assert rules.state_after("run_now", state) is None


def test_closed_enrollments_cannot_be_paused():
    for state in (EnrollmentState.STOPPED, EnrollmentState.FINISHED, EnrollmentState.PAUSED):
        assert rules.state_after("pause", state) is None


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ([], "at least one"),
        ([STEPS[0], STEPS[0]], "same position"),
        ([PlannedStep(1, "sms", HOUR), PlannedStep(2, "sms", timedelta(0))], "before step 1"),
        ([PlannedStep(1, "sms", -HOUR)], "before the start"),
        ([PlannedStep(1, "sms", HOUR, True), PlannedStep(2, "sms", HOUR)], "not the last"),
    ],
)
def test_steps_that_cannot_run_are_named(steps, word):
    assert any(word in problem for problem in rules.step_problems(steps))


@pytest.mark.parametrize(
    ("channel", "subject", "body", "word"),
    [
        ("sms", "", "Hi {{ first_name|there }}. {{ opt_out_words }}", "name the sender"),
        ("sms", "", "{{ sender_name }} here", "opt-out words"),
        ("email", "Hello", "{{ sender_name }} {{ unsubscribe_hint }}", "postal address"),
        ("email", "Hello", "{{ sender_name }} {{ legal_address }}", "unsubscribe"),
        ("email", " ", "{{ sender_name }} {{ legal_address }} {{ unsubscribe_hint }}", "subject"),
    ],
)
def test_texts_that_break_a_rule_are_named(channel, subject, body, word):
    assert any(word in problem for problem in rules.text_problems(channel, True, subject, body))


def test_the_shipped_sequence_is_the_promised_cadence_and_its_texts_are_lawful():
    shipped = yaml.safe_load(SHIPPED.read_text())
    rows = shipped["steps"]
    assert [(row["channel"], row["offset_minutes"] // 60) for row in rows] == list(OFFSETS)
    assert [bool(row.get("archives_after")) for row in rows] == [False] * 4 + [True]
    for index, row in enumerate(rows):
        template = row["template"]
        problems = rules.text_problems(
            row["channel"], index == 0, template.get("subject", ""), template["body"]
        )
        assert problems == []
    steps = [
        PlannedStep(
            row["position"],
            row["channel"],
            row["offset_minutes"] * timedelta(minutes=1),
            bool(row.get("archives_after")),
        )
        for row in rows
    ]
    assert rules.step_problems(steps) == []
