from apps.sequences.rules.cadence import (
    LATENESS_TOLERANCE,
    after_settlement,
    due_at,
    exit_reason,
    state_after,
    step_after,
    step_from,
)
from apps.sequences.rules.texts import (
    outline,
    readable,
    step_problems,
    text_problems,
    wait_text,
)

__all__ = [
    "LATENESS_TOLERANCE",
    "after_settlement",
    "due_at",
    "exit_reason",
    "outline",
    "readable",
    "state_after",
    "step_after",
    "step_from",
    "step_problems",
    "text_problems",
    "wait_text",
]
