"""Facts in words a wholesaler would say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.deals.wording import change_words, field_words

Payload = Mapping[str, Any]
QUALIFIED_REASON = "deals qualified by their score"


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    icon: str = "circle"
    color: str = "secondary"
    details: list[str] = field(default_factory=list)


def tell(name: str, payload: Payload) -> Told:
    """What a fact says. A fact without words of its own is told by its name."""
    teller = _TELLERS.get(name)
    if teller is not None:
        return teller(payload)
    title = TITLES.get(name) or _plain(name)
    icon, color = LOOKS.get(name.partition(".")[0], ("circle", "secondary"))
    details = [str(payload[key]) for key in ("reason", "error_text", "error") if payload.get(key)]
    return Told(title, icon, color, details)


def _plain(name: str) -> str:
    """deals.deal_opened.v1 is “Deal opened”."""
    return name.split(".")[1].replace("_", " ").capitalize()


LOOKS = {
    "deals": ("home-dollar", "blue"),
    "offers": ("report-money", "green"),
    "channels": ("message", "azure"),
    "sequences": ("route", "purple"),
    "contacts": ("user", "teal"),
    "inbox": ("inbox", "orange"),
}
TITLES = {
    "deals.import_chunk_applied.v1": "A list was imported",
    "deals.deal_opened.v1": "Deal opened",
    "deals.deal_updated.v1": "A list changed what is known",
    "deals.deal_scored.v1": "Deal scored",
    "deals.deal_moved.v1": "Deal moved",
    "deals.deal_valued.v1": "ARV or repairs set by hand",
    "deals.repairs_estimated.v1": "Repairs reckoned room by room",
    "deals.arv_estimated.v1": "ARV reckoned from sales",
    "deals.arv_adopted.v1": "ARV taken from sales",
    "deals.deal_assigned.v1": "Person in charge changed",
    "deals.import_mapped.v1": "Columns of a list mapped",
    "deals.import_preview_asked.v1": "Preview of an import asked for again",
    "deals.import_previewed.v1": "Preview of an import counted",
    "deals.import_confirmed.v1": "Import confirmed",
    "deals.import_discarded.v1": "Draft of an import thrown away",
    "deals.import_undo_started.v1": "Undoing an import",
    "deals.import_undo_advanced.v1": "Rows of an import undone",
    "deals.import_undone.v1": "Import undone",
    "deals.deal_removed.v1": "Deal removed",
    "deals.property_edited.v1": "Property changed by hand",
    "deals.conflict_settled.v1": "A person chose between two sources",
    "deals.candidate_taken.v1": "Somebody found by a look-up was added",
    "deals.rule_set_saved.v1": "Draft of rules saved",
    "deals.rule_set_published.v1": "Rules published",
    "deals.rule_set_proposed.v1": "Rules proposed to a second person",
    "deals.rule_proposal_closed.v1": "Proposed rules declined or withdrawn",
    "deals.derived_metric_saved.v1": "Own metric saved",
    "deals.derived_metric_deleted.v1": "Own metric deleted",
    "deals.estimate_policy_saved.v1": "Estimates changed",
    "deals.list_renamed.v1": "List renamed",
    "offers.offer_made.v1": "Offer made",
    "offers.offer_rendered.v1": "Offer document ready",
    "offers.offer_render_failed.v1": "Offer document failed",
    "offers.offer_viewed.v1": "Seller opened the offer",
    "offers.offer_accepted.v1": "Seller accepted the offer",
    "offers.offer_withdrawn.v1": "Offer withdrawn",
    "offers.offer_expired.v1": "Offer expired",
    "offers.intent_written.v1": "Letter of intent written",
    "offers.intent_rendered.v1": "Letter of intent ready",
    "offers.intent_render_failed.v1": "Letter of intent failed",
    "channels.message_queued.v1": "Message queued",
    "channels.message_claimed.v1": "Message handed to the provider",
    "channels.message_deferred.v1": "Message put off by the guard",
    "channels.message_blocked.v1": "Message blocked by the guard",
    "channels.message_accepted.v1": "Message sent",
    "channels.message_delivered.v1": "Message delivered",
    "channels.message_failed.v1": "Message failed",
    "channels.message_unknown.v1": "Nobody knows yet whether the message went out",
    "channels.message_requeued.v1": "Message waits again",
    "channels.message_parked.v1": "Message waits for a person",
    "channels.message_canceled.v1": "Message taken back",
    "channels.message_received.v1": "Seller wrote",
    "contacts.contact_responded.v1": "Seller responded",
    "contacts.contact_checked.v1": "Phones and e-mails checked",
    "contacts.contact_traced.v1": "Skip trace answered",
    "sequences.enrollment_started.v1": "Follow-up started",
    "sequences.step_reached.v1": "Follow-up step due",
    "sequences.step_settled.v1": "Follow-up step done",
    "sequences.step_skipped.v1": "Follow-up step left out",
    "sequences.enrollment_stopped.v1": "Follow-up stopped",
    "sequences.enrollment_finished.v1": "Follow-up finished",
    "inbox.conversation_opened.v1": "Conversation opened",
}
CHANNELS = {"sms": "Text", "email": "E-mail", "voicemail": "Voicemail"}


def _opened(p: Payload) -> Told:
    return Told("Deal opened", "home", "blue", [f"From {p['source']}."] if p["source"] else [])


def _scored(p: Payload) -> Told:
    verdict = p["verdict"]
    title = f"Scored {p['score']}: {verdict}" if p["coverage"] else "Scored: too little is known"
    before = p.get("previous_verdict")
    details = [f"Before: {before}."] if before and before != verdict else []
    if p["to_stage"]:
        details.append(_stage_sentence(p))
    return Told(title, "target", "teal" if verdict == "qualified" else "secondary", details)


def _moved(p: Payload) -> Told:
    return Told(_stage_sentence(p), "arrow-right", "blue", [p["reason"]] if p["reason"] else [])


def _stage_sentence(p: Payload) -> str:
    return f"Moved from {stage_words(p['from_stage'])} to {stage_words(p['to_stage'])}."


def stage_words(kind: str) -> str:
    return kind.replace("_", " ")


def _updated(p: Payload) -> Told:
    changes = p.get("changes") or {}
    details = [
        f"{field_words(name)}: {_value(old, name)} → {_value(new, name)}"
        for name, (old, new) in list(changes.items())[:12]
    ]
    return Told(f"Changed by {p['source']}", "database-import", "blue", details)


def _value(value: Any, name: str) -> str:
    return change_words(value, name) or "nothing"


def _edited(p: Payload) -> Told:
    told = _updated(p)
    return Told(f"Changed by hand by {p['source']}", "pencil", "blue", told.details)


def _candidate(p: Payload) -> Told:
    name = p["contact_name"] or "Somebody"
    return Told(f"{name} added as {p['part']}", "users", "blue", ["Found by a look-up."])


def _settled(p: Payload) -> Told:
    name, value = field_words(p["column"]), _value(p["value"], p["column"])
    if p["is_taken"]:
        details = [f"{value}."]
        if p.get("before"):
            details.append(f"Before: {_value(p['before'], p['column'])}.")
        return Told(f"{name} taken from {p['source']}", "check", "blue", details)
    other = _value(p["other"], p["column"])
    details = [f"{p['source']} says {other}; that was dismissed."]
    return Told(f"{name} kept as it was", "x", "secondary", details)


def _valued(p: Payload) -> Told:
    parts = [
        f"{label} {_money(p[key])}" if p.get(key) is not None else f"{label} back to the estimate"
        for label, key in (("ARV", "arv_amount"), ("repairs", "repairs_amount"))
    ]
    return Told("Values set by hand", "calculator", "blue", [f"{', '.join(parts)}."])


def _money(text: str) -> str:
    return f"${float(text):,.0f}"


def _offer_made(p: Payload) -> Told:
    return Told(f"Offer of {_money(p['amount'])} made", "report-money", "green")


def _offer_accepted(p: Payload) -> Told:
    return Told(f"Seller accepted {_money(p['amount'])}", "signature", "green")


def _message(verb: str, color: str) -> Callable[[Payload], Told]:
    def told(p: Payload) -> Told:
        kind = CHANNELS.get(p["channel"], p["channel"])
        icon = {"email": "mail", "voicemail": "record-mail"}.get(p["channel"], "message")
        reasons = _reasons(p)
        return Told(f"{kind} {verb}", icon, color, reasons)

    return told


def _reasons(p: Payload) -> list[str]:
    codes = (p.get("decision") or {}).get("reasons") or []
    guard = ", ".join(str(code).replace("_", " ") for code in codes)
    told = [f"Guard: {guard}." if guard else "", p.get("reason"), p.get("error_text")]
    return [str(text) for text in told if text]


def _received(p: Payload) -> Told:
    return Told("Seller wrote", "message-dots", "orange", [f"“{p['body']}”"])


def _arv_estimated(p: Payload) -> Told:
    if p["amount"] is None:
        return Told("Too few comparable sales for an ARV", "scale", "secondary")
    spread = f"{_money(p['low_amount'])} to {_money(p['high_amount'])}"
    by = "sales picked by hand" if p["is_picked"] else "comparable sales"
    details = [f"From {len(p['sales'])} {by}: {spread}, {p['confidence']:.0%} confident."]
    return Told(f"ARV of {_money(p['amount'])} reckoned", "scale", "blue", details)


def _arv_adopted(p: Payload) -> Told:
    return Told(f"ARV set to {_money(p['arv_amount'])}", "scale", "blue", [f"{p['arv_source']}."])


_TELLERS: dict[str, Callable[[Payload], Told]] = {
    "deals.deal_opened.v1": _opened,
    "deals.deal_scored.v1": _scored,
    "deals.deal_moved.v1": _moved,
    "deals.deal_updated.v1": _updated,
    "deals.deal_valued.v1": _valued,
    "deals.arv_estimated.v1": _arv_estimated,
    "deals.arv_adopted.v1": _arv_adopted,
    "deals.property_edited.v1": _edited,
    "deals.conflict_settled.v1": _settled,
    "deals.candidate_taken.v1": _candidate,
    "offers.offer_made.v1": _offer_made,
    "offers.offer_accepted.v1": _offer_accepted,
    "channels.message_queued.v1": _message("queued", "secondary"),
    "channels.message_claimed.v1": _message("handed to the provider", "secondary"),
    "channels.message_deferred.v1": _message("put off by the guard", "yellow"),
    "channels.message_blocked.v1": _message("blocked by the guard", "red"),
    "channels.message_accepted.v1": _message("sent", "azure"),
    "channels.message_delivered.v1": _message("delivered", "green"),
    "channels.message_failed.v1": _message("failed", "red"),
    "channels.message_received.v1": _received,
}
