"""A qualified deal has its seller checked; a reply becomes a response of a contact."""

from itertools import groupby

from apps.contacts.actions.answering import record_response
from apps.contacts.actions.checking import request_checks
from apps.contacts.actions.suggesting import compare_again
from apps.contacts.actions.troubles import end_trouble
from apps.contacts.queries import find_contact, find_contact_by_address
from apps.events.actions import Actor
from apps.events.catalog.channels import MessageReceived
from apps.events.catalog.contacts import ContactsMerged, ContactsUnmerged, ContactTraced
from apps.events.catalog.judging import DealScored
from apps.events.catalog.workspaces import ConnectionSaved
from apps.events.registry import Received, subscribe
from apps.workspaces.queries import find_connection_by_ref, get_workspace_by_id
from apps.workspaces.types import Capability


@subscribe(DealScored, name="contacts.check_qualified_sellers", batch=100)
def check_qualified_sellers(events: list[Received[DealScored]]) -> None:
    wanted = [event for event in events if event.fact.verdict == "qualified" and event.fact.seller]
    wanted.sort(key=lambda event: event.workspace_id)
    for workspace_id, group in groupby(wanted, key=lambda event: event.workspace_id):
        facts = list(group)
        request_checks(
            workspace=get_workspace_by_id(workspace_id),
            actor=Actor.system("contacts.check_qualified_sellers"),
            contact_ids=[event.fact.seller for event in facts if event.fact.seller],
            reason="deal qualified",
            now=max(event.occurred_at for event in facts),
        )


@subscribe(ContactTraced, ContactsMerged, ContactsUnmerged, name="contacts.compare_again")
def compare_changed(event: Received[ContactTraced | ContactsMerged | ContactsUnmerged]) -> None:
    compare_again(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("contacts.compare_again"),
        contact_id=event.fact.subject,
        now=event.occurred_at,
    )


@subscribe(MessageReceived, name="contacts.record_response")
def note_response(event: Received[MessageReceived]) -> None:
    """A message from an address nobody has is left to the inbox, which shows it as unknown."""
    workspace = get_workspace_by_id(event.workspace_id)
    fact = event.fact
    contact = (
        find_contact(workspace, fact.contact)
        if fact.contact
        else find_contact_by_address(workspace, fact.from_address)
    )
    if contact is None:
        return
    record_response(
        workspace=workspace,
        actor=Actor.contact(contact.public_id, contact.name),
        contact=contact,
        message_id=fact.subject,
        deal_id=fact.deal,
        channel=fact.channel,
        from_address=fact.from_address,
        body=fact.body,
        intent=fact.intent,
        now=event.occurred_at,
    )


@subscribe(ConnectionSaved, name="contacts.forgive_vendor")
def forgive_vendor(event: Received[ConnectionSaved]) -> None:
    """Whoever changes a connection has mended it, or is told so by the next look-up."""
    if event.fact.capability not in (Capability.SKIP_TRACE, Capability.PHONE_LOOKUP):
        return
    workspace = get_workspace_by_id(event.workspace_id)
    connection = find_connection_by_ref(workspace, event.fact.subject)
    if connection is None:
        return
    end_trouble(
        workspace=workspace,
        actor=Actor.system("contacts.forgive_vendor"),
        connection=connection,
        now=event.occurred_at,
    )
