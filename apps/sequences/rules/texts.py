"""Which steps and texts an admin may save, and how they are shown to people."""

import string
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from apps.channels.rules.merge import FIELDS, TemplateRefused, fields_in, render
from apps.sequences.types import PlannedStep

_IDENTITY = ("sender_name", "company_name")


def readable(text: str) -> str:
    """Lists shout; a letter does not: MAPLE becomes Maple, McKay stays McKay."""
    return string.capwords(text) if text.isupper() else text


def outline(text: str) -> str:
    """A template as people read it: [first name] where the seller's own value will stand."""
    try:
        return render(text, {name: f"[{name.replace('_', ' ')}]" for name in FIELDS})
    except TemplateRefused:
        return text


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
