"""What a message must say: who writes and how to make it stop (K4, E1)."""

import re

from apps.channels.rules import sms
from apps.channels.types import Attempt, Channel, Purpose, Reason, SenderFacts

_OPT_OUT_WORDS = re.compile(
    r"\b(?:stop|opt[ -]?out|unsubscribe|do not (?:text|contact))\b", re.IGNORECASE
)
TEXT_OPT_OUT = "Reply STOP to opt out."
EMAIL_OPT_OUT = "To stop these e-mails, reply STOP."


def unsendable(attempt: Attempt) -> Reason | None:
    """An empty or oversized message goes nowhere."""
    problem = length_problem(attempt.channel, attempt.body)
    return Reason("unsendable", problem, "send") if problem else None


def unsigned_text(attempt: Attempt) -> Reason | None:
    """The first text names the sender and says how to opt out."""
    if attempt.channel != Channel.SMS or attempt.purpose == Purpose.OPT_OUT_CONFIRMATION:
        return None
    if not attempt.is_first or not _missing(attempt.body, attempt.sender):
        return None
    sentence = "The first text must name the sender and say how to opt out."
    return Reason("unsigned_first_text", sentence, "K4")


def incomplete_email(attempt: Attempt) -> Reason | None:
    """Every e-mail has a subject, the sender's name and postal address, and a way out."""
    if attempt.channel != Channel.EMAIL:
        return None
    address = " ".join(attempt.sender.legal_address.split())
    has_address = bool(address) and address in " ".join(attempt.body.split())
    if attempt.subject.strip() and has_address and not _missing(attempt.body, attempt.sender):
        return None
    sentence = "An e-mail needs a subject, the sender, a postal address and a way to opt out."
    return Reason("incomplete_email", sentence, "E1")


def completed(channel: Channel, body: str, sender: SenderFacts, is_first: bool) -> str:
    """The body with the lines the law wants added where the writer left them out."""
    if channel == Channel.SMS and is_first:
        return _signed_text(body, sender)
    if channel == Channel.EMAIL:
        return _with_footer(body, sender)
    return body


def length_problem(channel: Channel, body: str) -> str:
    """A sentence when a body cannot be sent as it is; empty when it can."""
    if not body.strip():
        return "The message is empty."
    if channel == Channel.SMS and sms.measure(body).segments > sms.MAX_SEGMENTS:
        return f"The text is longer than {sms.MAX_SEGMENTS} segments."
    return ""


def _missing(body: str, sender: SenderFacts) -> bool:
    named = bool(sender.name) and sender.name.casefold() in body.casefold()
    return not (named and _OPT_OUT_WORDS.search(body))


def _signed_text(body: str, sender: SenderFacts) -> str:
    parts = [body.rstrip()]
    if sender.name and sender.name.casefold() not in body.casefold():
        parts.append(f"– {sender.name}." if not sms.is_gsm7(body) else f"- {sender.name}.")
    if not _OPT_OUT_WORDS.search(body):
        parts.append(TEXT_OPT_OUT)
    return " ".join(parts)


def _with_footer(body: str, sender: SenderFacts) -> str:
    flat = " ".join(body.split()).casefold()
    address = " ".join(sender.legal_address.split())
    lines = []
    if sender.name and sender.name.casefold() not in flat:
        lines.append(sender.name)
    if address and address.casefold() not in flat:
        lines.append(address)
    if not _OPT_OUT_WORDS.search(body):
        lines.append(EMAIL_OPT_OUT)
    return "\n".join([body.rstrip(), "", *lines]) if lines else body
