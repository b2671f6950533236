"""Contacts that may be the same as given ones: found through indexes, compared in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, QuerySet

from apps.contacts.matching import Identity, identity
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.workspaces.models import Workspace

# A number, address or name that more contacts share says nothing about any two of them.
MOST_SHARING = 60
_COLUMNS = (
    "id", "kind", "name", "first_name", "last_name", "mailing_line", "mailing_unit",
    "mailing_city", "mailing_state", "mailing_zip",
)  # fmt: skip


def find_similar(workspace: Workspace, ids: Collection[int]) -> set[int]:
    """Keys of standing contacts that share a phone, e-mail, mailing address or name with `ids`.

    Each by one indexed look-up for all of `ids`, so that the cost does not grow with the workspace.
    """
    phones = Phone.objects.in_workspace(workspace)
    emails = EmailAddress.objects.in_workspace(workspace)
    people = Contact.objects.in_workspace(workspace).filter(merged_into__isnull=True)
    here = people.filter(pk__in=ids)
    return {
        *_sharing(phones, "e164", phones.filter(contact__in=ids), "contact_id"),
        *_sharing(emails, "address", emails.filter(contact__in=ids), "contact_id"),
        *_sharing(people, "mailing_key", here.exclude(mailing_key=""), "id"),
        *_sharing(people, "name", here.exclude(name=""), "id"),
    }


def _sharing(rows: QuerySet[Any], column: str, mine: QuerySet[Any], key: str) -> Iterable[int]:
    values = set(mine.values_list(column, flat=True))
    shared = rows.filter(**{f"{column}__in": values})
    counted = shared.values(column).annotate(sharing=Count("pk"))
    telling = counted.filter(sharing__gt=1, sharing__lte=MOST_SHARING)
    found = set(telling.values_list(column, flat=True))
    return rows.filter(**{f"{column}__in": found}).values_list(key, flat=True) if found else ()


def load_identities(workspace: Workspace, ids: Collection[int]) -> dict[int, Identity]:
    """What is known of standing contacts, in the spelling that is compared.

    A number that turned out to be somebody else's is no part of the person.
    """
    phones = Phone.objects.in_workspace(workspace).exclude(status=Phone.Status.WRONG_NUMBER)
    numbers = _grouped(phones.filter(contact__in=ids), "e164")
    addresses = _grouped(
        EmailAddress.objects.in_workspace(workspace).filter(contact__in=ids), "address"
    )
    people = Contact.objects.in_workspace(workspace).filter(pk__in=ids, merged_into__isnull=True)
    return {
        row["id"]: identity(
            kind=row["kind"],
            name=row["name"],
            first=row["first_name"],
            last=row["last_name"],
            line=row["mailing_line"],
            unit=row["mailing_unit"],
            city=row["mailing_city"],
            state=row["mailing_state"],
            postal=row["mailing_zip"],
            phones=numbers.get(row["id"], ()),
            emails=addresses.get(row["id"], ()),
        )
        for row in people.values(*_COLUMNS)
    }


def _grouped(rows: QuerySet[Any], column: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for contact, value in rows.values_list("contact_id", column):
        found.setdefault(contact, []).append(value)
    return found
