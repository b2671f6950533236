"""What the sending room does about other facts: each handler calls one action."""

from apps.channels.actions import cancel_message, cancel_waiting, queue_message
from apps.channels.confirming import CONFIRMATION, opt_out_to_confirm
from apps.channels.locks import lock_follow_up
from apps.channels.types import Intent, Purpose
from apps.events.actions import Actor
from apps.events.catalog.channels import MessageReceived
from apps.events.catalog.sequences import EnrollmentStopped, StepReached
from apps.events.queries import list_facts
from apps.events.registry import Received, subscribe
from apps.workspaces.queries import get_workspace_by_id


@subscribe(StepReached, name="channels.queue_step")
def queue_step(event: Received[StepReached]) -> None:
    fact = event.fact
    # In line with `take_back_step`: either it finds the message, or the stop is seen here.
    lock_follow_up(event.workspace_id, fact.subject)
    stops = [EnrollmentStopped.name]
    # News of a stop may arrive first, when there was nothing yet that could be taken back.
    if list_facts(event.workspace_id, subject=fact.subject, names=stops, limit=1):
        return
    queue_message(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("channels.queue_step"),
        contact_ref=fact.contact,
        deal_ref=fact.deal,
        channel=fact.channel,
        to_address=fact.to_address,
        subject=fact.subject_line,
        body=fact.body,
        purpose=Purpose.SEQUENCE,
        idempotency_key=fact.idempotency_key,
        now=event.occurred_at,
        stop_if_replied_since=fact.stop_if_replied_since,
    )


@subscribe(EnrollmentStopped, name="channels.take_back_step")
def take_back_step(event: Received[EnrollmentStopped]) -> None:
    if not event.fact.message_key:
        return
    lock_follow_up(event.workspace_id, event.fact.subject)
    cancel_message(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("channels.take_back_step"),
        idempotency_key=event.fact.message_key,
        reason="sequence_stopped",
        now=event.occurred_at,
    )


@subscribe(MessageReceived, name="channels.take_back_waiting")
def take_back_waiting(event: Received[MessageReceived]) -> None:
    if event.fact.contact is None:
        return
    cancel_waiting(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("channels.take_back_waiting"),
        contact_ref=event.fact.contact,
        replied_at=event.occurred_at,
        is_opt_out=event.fact.intent == Intent.STOP,
        now=event.occurred_at,
    )


@subscribe(MessageReceived, name="channels.confirm_opt_out")
def confirm_opt_out(event: Received[MessageReceived]) -> None:
    """One confirmation for a new opt-out by text; the guard lets it out within five minutes."""
    workspace = get_workspace_by_id(event.workspace_id)
    refusal = opt_out_to_confirm(workspace, event.fact)
    if refusal is None or event.fact.contact is None:
        return
    queue_message(
        workspace=workspace,
        actor=Actor.system("channels.confirm_opt_out"),
        contact_ref=event.fact.contact,
        deal_ref=event.fact.deal,
        channel=event.fact.channel,
        to_address=event.fact.from_address,
        subject="",
        body=CONFIRMATION.format(sender=workspace.name),
        purpose=Purpose.OPT_OUT_CONFIRMATION,
        idempotency_key=f"opt-out:{refusal.public_id}",
        now=event.occurred_at,
    )
