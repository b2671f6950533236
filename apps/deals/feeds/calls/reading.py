"""From a stored call to records: pure, so that it can be read again with another mapping."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from apps.deals.feeds.calls.body import CallUnreadable, read_body
from apps.deals.feeds.calls.settings import CallSettings
from apps.deals.feeds.calls.shapes import Record, names_a_property, translate
from apps.deals.feeds.calls.shapes.web_form import consent_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a call says; `refusal` is '' or the sentence why nothing could be taken from it.

    A consent names its lead by number, from 0.
    """

    records: list[Record] = field(default_factory=list)
    consents: list[Record] = field(default_factory=list)
    refusal: str = ""


def read_call(body: bytes, content_type: str, settings: CallSettings) -> Reading:
    """Never raises: one call nobody foresaw must not hold up the others."""
    try:
        leads = read_body(body, content_type)
        records = [translate(lead, settings) for lead in leads]
        consents = [
            {"lead": str(number), **consent}
            for number, (lead, record) in enumerate(zip(leads, records, strict=True))
            if (consent := consent_of(lead, record))
        ]
    except CallUnreadable as error:
        return Reading(refusal=str(error))
    except Exception as error:
        log.exception("a webhook call could not be read")
        return Reading(refusal=f"Reading it ended in an unexpected error ({type(error).__name__}).")
    # A lead without a place among others is rejected by the importer, with its reason.
    if not any(map(names_a_property, records)):
        return Reading(
            consents=consents,
            refusal="It names no property: neither an address nor a parcel number was found.",
        )
    return Reading(records, consents)
