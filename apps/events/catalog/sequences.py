"""Facts about follow-up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class EnrollmentStarted(Fact):
    """A seller entered a sequence."""

    name: ClassVar[str] = "sequences.enrollment_started.v1"
    subject_kind: ClassVar[str] = "enrollment"
    sequence: str
    sequence_version: int
    deal: UUID | None = None
    contact: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class StepReached(Fact):
    """A step is due: channels queues its message."""

    name: ClassVar[str] = "sequences.step_reached.v1"
    subject_kind: ClassVar[str] = "enrollment"
    sequence: str
    position: int
    deal: UUID | None = None
    contact: UUID
    channel: str
    to_address: str
    subject_line: str
    body: str
    idempotency_key: str
    stop_if_replied_since: datetime


@dataclass(frozen=True, kw_only=True)
class StepSkipped(Fact):
    """A step was left out; no message was made."""

    name: ClassVar[str] = "sequences.step_skipped.v1"
    subject_kind: ClassVar[str] = "enrollment"
    sequence: str
    position: int
    deal: UUID | None = None
    contact: UUID
    channel: str
    reason: str
    next_position: int | None = None
    next_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StepSettled(Fact):
    """A step's message met its fate. `outcome`: sent, skipped or unsure."""

    name: ClassVar[str] = "sequences.step_settled.v1"
    subject_kind: ClassVar[str] = "enrollment"
    sequence: str
    position: int
    deal: UUID | None = None
    contact: UUID
    outcome: str
    reason: str
    next_position: int | None = None
    next_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StepBroughtForward(Fact):
    """A person had the waiting step run at once."""

    name: ClassVar[str] = "sequences.step_brought_forward.v1"
    subject_kind: ClassVar[str] = "enrollment"
    sequence: str
    position: int
    deal: UUID | None = None
    contact: UUID
    due_at_before: datetime


@dataclass(frozen=True, kw_only=True)
class EnrollmentPaused(Fact):
    """A sequence is held; by a person, or because a step could not be taken (`reason`)."""

    name: ClassVar[str] = "sequences.enrollment_paused.v1"
    subject_kind: ClassVar[str] = "enrollment"
    deal: UUID | None = None
    contact: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class EnrollmentResumed(Fact):
    """A person resumed a sequence."""

    name: ClassVar[str] = "sequences.enrollment_resumed.v1"
    subject_kind: ClassVar[str] = "enrollment"
    deal: UUID | None = None
    contact: UUID
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EnrollmentStopped(Fact):
    """A sequence ended early."""

    name: ClassVar[str] = "sequences.enrollment_stopped.v1"
    subject_kind: ClassVar[str] = "enrollment"
    sequence: str
    deal: UUID | None = None
    contact: UUID
    reason: str
    # The message on its way, if any, which channels takes back while it still can.
    message_key: str = ""


@dataclass(frozen=True, kw_only=True)
class EnrollmentFinished(Fact):
    """A sequence came to its end."""

    name: ClassVar[str] = "sequences.enrollment_finished.v1"
    subject_kind: ClassVar[str] = "enrollment"
    sequence: str
    deal: UUID | None = None
    contact: UUID
    # The last step: its position and what became of it.
    position: int | None = None
    outcome: str = ""
    is_archived: bool


@dataclass(frozen=True, kw_only=True)
class SequenceSaved(Fact):
    """A sequence was changed."""

    name: ClassVar[str] = "sequences.sequence_saved.v1"
    subject_kind: ClassVar[str] = "sequence"
    key: str
    version: int
    steps: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class EnrollmentsReassigned(Fact):
    """Follow-ups went over to the contact that theirs became part of, or back."""

    name: ClassVar[str] = "sequences.enrollments_reassigned.v1"
    subject_kind: ClassVar[str] = "contact"
    merge: UUID
    enrollments: list[UUID]
