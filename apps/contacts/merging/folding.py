"""What a merge does to the people room's own rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from apps.contacts.merging.ledger import change_row, move_row, remove_row
from apps.contacts.models import Contact, EmailAddress, Merge, MergeMove, MergeSuggestion, Phone
from apps.contacts.rules import CHOICES, worse_standing
from apps.events.history import ActingRecord

_FOLDED = (Contact, Phone, EmailAddress, Merge, MergeMove, MergeSuggestion)


def own_models() -> Iterator[tuple[type[models.Model], str]]:
    """The other tables of this room that hang on a contact, and by which field."""
    for relation in Contact._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model if relation.one_to_many else None
        if model is None or model._meta.app_label != Contact._meta.app_label:
            continue
        if model not in _FOLDED and not issubclass(model, ActingRecord):
            yield model, relation.field.name  # type: ignore[union-attr]


def own_labels() -> list[str]:
    """What the unmerge itself restores; deals, offers, follow-ups and conversations do theirs."""
    channels = ["channels.Message", "channels.InboundMessage", "channels.Consent"]
    folded = [model._meta.label for model in (Contact, Phone, EmailAddress)]
    return [*channels, *folded, *(model._meta.label for model, _ in own_models())]


def fold_contact(
    merge: Merge, survivor: Contact, other: Contact, choices: Mapping[str, str]
) -> None:
    """Take the chosen fields; a warning of either stands, the latest answer counts."""
    values: dict[str, Any] = {}
    for field, columns in CHOICES.items():
        is_empty = not any(getattr(survivor, column) for column in columns)
        if choices.get(field, "other" if is_empty else "survivor") == "other":
            values |= {column: getattr(other, column) for column in columns}
    for mark in ("is_do_not_mail", "is_litigator", "is_deceased"):
        values[mark] = getattr(survivor, mark) or getattr(other, mark)
    answers = [one.last_responded_at for one in (survivor, other) if one.last_responded_at]
    values["last_responded_at"] = max(answers, default=None)
    checks = [one.check_due_at for one in (survivor, other) if one.check_due_at]
    values["check_due_at"] = min(checks, default=None)
    change_row(merge, survivor, **values)
    change_row(merge, other, merged_into_id=survivor.pk, check_due_at=None)


def fold_phones(merge: Merge, survivor: Contact, other: Contact) -> None:
    """The survivor's numbers first, then the other's; of a number both have, every warning."""
    kept = {row.e164: row for row in survivor.phones.order_by("rank", "id")}
    last = max([row.rank for row in kept.values()], default=0)
    for phone in other.phones.order_by("rank", "id"):
        twin = kept.get(phone.e164)
        if twin is None:
            last += 1
            change_row(merge, phone, contact_id=survivor.pk, rank=last)
            continue
        remove_row(merge, phone)
        change_row(merge, twin, **_joined(twin, phone))


def _joined(kept: Phone, extra: Phone) -> dict[str, Any]:
    checks = [day for day in (kept.dnc_checked_on, extra.dnc_checked_on) if day]
    status = worse_standing(kept.status, extra.status)
    proofs = [at for at in (kept.verified_at, extra.verified_at) if at]
    return {
        "status": status,
        "status_note": kept.status_note if status == kept.status else extra.status_note,
        "verified_at": max(proofs, default=None),
        "is_dnc": kept.is_dnc or extra.is_dnc,
        "dnc_checked_on": max(checks, default=None),
        "dnc_source": kept.dnc_source or extra.dnc_source,
        "is_litigator": kept.is_litigator or extra.is_litigator,
        "carrier": kept.carrier or extra.carrier,
        "line_type": extra.line_type if kept.line_type == "unknown" else kept.line_type,
    }


_EMAIL_STANDINGS = ("bounced", "invalid", "verified", "unverified")


def fold_emails(merge: Merge, survivor: Contact, other: Contact) -> None:
    kept = {row.address: row for row in survivor.emails.order_by("rank", "id")}
    last = max([row.rank for row in kept.values()], default=0)
    for email in other.emails.order_by("rank", "id"):
        twin = kept.get(email.address)
        if twin is None:
            last += 1
            change_row(merge, email, contact_id=survivor.pk, rank=last)
            continue
        remove_row(merge, email)
        worse = min(twin.status, email.status, key=_EMAIL_STANDINGS.index)
        change_row(merge, twin, status=worse)


def fold_others(merge: Merge, survivor: Contact, other: Contact) -> None:
    """Look-ups and whatever else this room keeps of a contact; a row that would clash stays."""
    for model, field in own_models():
        for row in model._default_manager.filter(**{field: other}).order_by("pk"):
            move_row(merge, row, field, survivor.pk)
