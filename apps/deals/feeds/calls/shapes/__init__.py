"""Whose words a call speaks: from a lead as it came to a record of the importer's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.calls.paths import child
from apps.deals.feeds.calls.settings import CallSettings, Shape
from apps.deals.feeds.calls.shapes.batchdialer import translate_batchdialer
from apps.deals.feeds.calls.shapes.batchleads import translate_batchleads
from apps.deals.feeds.calls.shapes.generic import translate_generic, translate_mapped
from apps.deals.feeds.calls.shapes.web_form import translate_web_form

Record = dict[str, str]
_TRANSLATORS = {
    Shape.GENERIC: translate_generic,
    Shape.WEB_FORM: translate_web_form,
    Shape.BATCHLEADS: translate_batchleads,
    Shape.BATCHDIALER: translate_batchdialer,
}
_FORM_WORDS = (
    "message", "comments", "utm_source", "utm_campaign", "gclid", "consent", "consent_text",
    "tcpa_consent", "sms_consent", "opt_in", "form_name", "form_id", "page_url", "landing_page",
)  # fmt: skip
_PLACES = ("address", "line", "apn", "street_name")


def translate(lead: Mapping[str, Any], settings: CallSettings) -> Record:
    """A mapping laid down by a person decides; else the words of the call do."""
    if settings.mapping:
        return translate_mapped(lead, settings.mapping)
    shape = settings.shape if settings.shape != Shape.AUTO else shape_of(lead)
    return _TRANSLATORS[shape](lead)


def shape_of(lead: Mapping[str, Any]) -> Shape:
    """Whose call this looks like."""
    if child(lead, "disposition", "call disposition", "disposition name"):
        return Shape.BATCHDIALER
    if isinstance(child(lead, "property", "property address"), Mapping) or child(lead, "persons"):
        return Shape.BATCHLEADS
    if any(child(lead, word) is not None for word in _FORM_WORDS):
        return Shape.WEB_FORM
    return Shape.GENERIC


def names_a_property(record: Record) -> bool:
    return any(record.get(name) for name in _PLACES)
