"""Who may be written to at all: refusals, consents, the do-not-call registry."""

from datetime import datetime, timedelta

from apps.channels.rules.frequency import PHONE_CHANNELS
from apps.channels.rules.tables import (
    CONFIRMATION_WITHIN,
    DNC_SCRUB_MAX_AGE_DAYS,
    INQUIRY_MONTHS_AS_DAYS,
)
from apps.channels.types import (
    Attempt,
    Channel,
    ConsentBasis,
    Purpose,
    Reason,
    SuppressionFact,
    SuppressionKind,
)

_EXPRESS = frozenset({ConsentBasis.EXPRESS, ConsentBasis.WRITTEN})
_SENTENCES = {
    SuppressionKind.OPT_OUT: "The seller asked not to be contacted.",
    SuppressionKind.WRONG_NUMBER: "The number is somebody else's.",
    SuppressionKind.COMPLAINT: "The seller complained about an earlier message.",
    SuppressionKind.BOUNCE: "The address does not take messages.",
    SuppressionKind.CARRIER: "The carrier reports that the seller opted out.",
    SuppressionKind.MANUAL: "Somebody in the workspace put a stop on this person.",
}


def suppressed(attempt: Attempt) -> Reason | None:
    """Any standing refusal of the person or of the address (C4, C7, C13)."""
    for refusal in attempt.suppressions:
        if not holds(attempt, refusal):
            continue
        if _is_confirmation(attempt) and refusal.kind == SuppressionKind.OPT_OUT:
            continue
        return Reason(f"suppressed_{refusal.kind}", _SENTENCES[refusal.kind], "C13")
    return None


def holds(attempt: Attempt, refusal: SuppressionFact) -> bool:
    """Whether a refusal covers this address.

    The person's own START re-opens the number it came from and no other, so it outweighs an older
    refusal of the whole person for that number alone (C8).
    """
    if refusal.address:
        return refusal.address == attempt.address
    if refusal.kind != SuppressionKind.OPT_OUT:
        return True
    return not any(
        consent.basis == ConsentBasis.START_WORD
        and consent.address == attempt.address
        and refusal.at < consent.at <= attempt.now
        for consent in attempt.consents
    )


def confirmation(attempt: Attempt) -> Reason | None:
    """One confirmation after an opt-out, within five minutes, and nothing else (C6)."""
    if not _is_confirmation(attempt):
        return None
    opted_out = [
        refusal.at
        for refusal in attempt.suppressions
        if refusal.kind == SuppressionKind.OPT_OUT and holds(attempt, refusal)
    ]
    if not opted_out:
        return Reason("nothing_to_confirm", "There is no opt-out to confirm.", "C6")
    if attempt.now - max(opted_out) > CONFIRMATION_WITHIN:
        return Reason("confirmation_late", "An opt-out is confirmed within five minutes.", "C6")
    if attempt.confirmations_since_opt_out:
        return Reason("confirmation_repeated", "This opt-out was already confirmed.", "C6")
    return None


def do_not_call(attempt: Attempt) -> Reason | None:
    """The national registry binds calls and texts unless the person agreed or asked (D1, D4)."""
    if not (_is_phone(attempt) and attempt.recipient.is_dnc) or _is_confirmation(attempt):
        return None
    if _agreed(attempt, _EXPRESS) or _has_inquired(attempt):
        return None
    return Reason("dnc", "The number is on the do-not-call registry.", "D1")


def cold_sms(attempt: Attempt) -> Reason | None:
    """Carriers refuse texts to bought or skip-traced lists; off unless acknowledged (K2)."""
    if attempt.channel != Channel.SMS or _is_confirmation(attempt):
        return None
    if attempt.policy.is_cold_sms_acknowledged or not _is_cold(attempt):
        return None
    sentence = "A first text to somebody from a list, without consent, is off in this workspace."
    return Reason("cold_sms", sentence, "K2")


def stale_scrub(attempt: Attempt) -> Reason | None:
    """Cold contact needs a registry check no older than 31 days on the day it is sent (D1)."""
    if not _is_phone(attempt) or _is_confirmation(attempt) or not _is_cold(attempt):
        return None
    checked_on = attempt.recipient.dnc_checked_on
    if checked_on is None:
        return Reason("dnc_unchecked", "The number was never checked against the registry.", "D1")
    age = attempt.now.date() - checked_on
    if timedelta(0) <= age <= timedelta(days=DNC_SCRUB_MAX_AGE_DAYS):
        return None
    return Reason("dnc_stale", "The do-not-call check is more than 31 days old.", "D1")


def voicemail_without_consent(attempt: Attempt) -> Reason | None:
    """A dropped voicemail is a prerecorded call: it needs written consent (C9)."""
    if attempt.channel != Channel.VOICEMAIL:
        return None
    if _agreed(attempt, frozenset({ConsentBasis.WRITTEN})):
        return None
    sentence = "A dropped voicemail needs the seller's written consent."
    return Reason("no_consent_rvm", sentence, "C9")


def _is_cold(attempt: Attempt) -> bool:
    return not _agreed(attempt, frozenset(ConsentBasis)) and not _has_inquired(attempt)


def _agreed(attempt: Attempt, bases: frozenset[ConsentBasis]) -> bool:
    return any(
        consent.basis in bases
        and attempt.channel in consent.channels
        and consent.address in ("", attempt.address)
        and consent.at <= attempt.now
        and (consent.basis != ConsentBasis.INQUIRY or _is_recent(attempt, consent.at))
        for consent in attempt.consents
    )


def _has_inquired(attempt: Attempt) -> bool:
    """They wrote within the three months in which an inquiry may be answered (D4)."""
    at = attempt.last_inbound_at
    return at is not None and _is_recent(attempt, at)


def _is_recent(attempt: Attempt, inquired_at: datetime) -> bool:
    return attempt.now - inquired_at <= timedelta(days=INQUIRY_MONTHS_AS_DAYS)


def _is_phone(attempt: Attempt) -> bool:
    return attempt.channel in PHONE_CHANNELS


def _is_confirmation(attempt: Attempt) -> bool:
    return attempt.purpose == Purpose.OPT_OUT_CONFIRMATION
