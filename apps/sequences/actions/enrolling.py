"""A seller enters a follow-up."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.channels.queries import is_suppressed
from apps.contacts.models import Contact
from apps.deals.models import Deal
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.sequences import EnrollmentStarted
from apps.events.publish import publish
from apps.sequences import rules
from apps.sequences.models import Enrollment, Sequence
from apps.sequences.queries.letters import find_address
from apps.sequences.queries.rows import find_open_enrollment
from apps.sequences.types import EnrollmentState, PlannedStep
from apps.workspaces.models import Workspace


class CannotEnroll(ValueError):
    """The seller cannot be followed up with this sequence; the message says why."""


@action
def enroll_contact(
    *,
    workspace: Workspace,
    actor: Actor,
    sequence: Sequence,
    deal: Deal,
    contact: Contact,
    now: datetime,
) -> Enrollment:
    """Start following up a seller on a deal; the first step is due at its own offset from `now`.

    Repeatable: while an enrollment is open, asking again gives the same one and no fact.
    Raises CannotEnroll.
    """
    standing = find_open_enrollment(workspace, sequence, deal, contact)
    if standing is not None:
        unchanged("the seller is in this follow-up already")
        return standing
    first = _require_startable(workspace, sequence, deal, contact)
    row = Enrollment(
        workspace=workspace,
        sequence=sequence,
        deal=deal,
        contact=contact,
        state=EnrollmentState.ACTIVE,
        next_position=first.position,
        started_at=now,
        due_at=now + first.offset,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Two clicks at once: the constraint lets one through, the other gets the same row.
        standing = find_open_enrollment(workspace, sequence, deal, contact)
        if standing is None:
            raise
        unchanged("the seller is in this follow-up already")
        return standing
    fact = EnrollmentStarted(
        subject=row.public_id,
        sequence=sequence.key,
        sequence_version=sequence.version,
        deal=deal.public_id,
        contact=contact.public_id,
        due_at=now + first.offset,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


def _require_startable(
    workspace: Workspace, sequence: Sequence, deal: Deal, contact: Contact
) -> PlannedStep:
    if not sequence.is_active:
        raise CannotEnroll(f"“{sequence.name}” is switched off.")
    first = rules.step_from([step.planned() for step in sequence.steps.all()], 0)
    if first is None:
        raise CannotEnroll(f"“{sequence.name}” has no steps yet.")
    if deal.status != Deal.Status.OPEN:
        raise CannotEnroll("This deal is closed; there is nothing to follow up.")
    if not deal.parties.filter(contact=contact).exists():
        raise CannotEnroll(f"{contact.name} is no party of this deal.")
    address = find_address(workspace, contact, first.channel)
    if not address:
        kind = "e-mail address" if first.channel == "email" else "phone number"
        raise CannotEnroll(f"{contact.name} has no {kind} for the first step.")
    if is_suppressed(workspace, contact.public_id, address, first.channel):
        raise CannotEnroll(f"{contact.name} asked not to be contacted.")
    return first
