"""The compliance guard: facts in, verdict out. The default is deny, and every answer has reasons.

On a sandbox connection nothing leaves the machine, so the rules that look at hours, counts,
registration, scrubs, cold texts, content and voicemail consent only advise: the judgment allows
and keeps in `live` what a real connection would have got. A refusal of the person, or a person who
must not be written to, holds everywhere.
"""

from collections.abc import Callable
from datetime import datetime

from apps.channels import places
from apps.channels.rules import address, consent, content, frequency, windows
from apps.channels.rules.tables import RULES_VERSION
from apps.channels.types import (
    Attempt,
    Judgment,
    LiveAnswer,
    Purpose,
    Reason,
    Verdict,
)

Rule = Callable[[Attempt], Reason | None]


def judge(attempt: Attempt) -> Judgment:
    """One attempt, judged at `attempt.now`. `until` is set only for a deferral."""
    absolute = _reasons(attempt, _ABSOLUTE)
    live = _live(attempt, absolute)
    if not attempt.connection.is_sandbox:
        return Judgment(live.verdict, live, RULES_VERSION, live.until, live.reasons)
    if absolute:
        return Judgment(Verdict.BLOCK, live, RULES_VERSION, reasons=absolute)
    return Judgment(Verdict.ALLOW, live, RULES_VERSION)


def _live(attempt: Attempt, absolute: tuple[Reason, ...]) -> LiveAnswer:
    refusals = absolute + _reasons(attempt, _ADVISORY)
    if refusals:
        return LiveAnswer(Verdict.BLOCK, reasons=refusals)
    if attempt.purpose == Purpose.OPT_OUT_CONFIRMATION:
        return LiveAnswer(Verdict.ALLOW)
    return _when(attempt)


def _when(attempt: Attempt) -> LiveAnswer:
    """Hours and counts together: the first minute at which both allow it."""
    reasons = []
    free_at = frequency.free_at(attempt, candidate_states(attempt))
    if free_at is None:
        reason = Reason("cap_zero", "The workspace allows no messages per day.", "T10")
        return LiveAnswer(Verdict.BLOCK, reasons=(reason,))
    if free_at > attempt.now:
        reasons.append(Reason("frequency_cap", "The seller got the most allowed in a day.", "T10"))
    until: datetime | None = free_at
    if attempt.channel in frequency.PHONE_CHANNELS:
        weeks = legal_weeks(attempt)
        if not windows.is_open(attempt.now, weeks):
            reasons.append(_quiet_hours(attempt))
        if reasons:
            until = windows.next_open(free_at, weeks)
    if not reasons:
        return LiveAnswer(Verdict.ALLOW)
    if until is None:
        reason = Reason("no_legal_minute", "The permitted hours never meet.", "T8")
        return LiveAnswer(Verdict.BLOCK, reasons=(*reasons, reason))
    return LiveAnswer(Verdict.DEFER, until, tuple(reasons))


def legal_weeks(attempt: Attempt) -> windows.ZoneWeeks:
    return windows.legal_weeks(_sources(attempt), attempt.policy, attempt.now.date())


def candidate_states(attempt: Attempt) -> frozenset[str]:
    """Every state the person may be in; empty when nothing is known."""
    return frozenset(state for states, _ in _sources(attempt) for state in states)


def _sources(attempt: Attempt) -> windows.Sources:
    """Known addresses and the phone's area code, each on its own; the strictest binds (T8)."""
    found = [(attempt.recipient.states, attempt.recipient.time_zones)]
    if attempt.channel in frequency.PHONE_CHANNELS:
        found.append(places.places_of_number(attempt.address))
    return tuple(source for source in found if any(source))


def _quiet_hours(attempt: Attempt) -> Reason:
    states = candidate_states(attempt)
    where = ", ".join(sorted(states)) or "any state, as the place is unknown"
    sentence = f"Outside the hours in which a seller may be texted or called ({where})."
    return Reason("quiet_hours", sentence, "T1")


def _reasons(attempt: Attempt, rules: tuple[Rule, ...]) -> tuple[Reason, ...]:
    return tuple(reason for rule in rules if (reason := rule(attempt)))


_LITIGATOR = Reason("litigator", "The person is on a litigator list.", "C15")
_DECEASED = Reason("deceased", "The person is marked as deceased.", "C15")
_WRONG_NUMBER = Reason("wrong_number", "The number is somebody else's.", "C14")
_INVALID_NUMBER = Reason("invalid_number", "The number does not work.", "C14")

_ABSOLUTE: tuple[Rule, ...] = (
    address.no_address,
    address.not_connected,
    content.unsendable,
    consent.suppressed,
    consent.confirmation,
    lambda attempt: _LITIGATOR if attempt.recipient.is_litigator else None,
    lambda attempt: _DECEASED if attempt.recipient.is_deceased else None,
    lambda attempt: _WRONG_NUMBER if attempt.recipient.is_wrong_number else None,
    lambda attempt: _INVALID_NUMBER if attempt.recipient.is_invalid_number else None,
    address.parked,
    consent.do_not_call,
)
_ADVISORY: tuple[Rule, ...] = (
    address.landline,
    address.unregistered,
    consent.cold_sms,
    consent.stale_scrub,
    consent.voicemail_without_consent,
    content.unsigned_text,
    content.incomplete_email,
)
