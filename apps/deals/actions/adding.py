"""People added to a deal by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from apps.contacts.candidates import CandidateUnusable, get_candidate, name_of, take_over
from apps.contacts.models import Contact
from apps.contacts.queries import get_contact, same_person_refs
from apps.deals.actions.moving import lock_deal
from apps.deals.actions.taking import refresh_search_text
from apps.deals.ingestion.contact_values import comparable_name
from apps.deals.ingestion.pipeline import FIRST_OTHER_RANK
from apps.deals.ingestion.places import bounded
from apps.deals.models import Deal, DealParty
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import CandidateTaken
from apps.events.publish import publish
from apps.workspaces.models import Workspace

ADDABLE = (DealParty.Part.RELATIVE, DealParty.Part.RESIDENT, DealParty.Part.OTHER)


@action
def take_candidate(
    *,
    workspace: Workspace,
    actor: Actor,
    deal: Deal,
    trace_id: UUID,
    number: int,
    part: str,
    now: datetime,
) -> Contact:
    """Somebody beside the owner whom a look-up found becomes a contact of the deal. Repeatable.

    `part` is one of ADDABLE: they are shown and may be called by a person, but no follow-up writes
    to them. Raises CandidateUnusable, and SkipTrace.DoesNotExist for what is not there.
    """
    if part not in ADDABLE:
        raise CandidateUnusable("Say what the person is to the owner: relative, resident, other.")
    held = lock_deal(workspace, deal.public_id)
    candidate = get_candidate(workspace, trace_id, number, for_update=True)
    parties = DealParty.objects.in_workspace(workspace).filter(deal=held)
    owner = same_person_refs(workspace, candidate.trace.contact.public_id)
    if not parties.filter(contact__public_id__in=owner).exists():
        raise CandidateUnusable("The look-up was for somebody who is not in this deal.")
    if candidate.contact_id is not None:
        contact = get_contact(workspace, candidate.contact_id)
    else:
        place = held.property.address_key or f"{held.property.county_key} {held.property.apn_key}"
        key = f"{comparable_name(name_of(candidate))} @ {bounded(place, 200)}"
        contact = take_over(workspace, candidate, match_key=key)
    if parties.filter(contact=contact).exists():
        unchanged("the person stands in the deal already")
        return contact
    last = parties.aggregate(rank=Max("rank"))["rank"] or 0
    DealParty.objects.create(
        workspace=workspace,
        deal=held,
        contact=contact,
        part=part,
        rank=max(last + 1, FIRST_OTHER_RANK),
    )
    refresh_search_text(held)
    publish(
        CandidateTaken(
            subject=held.public_id,
            contact=contact.public_id,
            contact_name=contact.name,
            part=part,
            trace=candidate.trace.public_id,
            phones=len(candidate.phones),
            emails=len(candidate.emails),
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return contact
