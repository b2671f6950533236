"""A lead of a web form: somebody wrote to us, said where the house is and how to be reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.calls.paths import leaves, plain_key
from apps.deals.feeds.calls.shapes.generic import translate_generic

Record = dict[str, str]
_TOLD = {
    "Source": ("leadsource", "source", "referrer"),
    "UTM": ("utmsource", "utmmedium", "utmcampaign", "utmterm", "utmcontent"),
    "Page": ("pageurl", "landingpage", "url", "referer"),
    "Wants": ("askingprice", "howsoon", "timeline", "timeframe", "reason", "reasonforselling"),
    "House": ("condition", "propertycondition", "repairsneeded", "occupancy", "listedwithagent"),
}
_CONSENT = {
    "agreed": ("consent", "tcpaconsent", "smsconsent", "smsoptin", "optin", "agree", "terms"),
    "text": ("consenttext", "tcpatext", "disclosure", "consentlanguage", "tcpalanguage"),
    "ip": ("ip", "ipaddress", "clientip", "userip", "remoteip"),
    "url": ("pageurl", "landingpage", "url", "referer", "sourceurl"),
    "given_at": ("submittedat", "createdat", "submissiondate", "timestamp", "date", "consentat"),
    "certificate": ("xxtrustedformcerturl", "trustedformcerturl", "trustedform", "leadidtoken",
                    "jornayaleadid", "universalleadid"),
    "user_agent": ("useragent",),
}  # fmt: skip
CONSENT_LABELS = {
    "name": "Name",
    "agreed": "Agreed",
    "text": "Text shown",
    "given_at": "Given at",
    "phone": "Phone",
    "email": "E-mail",
    "ip": "IP address",
    "url": "Page",
    "certificate": "Certificate",
    "user_agent": "Browser",
}
_LONGEST_NOTE = 2_000


def translate_web_form(lead: Mapping[str, Any]) -> Record:
    """The guess of any call; what a form tells besides (campaign, wishes) goes into the notes."""
    record = translate_generic(lead)
    told = [record.pop("notes", "")]
    words = _by_word(lead)
    for label, keys in _TOLD.items():
        said = [words[key] for key in keys if words.get(key)]
        if said:
            told.append(f"{label}: {' / '.join(said)}")
    notes = ". ".join(text.rstrip(". ") for text in told if text)[:_LONGEST_NOTE]
    return record | ({"notes": notes} if notes else {})


def consent_of(lead: Mapping[str, Any], record: Record) -> Record:
    """What proves that the person agreed: words shown, tick, address, page, time. {} if nothing.

    `record` is the lead as the importer gets it: whom the consent is of, and for which addresses.
    """
    words = _by_word(lead)
    found = {
        name: next((words[key] for key in keys if words.get(key)), "")
        for name, keys in _CONSENT.items()
    }
    if not (found["agreed"] or found["text"] or found["certificate"]):
        return {}
    whole = f"{record.get('owner_first', '')} {record.get('owner_last', '')}".strip()
    found["name"] = whole or record.get("owner_name", "")
    found["phone"], found["email"] = record.get("phone_1", ""), record.get("email_1", "")
    return {name: text for name, text in found.items() if text}


def _by_word(lead: Mapping[str, Any]) -> Record:
    words: Record = {}
    for path, text in leaves(lead):
        words.setdefault(plain_key(path[-1]), text)
    return words
