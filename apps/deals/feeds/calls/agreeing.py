"""What a form's evidence is worth as consent: pure, and denying where the words do not say it.

Prior express written consent is 47 CFR 64.1200(f)(9): the person's own act on a text that names the
seller, calls by machine or with a recorded voice, and that agreeing is no condition of buying.
Prior express consent is an act on a text that names the channel. Anything less is an inquiry: they
asked to be answered.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

from apps.channels.actions import ConsentGiven
from apps.channels.types import Channel, ConsentBasis

# Whatever a form says besides, in whatever words, is no agreement.
_YES = frozenset(
    ("yes", "y", "true", "t", "1", "on", "checked", "agree", "agreed", "iagree", "yesiagree",
     "consent", "consented", "iconsent", "yesiconsent", "accept", "accepted", "iaccept", "optin",
     "optedin")
)  # fmt: skip
# A tick box often sends its label in place of a yes.
_AGREES = re.compile(
    r"\s*(?:yes\b\W*)?(?:by [^.]{3,80}, )?(?:i|we|you)\s+(?:hereby\s+|also\s+|expressly\s+)?"
    r"(?:agree|consent|accept|authorize|opt in|want|would like)\b",
    re.I,
)
_REFUSES = re.compile(
    r"\b(?:do not|don.?t|never)\s+(?:agree|consent|want|call|text|contact|e-?mail|message)\b", re.I
)
_SHORTEST_TEXT = 25
_BY_SUBMITTING = re.compile(
    r"\bby (?:submitting|clicking|pressing|checking|providing|sending|signing|tapping)\b", re.I
)
_TEXTS = re.compile(r"\b(?:sms|mms|texts?|texted|text[- ]messag\w*|messages?)\b", re.I)
_CALLS = re.compile(
    r"\b(?:calls?|called|phone calls?|telephone calls?|voicemails?|dial\w*)\b", re.I
)
_EMAILS = re.compile(r"\be-?mail(?:s|ed|ing)?\b", re.I)
_MACHINE = re.compile(r"auto-?matic|auto-?mated|auto-?dial|pre-?recorded|artificial", re.I)
_RECORDED = re.compile(r"pre-?recorded|artificial", re.I)
_FREE = re.compile(r"\bnot (?:a |an )?(?:condition|required|requirement)\b", re.I)
_SECONDS, _MILLISECONDS = 10, 13


def consents_given(
    told: Mapping[str, str], *, seller_name: str, received_at: datetime
) -> Iterator[ConsentGiven]:
    """What was agreed for the phone and the e-mail that the form named; nothing if they declined.

    `told` are the words of `consent_of`. `received_at` stands for a time nobody can place: one
    without a zone, none at all, or one that is still to come.
    """
    agreed = told.get("agreed", "").strip()
    if (agreed and not _agrees(agreed)) or _REFUSES.search(told.get("text", "")):
        return
    text = told.get("text", "") or _label(agreed)
    is_agreed = bool(agreed) or bool(_BY_SUBMITTING.search(text))
    for address, wanted in (
        (told.get("phone", ""), (Channel.SMS, Channel.VOICEMAIL)),
        (told.get("email", ""), (Channel.EMAIL,)),
    ):
        by_basis: dict[ConsentBasis, list[Channel]] = {}
        for channel in wanted if address else ():
            if basis := _basis(channel, text if is_agreed else "", seller_name):
                by_basis.setdefault(basis, []).append(channel)
        for basis, channels in by_basis.items():
            yield ConsentGiven(
                basis=basis,
                channels=channels,
                given_at=_moment(told.get("given_at", ""), received_at),
                address=address,
                seller_name=seller_name,
                text_shown=text,
                source_url=told.get("url", "")[:500],
                ip_address=_ip(told.get("ip", "")),
                certificate=told.get("certificate", "")[:500],
                user_agent=told.get("user_agent", "")[:300],
            )


def _agrees(said: str) -> bool:
    word = "".join(letter for letter in said.casefold() if letter.isalnum())
    return word in _YES or (_AGREES.match(said) is not None and not _REFUSES.search(said))


def _label(agreed: str) -> str:
    return agreed if len(agreed) >= _SHORTEST_TEXT else ""


def _basis(channel: Channel, text: str, seller_name: str) -> ConsentBasis | None:
    if channel == Channel.EMAIL:
        return ConsentBasis.EXPRESS if _EMAILS.search(text) else ConsentBasis.INQUIRY
    named = _TEXTS if channel == Channel.SMS else _CALLS
    machine = _MACHINE if channel == Channel.SMS else _RECORDED
    if not named.search(text):
        # Who asked for an answer did not ask for a recording.
        return ConsentBasis.INQUIRY if channel == Channel.SMS else None
    is_named = seller_name.casefold() in text.casefold()
    if is_named and machine.search(text) and _FREE.search(text):
        return ConsentBasis.WRITTEN
    return ConsentBasis.EXPRESS


def _moment(text: str, received_at: datetime) -> datetime:
    try:
        if text.isdecimal() and len(text) in (_SECONDS, _MILLISECONDS):
            at = datetime.fromtimestamp(int(text) / 10 ** (len(text) - _SECONDS), UTC)
        else:
            at = parse_datetime(text) or received_at
    except (ValueError, OverflowError):
        return received_at
    return received_at if at.tzinfo is None else min(at, received_at)


def _ip(text: str) -> str | None:
    """The first of a forwarded chain is the visitor's."""
    try:
        return str(ipaddress.ip_address(text.partition(",")[0].strip()))
    except ValueError:
        return None
