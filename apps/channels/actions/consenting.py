"""Consents that somebody records, each with what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.channels.addresses import any_address
from apps.channels.aliases import current_ref
from apps.channels.models import Consent
from apps.channels.types import Channel, ConsentBasis
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import ConsentRecorded
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class ConsentGiven:
    """What was agreed and how it can be proved. An empty `address` covers all of the person's.

    `evidence_key` names the evidence where the same may be told twice: it is kept once.
    `recorded_by` is who took it, where that is not the actor.
    """

    basis: ConsentBasis
    channels: Sequence[Channel]
    given_at: datetime
    address: str = ""
    seller_name: str = ""
    text_shown: str = ""
    source_url: str = ""
    source_hash: str = ""
    ip_address: str | None = None
    certificate: str = ""
    user_agent: str = ""
    evidence_key: str = ""
    recorded_by: str = ""


@action
def record_consent(
    *, workspace: Workspace, actor: Actor, contact_ref: UUID, given: ConsentGiven, now: datetime
) -> Consent:
    """Keep a consent with its evidence. An imported list is none: only a person can agree."""
    consent = _stored(workspace, actor, contact_ref, given)
    publish(_recorded(consent), workspace_id=workspace.pk, actor=actor, now=now)
    return consent


@action
def record_consents(
    *,
    workspace: Workspace,
    actor: Actor,
    given: Sequence[tuple[UUID, ConsentGiven]],
    now: datetime,
) -> int:
    """Keep what several persons agreed to, each evidence once; returns how many are new.

    A consent never lifts a refusal: the guard weighs refusals first, whatever was agreed and when.
    """
    keys = {one.evidence_key for _, one in given if one.evidence_key}
    rows = Consent.objects.in_workspace(workspace).filter(evidence_key__in=keys)
    known = set(rows.values_list("evidence_key", flat=True))
    fresh = [
        _stored(workspace, actor, contact_ref, one)
        for contact_ref, one in given
        if one.evidence_key not in known
    ]
    if not fresh:
        unchanged("these consents are kept already")
        return 0
    facts = [_recorded(consent) for consent in fresh]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return len(fresh)


def _stored(workspace: Workspace, actor: Actor, contact_ref: UUID, given: ConsentGiven) -> Consent:
    consent: Consent = Consent.objects.create(
        workspace=workspace,
        contact_ref=current_ref(workspace, contact_ref),
        address=any_address(given.address) if given.address else "",
        basis=given.basis,
        channels=[str(channel) for channel in given.channels],
        seller_name=given.seller_name or workspace.name,
        text_shown=given.text_shown,
        source_url=given.source_url,
        source_hash=given.source_hash,
        ip_address=given.ip_address,
        certificate=given.certificate,
        user_agent=given.user_agent,
        evidence_key=given.evidence_key,
        recorded_by=(given.recorded_by or f"{actor.kind}: {actor.label}")[:150],
        given_at=given.given_at,
    )
    return consent


def _recorded(consent: Consent) -> ConsentRecorded:
    return ConsentRecorded(
        subject=consent.public_id,
        contact=consent.contact_ref,
        channel=",".join(consent.channels),
        kind=str(consent.basis),
        evidence={
            "address": consent.address,
            "source_url": consent.source_url,
            "source_hash": consent.source_hash,
            "text_shown": consent.text_shown,
            "certificate": consent.certificate,
            "given_at": consent.given_at.isoformat(),
        },
    )
