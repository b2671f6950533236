from apps.sequences.queries.health import SequenceHealth, list_health
from apps.sequences.queries.letters import NoLetter, find_address, is_reachable, write_letter
from apps.sequences.queries.rows import (
    exit_facts,
    find_open_enrollment,
    find_sequence,
    find_triggered_sequence,
    get_enrollment,
    get_sequence,
    list_active_sequences,
    list_enrollments_of_deal,
    list_open_enrollments,
)
from apps.sequences.queries.step_health import (
    StepCard,
    StepHealth,
    list_step_cards,
    list_step_health,
)
from apps.sequences.queries.timeline import (
    EnrollmentCard,
    StepLine,
    by_key,
    guard_sentence,
    list_cards,
)

__all__ = [
    "EnrollmentCard",
    "NoLetter",
    "SequenceHealth",
    "StepCard",
    "StepHealth",
    "StepLine",
    "by_key",
    "exit_facts",
    "find_address",
    "find_open_enrollment",
    "find_sequence",
    "find_triggered_sequence",
    "get_enrollment",
    "get_sequence",
    "guard_sentence",
    "is_reachable",
    "list_active_sequences",
    "list_cards",
    "list_enrollments_of_deal",
    "list_health",
    "list_open_enrollments",
    "list_step_cards",
    "list_step_health",
    "write_letter",
]
