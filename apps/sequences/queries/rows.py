"""Sequences and enrollments of one workspace."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from apps.channels.queries import has_reply_since, is_suppressed
from apps.contacts.models import Contact
from apps.contacts.queries import same_person_refs
from apps.deals.models import Deal, Stage
from apps.sequences.models import Enrollment, Sequence
from apps.sequences.queries.letters import find_address
from apps.sequences.types import OPEN_STATES, ExitFacts, Trigger
from apps.workspaces.models import Workspace

_BOUGHT = {Stage.Kind.UNDER_CONTRACT, Stage.Kind.CLOSED}


def get_sequence(workspace: Workspace, public_id: UUID) -> Sequence:
    """Raises Sequence.DoesNotExist."""
    rows = Sequence.objects.in_workspace(workspace).prefetch_related("steps__template")
    return rows.get(public_id=public_id)


def find_sequence(workspace: Workspace, key: str) -> Sequence | None:
    return Sequence.objects.in_workspace(workspace).filter(key=key).first()


def find_triggered_sequence(workspace: Workspace, trigger: Trigger) -> Sequence | None:
    """The active sequence that starts by itself on a fact; at most one per trigger."""
    rows = Sequence.objects.in_workspace(workspace)
    return rows.filter(trigger=trigger, is_active=True).first()


def list_active_sequences(workspace: Workspace) -> list[Sequence]:
    rows = Sequence.objects.in_workspace(workspace).filter(is_active=True)
    return list(rows.order_by("name"))


def get_enrollment(workspace: Workspace, public_id: UUID) -> Enrollment:
    """Raises Enrollment.DoesNotExist."""
    rows = Enrollment.objects.in_workspace(workspace)
    return rows.select_related("sequence", "deal", "contact").get(public_id=public_id)


def find_open_enrollment(
    workspace: Workspace, sequence: Sequence, deal: Deal, contact: Contact
) -> Enrollment | None:
    rows = Enrollment.objects.in_workspace(workspace).filter(state__in=OPEN_STATES)
    return rows.filter(sequence=sequence, deal=deal, contact=contact).first()


def list_enrollments_of_deal(workspace: Workspace, deal: Deal) -> list[Enrollment]:
    """Newest first, with steps and what became of them; four queries whatever the number."""
    rows = Enrollment.objects.in_workspace(workspace).filter(deal=deal)
    rows = rows.select_related("sequence", "contact")
    return list(rows.prefetch_related("runs", "sequence__steps").order_by("-started_at", "-id"))


def list_open_enrollments(
    workspace: Workspace, sequence: Sequence, limit: int = 50
) -> list[Enrollment]:
    """Who is in a sequence now, next due first, waiting and paused ones last."""
    rows = Enrollment.objects.in_workspace(workspace)
    rows = rows.filter(sequence=sequence, state__in=OPEN_STATES)
    rows = rows.select_related("contact", "deal__property")
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "id")[:limit])


def _is_closed(workspace: Workspace, contact: Contact) -> bool:
    """The person refused, and no own START has reopened an address since."""
    ref = contact.public_id
    if not is_suppressed(workspace, ref):
        return False
    found = [(channel, find_address(workspace, contact, channel)) for channel in ("sms", "email")]
    return all(is_suppressed(workspace, ref, text, channel) for channel, text in found if text)


def exit_facts(workspace: Workspace, enrollment: Enrollment) -> ExitFacts:
    """What the step about to run must know; wants deal and stage loaded with the row."""
    stage = enrollment.deal.stage.kind
    return ExitFacts(
        has_replied=has_reply_since(workspace, enrollment.contact.public_id, enrollment.started_at),
        is_suppressed=_is_closed(workspace, enrollment.contact),
        is_offer_accepted=stage in _BOUGHT,
        is_deal_dead=stage == Stage.Kind.DEAD,
    )


def list_enrollments_of_contact(workspace: Workspace, contact_id: UUID) -> list[Enrollment]:
    """Under any id of the person, newest first."""
    refs = same_person_refs(workspace, contact_id)
    rows = Enrollment.objects.in_workspace(workspace).filter(contact__public_id__in=refs)
    return list(rows.select_related("sequence", "deal").order_by("-started_at", "-id")[:50])
