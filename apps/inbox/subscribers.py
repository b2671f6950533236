"""A contact's message opens a conversation; a person's message that went out stops its clock."""

from apps.channels.types import Intent, Purpose
from apps.contacts.queries import get_contact
from apps.deals.queries import get_deal
from apps.events.actions import Actor
from apps.events.catalog.channels import MessageAccepted
from apps.events.catalog.contacts import ContactResponded, ContactsMerged, ContactsUnmerged
from apps.events.registry import Received, subscribe
from apps.inbox.actions import join_conversations, record_answer, record_reply
from apps.workspaces.queries import get_workspace_by_id


@subscribe(ContactResponded, name="inbox.record_reply")
def on_response(event: Received[ContactResponded]) -> None:
    workspace = get_workspace_by_id(event.workspace_id)
    fact = event.fact
    contact = get_contact(workspace, fact.subject)
    record_reply(
        workspace=workspace,
        actor=Actor.contact(contact.public_id, contact.name),
        contact=contact,
        deal=get_deal(workspace, fact.deal) if fact.deal else None,
        channel=fact.channel,
        body=fact.body,
        wants_answer=fact.intent != Intent.STOP,
        now=event.occurred_at,
    )


@subscribe(MessageAccepted, name="inbox.record_answer")
def on_message_accepted(event: Received[MessageAccepted]) -> None:
    if event.fact.purpose != Purpose.MANUAL:
        return
    record_answer(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("inbox.record_answer"),
        contact_id=event.fact.contact,
        channel=event.fact.channel,
        now=event.occurred_at,
    )


@subscribe(ContactsMerged, ContactsUnmerged, name="inbox.join_conversations")
def on_contacts_merged(event: Received[ContactsMerged | ContactsUnmerged]) -> None:
    join_conversations(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("inbox.join_conversations"),
        merge_id=event.fact.merge,
        now=event.occurred_at,
    )
