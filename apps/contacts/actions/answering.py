"""What a person's own words change about the person."""

from datetime import datetime
from uuid import UUID

from apps.channels.types import Channel, Intent
from apps.common.phones import to_e164
from apps.contacts.models import Contact, Phone
from apps.contacts.rules import USABLE, worse_standing
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import ContactResponded, PhoneMarked
from apps.events.publish import publish
from apps.workspaces.models import Workspace


@action
def record_response(
    *,
    workspace: Workspace,
    actor: Actor,
    contact: Contact,
    message_id: UUID,
    deal_id: UUID | None,
    channel: str,
    from_address: str,
    body: str,
    intent: str,
    now: datetime,
) -> Contact:
    """A contact wrote back: the number is proven, or given up when they say it is a wrong one."""
    contact = Contact.objects.in_workspace(workspace).select_for_update().get(pk=contact.pk)
    last = contact.last_responded_at
    contact.last_responded_at = max(last, now) if last else now
    contact.save(update_fields=["last_responded_at"])
    if channel == Channel.SMS:
        _judge_number(workspace, contact, from_address, intent)
    publish(
        ContactResponded(
            subject=contact.public_id,
            deal=deal_id,
            channel=channel,
            body=body,
            intent=intent,
            message=message_id,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return contact


def _judge_number(workspace: Workspace, contact: Contact, address: str, intent: str) -> None:
    rows = Phone.objects.in_workspace(workspace).filter(contact=contact, e164=to_e164(address))
    for phone in rows:
        standing = phone.status
        if intent == Intent.WRONG_NUMBER:
            standing = worse_standing(standing, Phone.Status.WRONG_NUMBER)
        elif standing in USABLE:
            standing = Phone.Status.VERIFIED
        if phone.status != standing:
            phone.status = standing
            phone.save()


@action
def mark_phone(
    *, workspace: Workspace, actor: Actor, phone: Phone, status: str, reason: str, now: datetime
) -> Phone:
    """A person or a provider says what became of a number. The same mark again changes nothing.

    Raises ValueError for a status that does not exist.
    """
    status = Phone.Status(status)
    phone = (
        Phone.objects.in_workspace(workspace)
        .select_for_update(of=("self",))
        .select_related("contact")
        .get(pk=phone.pk)
    )
    if phone.status == status:
        unchanged("the number has this mark already")
        return phone
    phone.status, phone.status_note = status, reason[:200]
    if status == Phone.Status.VERIFIED:
        phone.verified_at = now
    phone.save()
    publish(
        PhoneMarked(
            subject=phone.contact.public_id, e164=phone.e164, status=status, reason=reason[:200]
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return phone
