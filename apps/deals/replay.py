"""Every deal's stage and status rebuilt from its facts alone and compared with its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.common.locking import lock_rows
from apps.deals.models import Deal
from apps.deals.rules import BrokenStory, DealState, fold
from apps.events.catalog.deals import DealMoved, DealOpened, DealRemoved
from apps.events.catalog.judging import DealScored
from apps.events.queries import iterate_subjects, map_stories
from apps.workspaces.models import Workspace

TOLD_BY = (DealOpened.name, DealScored.name, DealMoved.name, DealRemoved.name)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    deal: UUID
    sentence: str


@dataclass
class Replay:
    """Deals compared so far; read after the differences were iterated."""

    checked: int = 0

    def differences(self, workspace: Workspace) -> Iterator[Difference]:
        """Batches of deals against their facts, then facts without a deal; flat in memory."""
        rows = Deal.objects.in_workspace(workspace).order_by("pk")
        last = 0
        while batch := list(
            rows.filter(pk__gt=last).values_list("pk", "public_id", "stage__kind", "status")[:BATCH]
        ):
            last = batch[-1][0]
            self.checked += len(batch)
            stories = map_stories(workspace.pk, [row[1] for row in batch], TOLD_BY)
            for _, deal, stage, status in batch:
                if _compare(stories[deal], DealState(stage, status)):
                    yield from _again(workspace, deal)
        yield from _without_row(workspace)


def _again(workspace: Workspace, deal: UUID) -> Iterator[Difference]:
    """A deal may move between the reading of its row and of its facts; a lie is told twice."""
    with transaction.atomic():
        rows = Deal.objects.in_workspace(workspace)
        keys = lock_rows(rows.filter(public_id=deal))
        row = rows.filter(pk__in=keys).values_list("stage__kind", "status").first()
        if row is None:
            return
        story = map_stories(workspace.pk, [deal], TOLD_BY)[deal]
    sentence = _compare(story, DealState(*row))
    if sentence:
        yield Difference(deal, sentence)


def _compare(story: Sequence[tuple[str, dict[str, Any]]], row: DealState) -> str:
    try:
        told = fold(story)
    except BrokenStory as error:
        return f"its facts contradict each other: {error}"
    if told is None:
        return "no fact opened it"
    if told != row:
        return (
            f"its facts say {told.stage} ({told.status}), its row says {row.stage} ({row.status})"
        )
    return ""


def _without_row(workspace: Workspace) -> Iterator[Difference]:
    for subjects in iterate_subjects(workspace.pk, DealOpened.name, batch=BATCH):
        rows = Deal.objects.in_workspace(workspace).filter(public_id__in=subjects)
        held = set(rows.values_list("public_id", flat=True))
        missing = [subject for subject in subjects if subject not in held]
        removed = map_stories(workspace.pk, missing, [DealRemoved.name])
        for subject in missing:
            if not removed[subject]:
                yield Difference(subject, "its facts opened it, but there is no row")
