"""What Today shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class FunnelStep:
    """Distinct deals that took a step. Shares are percentages, None when there is no whole."""

    key: str
    label: str
    count: int
    share_of_first: int | None
    share_of_previous: int | None


@dataclass(frozen=True)
class Tile:
    """A figure of the period beside that of the period before it."""

    label: str
    count: int
    before: int
    hint: str

    @property
    def change(self) -> int:
        return self.count - self.before


@dataclass(frozen=True)
class WaitingReply:
    """A seller's message nobody has answered yet."""

    conversation_id: UUID
    name: str
    excerpt: str
    channel: str
    since: datetime
    unread_count: int
    waited: str
    color: str


@dataclass(frozen=True)
class BestDeal:
    deal_id: UUID
    street: str
    place: str
    score: int
    stage_kind: str
    stage_label: str
    arv: float | None
    is_arv_estimate: bool
    equity_pct: float | None

    @property
    def equity_percent(self) -> int | None:
        return None if self.equity_pct is None else round(self.equity_pct * 100)


@dataclass(frozen=True)
class OpenOffer:
    """An offer that is out. `viewed_at` is None until the seller opened it."""

    offer_id: UUID
    deal_id: UUID
    address: str
    amount: Decimal
    expires_at: datetime
    viewed_at: datetime | None
    is_expiring: bool


@dataclass(frozen=True)
class RunningImport:
    import_id: UUID
    file_name: str
    state: str
    rows_done: int
    rows_total: int


@dataclass(frozen=True)
class HeldMessage:
    """A message the guard put off (`until` set) or refused, with its own sentence why.

    `is_advisory`: the sandbox let it through; a live connection would not have.
    """

    channel: str
    name: str
    deal_id: UUID | None
    at: datetime
    until: datetime | None
    why: str
    is_advisory: bool
