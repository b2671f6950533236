"""Stage decisions: when an automation may move a deal, and what its facts alone say it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

# Automations only ever carry a deal forward along this line; people may go anywhere.
LINE = ("new", "qualified", "offered", "in_conversation", "under_contract", "closed")
# 08:00 UTC is night all over the United States, so a day counted from there is the date on every
# wall clock while anybody works.
NIGHT = timedelta(hours=8)
CLOSED = "closed"
DEAD = "dead"
UNDER_CONTRACT = "under_contract"


def next_stage(current: str, wanted: str) -> str | None:
    """The stage an automation moves a deal to, or None when it must leave it alone.

    A dead deal stays dead, unless its seller accepts an offer: a contract outweighs our verdict.
    """
    if current == DEAD:
        return wanted if wanted == UNDER_CONTRACT else None
    if wanted == DEAD:
        return None if current in (UNDER_CONTRACT, CLOSED) else DEAD
    return wanted if LINE.index(wanted) > LINE.index(current) else None


def status_of(stage: str) -> str:
    """open, won or lost: what a stage means for the pipeline."""
    if stage == DEAD:
        return "lost"
    return "won" if stage == CLOSED else "open"


def business_day(now: datetime) -> date:
    """The date in an American office at this moment; `now` in UTC."""
    return (now - NIGHT).date()


@dataclass(frozen=True, slots=True)
class DealState:
    stage: str
    status: str


REMOVED = DealState("removed", "removed")


class BrokenStory(ValueError):
    """The facts of one deal contradict each other."""


def fold(facts: Iterable[tuple[str, Mapping[str, Any]]]) -> DealState | None:
    """Stage and status of a deal from its facts (name, payload), oldest first; None without facts.

    Raises BrokenStory when a fact starts from a stage the earlier facts did not lead to.
    """
    stage: str | None = None
    for name, payload in facts:
        if name.startswith("deals.deal_opened."):
            stage = _open(stage, payload)
            continue
        if name.startswith("deals.deal_removed."):
            return REMOVED
        after = payload.get("to_stage")
        if not name.startswith("deals.") or not after:
            continue
        if payload.get("from_stage") != stage:
            left = payload.get("from_stage")
            raise BrokenStory(f"{name} left “{left}”, but it stood in “{stage}”")
        stage = str(after)
    return None if stage is None else DealState(stage, status_of(stage))


def _open(stage: str | None, payload: Mapping[str, Any]) -> str:
    if stage is not None:
        raise BrokenStory("it was opened twice")
    return str(payload.get("stage") or LINE[0])


# Deals that move up are locked as long as a batch takes, and people edit them.
BATCH_SECONDS = 0.4
SMALLEST_BATCH, LARGEST_BATCH = 500, 128_000


def fitting_batch(size: int, seconds: float) -> int:
    """How many deals to judge next, so that a batch takes about BATCH_SECONDS; at most doubled."""
    fitting = size * BATCH_SECONDS / max(seconds, 0.001)
    return int(min(max(fitting, size / 4, SMALLEST_BATCH), size * 2, LARGEST_BATCH))
