"""When the next step is due, what a settled message leads to, and who leaves a sequence."""

import string
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from apps.channels.rules.merge import TemplateRefused, fields_in
from apps.sequences.types import (
    EnrollmentState,
    ExitFacts,
    PlannedStep,
    Settlement,
    StepOutcome,
    StopReason,
    Verdict,
)

# Sending takes seconds and a busy queue minutes; only a longer delay (quiet hours, a pause,
# an outage) moves the rest of the cadence.
LATENESS_TOLERANCE = timedelta(hours=1)

_IDENTITY = ("sender_name", "company_name")

_OUTCOMES = {
    Settlement.ACCEPTED: StepOutcome.SENT,
    Settlement.PARKED: StepOutcome.UNSURE,
}

_STATES_AFTER: dict[str, dict[EnrollmentState, EnrollmentState]] = {
    "pause": {
        EnrollmentState.ACTIVE: EnrollmentState.PAUSED,
        EnrollmentState.WAITING: EnrollmentState.PAUSED,
    },
    "run_now": {EnrollmentState.ACTIVE: EnrollmentState.ACTIVE},
}


def step_from(steps: Iterable[PlannedStep], position: int) -> PlannedStep | None:
    """The first step at or after `position`: a step deleted meanwhile leaves no hole."""
    later = [step for step in steps if step.position >= position]
    return min(later, key=lambda step: step.position, default=None)


def step_after(steps: Iterable[PlannedStep], step: PlannedStep) -> PlannedStep | None:
    return None if step.archives_after else step_from(steps, step.position + 1)


def due_at(
    started_at: datetime, step: PlannedStep, before: PlannedStep | None, settled_at: datetime
) -> datetime:
    """The step's own offset from the start, moved when the step before it went out late.

    A late step keeps its planned distance to the next one, so that a pause or an outage is
    never followed by a burst of messages.
    """
    planned = started_at + step.offset
    if before is None or settled_at - (started_at + before.offset) <= LATENESS_TOLERANCE:
        return planned
    return max(planned, settled_at + (step.offset - before.offset))


def after_settlement(
    *,
    steps: Sequence[PlannedStep],
    step: PlannedStep,
    started_at: datetime,
    settlement: Settlement,
    reason: str,
    has_replied: bool,
    settled_at: datetime,
) -> Verdict:
    """Every settlement but a reply leads on: one bad number must not end the follow-up."""
    outcome = _OUTCOMES.get(settlement, StepOutcome.SKIPPED)
    if has_replied:
        return Verdict(outcome, reason, stop=StopReason.REPLIED)
    following = step_after(steps, step)
    if following is None:
        return Verdict(outcome, reason)
    when = due_at(started_at, following, step, settled_at)
    return Verdict(outcome, reason, next_step=following, next_due_at=when)


def exit_reason(facts: ExitFacts) -> StopReason | None:
    """Why this seller gets no further step; the seller's own words come first."""
    if facts.is_suppressed:
        return StopReason.OPTED_OUT
    if facts.has_replied:
        return StopReason.REPLIED
    if facts.is_offer_accepted:
        return StopReason.OFFER_ACCEPTED
    return StopReason.DEAL_DEAD if facts.is_deal_dead else None


def state_after(verb: str, state: EnrollmentState) -> EnrollmentState | None:
    """The state a person's `verb` leads to, or None where it makes no sense."""
    return _STATES_AFTER[verb].get(state)


def readable(text: str) -> str:
    """Lists shout; a letter does not: MAPLE becomes Maple, McKay stays McKay."""
    return string.capwords(text) if text.isupper() else text


def wait_text(minutes: int) -> str:
    """How long after the start, in the largest unit that fits without a rest."""
    if minutes == 0:
        return "At once"
    for size, unit in ((10_080, "week"), (1_440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return f"After {count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("every number of minutes is a multiple of one minute")


def step_problems(steps: Sequence[PlannedStep]) -> list[str]:
    """Sentences for an admin; empty when the steps can be run as written."""
    problems = [] if steps else ["A sequence needs at least one step."]
    ordered = sorted(steps, key=lambda step: step.position)
    if len({step.position for step in ordered}) != len(ordered):
        problems.append("Two steps have the same position.")
    if any(step.offset < timedelta(0) for step in ordered):
        problems.append("A step cannot be due before the start.")
    for before, after in pairwise(ordered):
        if after.offset < before.offset:
            problems.append(f"Step {after.position} is due before step {before.position}.")
        if before.archives_after:
            problems.append(f"Step {before.position} ends the sequence but is not the last.")
    return problems


def text_problems(channel: str, is_first: bool, subject: str, body: str) -> list[str]:
    """What the law and the carriers want in a text (COMPLIANCE K4, E1), checked when saved."""
    try:
        fields = {*fields_in(body), *fields_in(subject)}
    except TemplateRefused as refusal:
        return [str(refusal)]
    problems = []
    if is_first and not fields.intersection(_IDENTITY):
        problems.append("The first message must name the sender.")
    if channel == "sms" and is_first and "opt_out_words" not in fields:
        problems.append("The first text must hold the opt-out words.")
    if channel == "email" and "legal_address" not in fields:
        problems.append("An e-mail must hold the postal address.")
    if channel == "email" and "unsubscribe_hint" not in fields:
        problems.append("An e-mail must say how to unsubscribe.")
    if channel == "email" and not subject.strip():
        problems.append("An e-mail needs a subject.")
    return problems
