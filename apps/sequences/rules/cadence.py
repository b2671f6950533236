"""When the next step is due, what a settled message leads to, and who leaves a sequence."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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
