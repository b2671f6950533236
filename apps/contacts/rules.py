"""Decisions about addresses: what is usable, what is the same, when a lookup is due."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.common.phones import phone_text

CHECK_LEASE = timedelta(minutes=5)
RECHECK_AFTER = timedelta(days=30)
TRACE_REUSE = timedelta(days=30)
TRACE_RETRY = timedelta(minutes=15)
MOST_TRACE_FAILURES = 5
# Longer than any call can last: an open look-up older than this was cut off by a crash.
TRACE_LEASE = timedelta(minutes=3)
LOOKUP_REUSE = timedelta(days=90)
# Several numbers of one person are noted at once and asked about one after the other.
LOOKUP_LEASE = timedelta(minutes=15)
CUT_OFF = "the worker that asked did not live to hear the answer"
BATCH_LEASE = timedelta(minutes=5)
# Pauses up to this long are waited for; longer ones need a person.
SHORT_PAUSE = timedelta(minutes=15)
_MAX_EMAIL_CHARS = 254
_MAX_LOCAL_CHARS = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_TOP_LABEL = re.compile(r"([a-z]{2,63}|xn--[a-z0-9-]{1,59})\Z")


def normalize_email(text: str) -> str | None:
    """The address in lower case, or None where the syntax could not be delivered to.

    Stricter than RFC 5322 on purpose: no quoted local part, comment, address literal, bare host
    or non-ASCII, because list files hold those only by mistake and a line break in an address
    would let it add headers to a message.
    """
    address = text.strip(" \t").removeprefix("mailto:").rstrip(";,").lower()
    local, at, domain = address.rpartition("@")
    if not at or len(address) > _MAX_EMAIL_CHARS or len(local) > _MAX_LOCAL_CHARS:
        return None
    labels = domain.split(".")
    if len(labels) < 2 or not _LOCAL.match(local) or not _TOP_LABEL.match(labels[-1]):
        return None
    return address if all(_LABEL.match(label) for label in labels) else None


# What a person chooses between when two contacts become one, and the columns it stands for.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("kind", "name", "first_name", "last_name"),
    "mailing": (
        "mailing_line",
        "mailing_unit",
        "mailing_city",
        "mailing_state",
        "mailing_zip",
        "mailing_key",
    ),
    "care_of": ("care_of",),
    "source": ("source",),
}

# From here on a pair is shown to a person; below, what speaks against it is as strong.
SUGGEST_FROM = 0.75


def score_text(score: float) -> str:
    """A matching score in words, for people who do not think in probabilities."""
    if score >= 0.99:
        return "Almost certainly the same"
    return "Very likely the same" if score >= 0.9 else "Perhaps the same"


def is_new_evidence(supports: Sequence[str], known: Sequence[str]) -> bool:
    """Whether a pair that somebody dismissed has something in common that they did not see."""
    return bool(set(supports) - set(known))


# Worst first: when two rows turn out to be one number, the worse standing stays.
STANDINGS = ("wrong_number", "parked", "invalid", "verified", "unverified")
USABLE = frozenset({"verified", "unverified"})
_LINES = ("mobile", "voip", "unknown", "landline")


def worse_standing(one: str, other: str) -> str:
    """Joining duplicates may never lift a mark somebody put on the number."""
    return min(one, other, key=STANDINGS.index)


def phone_preference(*, is_dnc: bool, line_type: str, standing: str, rank: int) -> tuple[int, ...]:
    """Sorts phones best first: not do-not-call, can take a text, proven, then the list's order."""
    return (int(is_dnc), _LINES.index(line_type), int(standing != "verified"), rank)


@dataclass(frozen=True)
class PastTrace:
    """One look-up of the last 30 days, as the rules need it."""

    provider: str
    state: str
    requested_at: datetime
    phone_count: int = 0


def may_ask(family: Collection[str], past: Iterable[PastTrace], now: datetime) -> bool:
    """Whether a vendor (all its names) may be asked about a person.

    A look-up answers for 30 days, also when it found nothing or its answer was lost: the vendor
    may have charged for it. Failures cost nothing; five a day are enough.
    """
    failures = 0
    for trace in past:
        age = now - trace.requested_at
        if trace.state == "requested" and age < TRACE_LEASE:
            return False
        if trace.provider not in family:
            continue
        if trace.state == "failed":
            failures += age < timedelta(days=1)
        elif age < TRACE_REUSE:
            return False
    return failures < MOST_TRACE_FAILURES


def may_look_up(past: Iterable[PastTrace], now: datetime, reuse: timedelta) -> bool:
    """Whether a number may be looked up: not within `reuse` (90 days unless set otherwise)."""
    failures = 0
    for row in past:
        age = now - row.requested_at
        if row.state == "failed":
            failures += age < timedelta(days=1)
        elif age < reuse:
            return False
    return failures < MOST_TRACE_FAILURES


def has_answer(past: Iterable[PastTrace], now: datetime) -> bool:
    """Whether some vendor found phones within 30 days: an order need not buy them again."""
    return any(
        trace.state == "answered" and trace.phone_count and now - trace.requested_at < TRACE_REUSE
        for trace in past
    )


def month_start(now: datetime, time_zone: str) -> datetime:
    """The first moment of the month where the business is: budgets run from there."""
    local = now.astimezone(ZoneInfo(time_zone))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def affordable(budget: Decimal | None, spent: Decimal, price: Decimal) -> int | None:
    """How many look-ups the rest of the budget pays for; None for any number."""
    if budget is None or price <= 0:
        return None
    return max(0, int((budget - spent) // price))


def history_line(name: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """Icon and sentence for one fact about a contact; an unknown fact shows its own name."""
    icon, sentence = _SENTENCES.get(name, ("circle", "{name}"))
    counts = {
        field: _count(len(payload.get(field, [])), noun)
        for field, noun in (("phones", "phone"), ("emails", "e-mail"), ("problems", "problem"))
    }
    words = {field: str(value).replace("_", " ") for field, value in payload.items()}
    if "e164" in payload:
        words["e164"] = phone_text(payload["e164"])
    if "body" in payload:
        words["body"] = payload["body"]
    return icon, sentence.format_map(defaultdict(str, {**words, **counts, "name": name}))


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


_SENTENCES = {
    "contacts.contact_check_requested.v1": ("clipboard-list", "Check asked for: {reason}"),
    "contacts.contact_checked.v1": ("checks", "Checked: {phones}, {emails}, {problems}"),
    "contacts.contact_trace_requested.v1": ("search", "Skip trace asked of {provider}"),
    "contacts.contact_trace_failed.v1": ("alert-triangle", "Skip trace failed: {reason}"),
    "contacts.contact_traced.v1": (
        "user-check",
        "Skip trace by {provider} for ${cost_amount}, new phones: {phones_added},"
        " new e-mails: {emails_added}",
    ),
    "contacts.contact_trace_lost.v1": ("alert-triangle", "Skip trace lost: {reason}"),
    "contacts.phone_lookup_requested.v1": ("search", "{e164} looked up with {provider}"),
    "contacts.phone_looked_up.v1": (
        "phone-check",
        "{e164}: {line_type}, by {provider} for ${cost_amount}. {note}",
    ),
    "contacts.phone_lookup_failed.v1": ("alert-triangle", "Look-up of {e164} failed: {reason}"),
    "contacts.known_lines_applied.v1": ("phone-check", "Line types taken from earlier look-ups"),
    "contacts.contact_responded.v1": ("message", "Answered by {channel}: {body}"),
    "contacts.phones_ranked.v1": ("list", "Phones put in another order"),
    "contacts.merge_suggested.v1": ("users", "Perhaps the same as another contact"),
    "contacts.merge_dismissed.v1": ("users", "Not the same as another contact"),
    "contacts.contacts_merged.v1": ("users", "{other_name} was merged into this contact"),
    "contacts.contacts_unmerged.v1": ("users", "The merge with {other_name} was undone"),
    "deals.deals_reassigned.v1": ("home-dollar", "Deals followed"),
    "offers.offers_reassigned.v1": ("file-text", "Offers followed"),
    "sequences.enrollments_reassigned.v1": ("repeat", "Follow-ups followed"),
    "inbox.conversations_reassigned.v1": ("inbox", "Conversations followed"),
    "contacts.phone_marked.v1": ("phone-check", "{e164} marked {status}: {reason}"),
}
