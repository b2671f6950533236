from apps.sequences.actions.advancing import BATCH, advance_due, claim_due
from apps.sequences.actions.enrolling import CannotEnroll, enroll_contact
from apps.sequences.actions.loading import load_sequences
from apps.sequences.actions.reaching import reach_step
from apps.sequences.actions.reassigning import reassign_enrollments
from apps.sequences.actions.saving import save_sequence
from apps.sequences.actions.settling import schedule_next_step
from apps.sequences.actions.steering import (
    NothingToRunNow,
    pause_enrollment,
    resume_enrollment,
    run_next_step_now,
    stop_enrollment,
    stop_enrollments,
)

__all__ = [
    "BATCH",
    "CannotEnroll",
    "NothingToRunNow",
    "advance_due",
    "claim_due",
    "enroll_contact",
    "load_sequences",
    "pause_enrollment",
    "reach_step",
    "reassign_enrollments",
    "resume_enrollment",
    "run_next_step_now",
    "save_sequence",
    "schedule_next_step",
    "stop_enrollment",
    "stop_enrollments",
]
