"""Facts that make deals be judged anew or carry them along the pipeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from apps.channels.actions import record_consents
from apps.deals.actions import advance_deal, install_repair_costs, lay_pipeline, score_deals
from apps.deals.actions.reassigning import reassign_deals
from apps.deals.feeds.calls.consents import consents_of_rows
from apps.deals.models import Deal, Stage
from apps.events.actions import Actor
from apps.events.catalog.contacts import (
    ContactResponded,
    ContactsMerged,
    ContactsUnmerged,
    ContactTraced,
    PhoneMarked,
)
from apps.events.catalog.deals import ConflictSettled, DealsReassigned, DealValued, PropertyEdited
from apps.events.catalog.imports import ImportChunkApplied, ImportUndoAdvanced
from apps.events.catalog.offers import OfferAccepted, OfferMade
from apps.events.catalog.valuing import ArvAdopted, RepairsEstimated
from apps.events.catalog.workspaces import WorkspaceCreated
from apps.events.registry import Received, subscribe
from apps.workspaces.queries import get_workspace_by_id

QUALIFICATION = Actor.system("qualification")
PIPELINE = Actor.system("pipeline")


@subscribe(WorkspaceCreated, name="deals.lay_pipeline")
def lay_pipeline_of_new_workspace(event: Received[WorkspaceCreated]) -> None:
    lay_pipeline(
        workspace=get_workspace_by_id(event.workspace_id), actor=PIPELINE, now=event.occurred_at
    )


@subscribe(ImportChunkApplied, name="deals.score_chunk", batch=2)
def score_imported(events: Sequence[Received[ImportChunkApplied]]) -> None:
    """Created and updated deals alike. Two chunks keep the transaction short on SQLite."""
    _score([(event, event.fact.deals) for event in events])


@subscribe(ImportChunkApplied, name="deals.record_form_consents")
def record_form_consents(event: Received[ImportChunkApplied]) -> None:
    """With the chunk and not with the whole file: follow-up may begin before the file ends."""
    workspace = get_workspace_by_id(event.workspace_id)
    applied = event.fact
    given = consents_of_rows(workspace, applied.subject, applied.first_row, applied.last_row)
    if given:
        record_consents(
            workspace=workspace,
            actor=Actor.system("deals.web_forms"),
            given=given,
            now=event.occurred_at,
        )


@subscribe(WorkspaceCreated, name="deals.install_repair_costs")
def install_costs_of_new_workspace(event: Received[WorkspaceCreated]) -> None:
    install_repair_costs(
        workspace=get_workspace_by_id(event.workspace_id), actor=PIPELINE, now=event.occurred_at
    )


@subscribe(ImportUndoAdvanced, name="deals.score_undone", batch=4)
def score_undone(events: Sequence[Received[ImportUndoAdvanced]]) -> None:
    """Deals that got former values back."""
    _score([(event, event.fact.deals) for event in events])


SetByHand = DealValued | RepairsEstimated | ArvAdopted | PropertyEdited | ConflictSettled


@subscribe(
    DealValued, RepairsEstimated, ArvAdopted, PropertyEdited, ConflictSettled,
    name="deals.score_valued", batch=200,
)  # fmt: skip
def score_valued(events: Sequence[Received[SetByHand]]) -> None:
    """What a person set by hand."""
    _score([(event, [event.fact.subject]) for event in events])


@subscribe(ContactTraced, PhoneMarked, name="deals.score_contact", batch=50)
def score_deals_of_contact(events: Sequence[Received[ContactTraced | PhoneMarked]]) -> None:
    _score([(event, _deals_of(event)) for event in events])


def _deals_of(event: Received[ContactTraced | PhoneMarked]) -> list[UUID]:
    rows = Deal.objects.in_workspace(event.workspace_id)
    rows = rows.filter(parties__contact__public_id=event.fact.subject)
    return list(rows.values_list("public_id", flat=True))


def _score(wanted: Sequence[tuple[Received, Sequence[UUID]]]) -> None:
    by_workspace: dict[int, dict[UUID, None]] = defaultdict(dict)
    latest = max(event.occurred_at for event, _ in wanted)
    for event, deals in wanted:
        by_workspace[event.workspace_id].update(dict.fromkeys(deals))
    for workspace_id, named in by_workspace.items():
        score_deals(
            workspace=get_workspace_by_id(workspace_id),
            actor=QUALIFICATION,
            deals=list(named),
            now=latest,
        )


@subscribe(DealsReassigned, name="deals.score_reassigned", batch=20)
def score_reassigned(events: Sequence[Received[DealsReassigned]]) -> None:
    """Another seller has other phones and another past."""
    _score([(event, event.fact.deals) for event in events])


@subscribe(OfferMade, name="deals.advance_on_offer")
def advance_on_offer(event: Received[OfferMade]) -> None:
    _advance(event, event.fact.deal, Stage.Kind.OFFERED, "An offer was made.")


@subscribe(ContactResponded, name="deals.advance_on_response")
def advance_on_response(event: Received[ContactResponded]) -> None:
    if event.fact.deal is not None:
        _advance(event, event.fact.deal, Stage.Kind.IN_CONVERSATION, "The seller wrote back.")


@subscribe(OfferAccepted, name="deals.advance_on_acceptance")
def advance_on_acceptance(event: Received[OfferAccepted]) -> None:
    _advance(event, event.fact.deal, Stage.Kind.UNDER_CONTRACT, "The seller accepted the offer.")


def _advance(event: Received, deal: UUID, kind: str, reason: str) -> None:
    advance_deal(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=PIPELINE,
        deal=deal,
        kind=kind,
        reason=reason,
        now=event.occurred_at,
    )


@subscribe(ContactsMerged, ContactsUnmerged, name="deals.reassign_deals")
def on_contacts_merged(event: Received[ContactsMerged | ContactsUnmerged]) -> None:
    reassign_deals(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("deals.reassign_deals"),
        merge_id=event.fact.merge,
        now=event.occurred_at,
    )
