"""New and changed contacts, phones and e-mails of a chunk into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.common.bulk import insert_rows, reserve_ids, update_rows
from apps.common.ids import new_uuid_texts
from apps.common.lookups import Many
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion.contact_values import CHANGING, COLUMNS
from apps.deals.ingestion.people import People


@dataclass(frozen=True, slots=True)
class Written:
    """Primary keys of what a chunk inserted and changed."""

    contacts: list[int]
    changed_contacts: list[int]
    phones: list[int]
    changed_phones: list[int]
    emails: list[int]


def write_people(people: People, source: str, now: datetime) -> Written:
    """Insert the new and update the changed; returns the keys of every touched row."""
    for owner, key in zip(people.new, reserve_ids(Contact, len(people.new)), strict=True):
        owner.id = key
    insert_rows(
        Contact,
        [*COLUMNS, "workspace_id", "public_id", "created_at", "source", "id"],
        (
            [*[item.values[name] for name in COLUMNS], people.workspace_id, item.public_id, now,
             source, item.id]
            for item in people.new
        ),
    )  # fmt: skip
    changed = [owner for owner in people.known if owner.is_changed]
    update_rows(
        Contact,
        CHANGING,
        [[*[item.values[name] for name in CHANGING], item.id] for item in changed],
    )
    _compare_again(people)
    phones, changed_phones = _write_phones(people, source, now)
    return Written(
        contacts=[owner.id for owner in people.new if owner.id],
        changed_contacts=[owner.id for owner in changed if owner.id],
        phones=phones,
        changed_phones=changed_phones,
        emails=_write_emails(people, source, now),
    )


def _compare_again(people: People) -> None:
    """Known contacts that moved or get another phone or e-mail are due for duplicates again."""
    touched = [
        owner.id
        for owner in people.known
        if owner.is_changed
        or any(phone.id is None for phone in owner.phones.values())
        or None in owner.emails.values()
    ]
    if not touched:
        return
    rows = Contact.objects.in_workspace(people.workspace_id).filter(pk__any_of=Many(touched))
    rows.filter(compared_at__isnull=False).update(compared_at=None)


def _write_phones(people: People, source: str, now: datetime) -> tuple[list[int], list[int]]:
    new = [
        (owner.id, rank, e164, phone)
        for owner in people.everyone
        for rank, (e164, phone) in enumerate(owner.phones.items(), 1)
        if phone.id is None
    ]
    keys = reserve_ids(Phone, len(new))
    insert_rows(
        Phone,
        ["id", "public_id", "workspace_id", "created_at", "contact_id", "e164", "rank",
         "line_type", "status", "is_dnc", "source", "carrier", "is_litigator"],
        (
            (key, public_id, people.workspace_id, now, contact, e164, rank, phone.line_type,
             Phone.Status.UNVERIFIED.value, phone.is_dnc, source,
             phone.cell.carrier[:80] if phone.cell else "",
             phone.cell is not None and phone.cell.is_litigator)
            for key, public_id, (contact, rank, e164, phone) in zip(
                keys, new_uuid_texts(len(keys)), new, strict=True
            )
        ),
    )  # fmt: skip
    changed = [
        phone for owner in people.known for phone in owner.phones.values() if phone.is_changed
    ]
    update_rows(
        Phone,
        ["line_type", "is_dnc"],
        [[phone.line_type, phone.is_dnc, phone.id] for phone in changed],
    )
    return keys, [phone.id for phone in changed if phone.id]


def _write_emails(people: People, source: str, now: datetime) -> list[int]:
    new = [
        (owner.id, rank, address)
        for owner in people.everyone
        for rank, (address, key) in enumerate(owner.emails.items(), 1)
        if key is None
    ]
    keys = reserve_ids(EmailAddress, len(new))
    insert_rows(
        EmailAddress,
        ["id", "public_id", "workspace_id", "created_at", "contact_id", "address", "rank",
         "status", "source"],
        [
            [key, public_id, people.workspace_id, now, contact, address, rank,
             EmailAddress.Status.UNVERIFIED.value, source]
            for key, public_id, (contact, rank, address) in zip(
                keys, new_uuid_texts(len(keys)), new, strict=True
            )
        ],
    )  # fmt: skip
    return keys
