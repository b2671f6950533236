"""Sealing: batches of facts chained by SHA-256, off the write path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from apps.events.models import Event, Seal

BATCH = 5000
GENESIS = "0" * 64


@dataclass(frozen=True)
class Flaw:
    """One disagreement between the log and its seals."""

    workspace_id: int
    text: str


def canonical(event: Event) -> bytes:
    """The bytes of a fact that its seal covers: sorted JSON, times in UTC."""
    parts: dict[str, Any] = {
        "actor": [event.actor_kind, event.actor_id, event.actor_label],
        "cause": str(event.cause or ""),
        "deal": str(event.deal or ""),
        "id": str(event.public_id),
        "name": event.name,
        "occurred_at": event.occurred_at.astimezone(UTC).isoformat(),
        "payload": event.payload,
        "seq": event.seq,
        "subject": [event.subject_kind, str(event.subject)],
        "workspace": event.workspace_id,
    }
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()


def chain(previous_hash: str, events: Iterable[Event]) -> str:
    """Hash of a seal: the previous hash, then every fact of the batch in sequence."""
    digest = hashlib.sha256(previous_hash.encode())
    for event in events:
        digest.update(canonical(event))
        digest.update(b"\n")
    return digest.hexdigest()


def seal_all(*, now: datetime, batch: int = BATCH) -> int:
    """Seal every committed, unsealed fact of every workspace; returns how many were sealed."""
    sealed = 0
    workspaces = list(
        Event.objects.filter(seal__isnull=True).values_list("workspace_id", flat=True).distinct()
    )
    for workspace_id in workspaces:
        while count := _seal_batch(workspace_id, now, batch):
            sealed += count
    return sealed


def _seal_batch(workspace_id: int, now: datetime, batch: int) -> int:
    try:
        with transaction.atomic():
            return _seal_in_transaction(workspace_id, now, batch)
    except IntegrityError:
        return 0  # another sealer took this number: its batch stands, ours comes next time


def _seal_in_transaction(workspace_id: int, now: datetime, batch: int) -> int:
    last = (
        Seal.objects.select_for_update()
        .filter(workspace_id=workspace_id)
        .order_by("-number")
        .first()
    )
    events = list(
        Event.objects.filter(workspace_id=workspace_id, seal__isnull=True).order_by("id")[:batch]
    )
    if not events:
        return 0
    first_seq = last.last_seq + 1 if last else 1
    for seq, event in enumerate(events, first_seq):
        event.seq = seq
    previous = last.hash if last else GENESIS
    seal = Seal.objects.create(
        workspace_id=workspace_id,
        number=last.number + 1 if last else 1,
        first_seq=first_seq,
        last_seq=first_seq + len(events) - 1,
        previous_hash=previous,
        hash=chain(previous, events),
        sealed_at=now,
    )
    _number(events, seal)
    return len(events)


def _number(events: list[Event], seal: Seal) -> None:
    for start in range(0, len(events), 500):
        part = events[start : start + 500]
        marks = ",".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE events_event SET seal_id = %s, seq = numbered.n FROM ("
                "SELECT id, %s + ROW_NUMBER() OVER (ORDER BY id) AS n FROM events_event"
                f" WHERE id IN ({marks})) AS numbered WHERE events_event.id = numbered.id",
                [seal.pk, (part[0].seq or 0) - 1, *[event.pk for event in part]],
            )


def find_flaws() -> Iterable[Flaw]:
    """Re-compute every seal from the stored facts and yield each disagreement."""
    workspaces = Seal.objects.values_list("workspace_id", flat=True).distinct()
    for workspace_id in list(workspaces.order_by("workspace_id")):
        yield from _flaws_of(workspace_id)


def _flaws_of(workspace_id: int) -> Iterable[Flaw]:
    previous, number, last_seq = GENESIS, 0, 0
    for seal in Seal.objects.filter(workspace_id=workspace_id).order_by("number").iterator():
        if seal.number != number + 1 or seal.first_seq != last_seq + 1:
            yield Flaw(workspace_id, f"seal {number + 1} is missing")
        if seal.previous_hash != previous:
            yield Flaw(workspace_id, f"seal {seal.number} does not continue the one before it")
        events = list(
            Event.objects.filter(
                workspace_id=workspace_id, seq__gte=seal.first_seq, seq__lte=seal.last_seq
            ).order_by("seq")
        )
        if len(events) != seal.last_seq - seal.first_seq + 1:
            yield Flaw(workspace_id, f"facts under seal {seal.number} are missing or too many")
        if chain(seal.previous_hash, events) != seal.hash:
            yield Flaw(workspace_id, f"facts under seal {seal.number} were changed")
        previous, number, last_seq = seal.hash, seal.number, seal.last_seq
    if Event.objects.filter(workspace_id=workspace_id, seq__gt=last_seq).exists():
        yield Flaw(workspace_id, f"facts after seal {number} carry a number but no seal")
