"""What a person decides about the numbers of a contact: which works, which waits, in what order."""

from __future__ import annotations

from datetime import datetime

from apps.common.phones import phone_text
from apps.contacts.models import Contact, Phone
from apps.contacts.rules import USABLE
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import PhoneMarked, PhonesRanked
from apps.events.publish import publish
from apps.workspaces.models import Workspace


@action
def verify_phone(*, workspace: Workspace, actor: Actor, phone: Phone, now: datetime) -> Phone:
    """This number reaches the contact: the others are parked, each saying why. Repeatable.

    A wrong or invalid number keeps its mark. `unpark_phone` brings one back.
    """
    phones = _locked(workspace, phone)
    phone = next(row for row in phones if row.pk == phone.pk)
    others = [row for row in phones if row.pk != phone.pk and row.status in USABLE]
    if phone.status == Phone.Status.VERIFIED and not others:
        unchanged("the number is verified and alone already")
        return phone
    phone.status, phone.verified_at, phone.status_note = Phone.Status.VERIFIED, now, ""
    phone.save()
    for other in others:
        other.status = Phone.Status.PARKED
        other.status_note = f"{phone_text(phone.e164)} was verified"
        other.save()
    _tell(workspace, phone, "verified", actor, now, parked=[row.e164 for row in others])
    return phone


@action
def unpark_phone(*, workspace: Workspace, actor: Actor, phone: Phone, now: datetime) -> Phone:
    """Use a parked number again, with the standing it had proved. Repeatable."""
    phone = next(row for row in _locked(workspace, phone) if row.pk == phone.pk)
    if phone.status != Phone.Status.PARKED:
        unchanged("the number is not parked")
        return phone
    status = Phone.Status.VERIFIED if phone.verified_at else Phone.Status.UNVERIFIED
    phone.status, phone.status_note = status, ""
    phone.save()
    _tell(workspace, phone, "used again", actor, now)
    return phone


@action
def move_phone(
    *, workspace: Workspace, actor: Actor, phone: Phone, is_up: bool, now: datetime
) -> list[Phone]:
    """Try a number one place earlier or later; ranks are 1, 2, 3… afterwards."""
    phones = _locked(workspace, phone)
    at = next(index for index, row in enumerate(phones) if row.pk == phone.pk)
    to = at - 1 if is_up else at + 1
    if not 0 <= to < len(phones):
        unchanged("the number is at that end already")
        return phones
    phones[at], phones[to] = phones[to], phones[at]
    for rank, row in enumerate(phones, 1):
        if row.rank != rank:
            row.rank = rank
            row.save()
    fact = PhonesRanked(subject=phones[0].contact.public_id, phones=[row.e164 for row in phones])
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return phones


def _locked(workspace: Workspace, phone: Phone) -> list[Phone]:
    """All numbers of the contact in their order, under the contact's lock."""
    contact = Contact.objects.in_workspace(workspace).select_for_update().get(pk=phone.contact_id)
    rows = Phone.objects.in_workspace(workspace).filter(contact=contact)
    return list(rows.select_related("contact").order_by("rank", "id"))


def _tell(
    workspace: Workspace,
    phone: Phone,
    reason: str,
    actor: Actor,
    now: datetime,
    parked: list[str] | None = None,
) -> None:
    fact = PhoneMarked(
        subject=phone.contact.public_id,
        e164=phone.e164,
        status=phone.status,
        reason=reason,
        parked=parked or [],
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
