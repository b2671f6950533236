"""A follow-up as a person sees it: every step with what became of it or when it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.channels.queries import ThreadEntry, list_thread
from apps.channels.types import MessageState
from apps.deals.models import Deal
from apps.sequences.models import Enrollment, StepRun
from apps.sequences.queries.rows import list_enrollments_of_deal
from apps.sequences.types import (
    CHANNEL_ICONS,
    CHANNEL_LABELS,
    OPEN_STATES,
    STOP_SENTENCES,
    EnrollmentState,
    StepOutcome,
    StopReason,
)
from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class StepLine:
    """`status`: sent, skipped, unsure, sending, deferred, next, paused, planned or dropped."""

    position: int
    label: str
    icon: str
    status: str
    at: datetime | None
    reason: str = ""


@dataclass(frozen=True)
class EnrollmentCard:
    row: Enrollment
    lines: list[StepLine]
    ending: str

    @property
    def is_open(self) -> bool:
        return self.row.state in OPEN_STATES

    @property
    def is_paused(self) -> bool:
        return self.row.state == EnrollmentState.PAUSED

    @property
    def may_run_now(self) -> bool:
        return self.row.state == EnrollmentState.ACTIVE


def list_cards(workspace: Workspace, deal: Deal) -> list[EnrollmentCard]:
    """The follow-ups of a deal, running ones first, then the latest."""
    rows = list_enrollments_of_deal(workspace, deal)
    sending = {
        row.contact.public_id
        for row in rows
        if any(run.outcome == StepOutcome.PENDING for run in row.runs.all())
    }
    messages = {key: entry for ref in sending for key, entry in by_key(workspace, ref).items()}
    cards = [EnrollmentCard(row, _lines(row, messages), _ending(row)) for row in rows]
    return sorted(cards, key=lambda card: not card.is_open)


def by_key(workspace: Workspace, contact_ref: UUID) -> dict[str, ThreadEntry]:
    """What became of a contact's messages, by idempotency key."""
    thread = list_thread(workspace, contact_ref)
    return {entry.message.idempotency_key: entry for entry in thread if entry.message}


def guard_sentence(entry: ThreadEntry | None) -> str:
    """The guard's own words about a message; empty where it said nothing against it."""
    if entry is None or entry.decision is None:
        return ""
    return " ".join(str(reason["sentence"]) for reason in entry.decision.reasons)


def _ending(row: Enrollment) -> str:
    if row.state == EnrollmentState.STOPPED:
        return STOP_SENTENCES[StopReason(row.stopped_reason)]
    return "All steps are done." if row.state == EnrollmentState.FINISHED else row.note


def _lines(row: Enrollment, messages: dict[str, ThreadEntry]) -> list[StepLine]:
    runs = {run.position: run for run in row.runs.all()}
    is_open = row.state in OPEN_STATES
    lines = [_run_line(run, messages, is_open) for run in runs.values()]
    for step in row.sequence.steps.all():
        if step.position in runs or step.position < row.next_position:
            continue
        planned = row.started_at + timedelta(minutes=step.offset_minutes)
        status, at = _outlook(row, step.position, planned)
        lines.append(_line(step.position, step.channel, status, at))
    return sorted(lines, key=lambda line: line.position)


def _outlook(row: Enrollment, position: int, planned: datetime) -> tuple[str, datetime | None]:
    if row.state not in OPEN_STATES:
        return "dropped", None
    if row.state == EnrollmentState.PAUSED:
        return "paused", None
    if position == row.next_position and row.due_at is not None:
        return "next", row.due_at
    return "planned", planned


def _run_line(run: StepRun, messages: dict[str, ThreadEntry], is_open: bool) -> StepLine:
    if run.outcome != StepOutcome.PENDING:
        return _line(run.position, run.channel, run.outcome, run.settled_at, run.reason)
    entry = messages.get(run.message_key)
    if entry is None and not is_open:
        return _line(run.position, run.channel, "dropped", None)
    why = guard_sentence(entry)
    if entry and entry.message and entry.state == MessageState.QUEUED and why:
        return _line(run.position, run.channel, "deferred", entry.message.due_at, why)
    return _line(run.position, run.channel, "sending", run.reached_at)


def _line(
    position: int, channel: str, status: str, at: datetime | None, reason: str = ""
) -> StepLine:
    label = CHANNEL_LABELS.get(channel, channel)
    return StepLine(position, label, CHANNEL_ICONS.get(channel, "message"), status, at, reason)
