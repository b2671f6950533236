"""The vendors a workspace may buy from: in which order, at what price, and with what left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from apps.contacts.models import NumberLookup, SkipTrace, VendorTrouble
from apps.contacts.rules import LOOKUP_REUSE, SHORT_PAUSE, affordable, month_start
from apps.contacts.vendors import (
    Vendor,
    amount,
    family_names,
    find_vendor,
    price_of,
    vendor_label,
)
from apps.workspaces.models import Connection, Workspace
from apps.workspaces.queries import list_active_connections
from apps.workspaces.types import Capability

LEDGERS = {Capability.SKIP_TRACE: SkipTrace, Capability.PHONE_LOOKUP: NumberLookup}


@dataclass(frozen=True)
class VendorState:
    """A connection for look-ups as it stands now; money in dollars, `spent` this month."""

    connection: Connection
    vendor: Vendor
    price: Decimal
    budget: Decimal | None
    spent: Decimal
    problem: str
    paused_until: datetime | None

    @property
    def room(self) -> int | None:
        """How many more look-ups the month's budget pays for; None for any number."""
        return affordable(self.budget, self.spent, self.price)

    @property
    def price_text(self) -> str:
        """$0.10 and $0.008: at least whole cents, and fractions where there are some."""
        exponent = self.price.normalize().as_tuple().exponent
        digits = max(2, -exponent) if isinstance(exponent, int) else 2
        return f"${self.price:.{digits}f}"

    @property
    def names(self) -> list[str]:
        return family_names(self.vendor.name)

    def why_not(self, now: datetime) -> str:
        """Why nothing can be bought here now, as a sentence; '' where it can."""
        if self.paused_until is not None and self.paused_until > now:
            return self.problem
        if self.room == 0:
            return (
                f"The month's budget of ${self.budget:.2f} for {self.vendor.label} is used up"
                f" (${self.spent:.2f} spent). It begins anew on the first, or raise it in the"
                " admin."
            )
        return ""

    def waits_until(self, now: datetime) -> datetime | None:
        """When a short pause ends; None where a person must act."""
        until = self.paused_until
        return until if until and now < until <= now + SHORT_PAUSE else None


def list_vendor_states(
    workspace: Workspace, capability: Capability, *, now: datetime
) -> list[VendorState]:
    """Active connections of known vendors, in the order they are asked."""
    connections = list_active_connections(workspace, capability)
    rows = VendorTrouble.objects.in_workspace(workspace)
    troubles = {row.connection_id: row for row in rows.filter(connection__in=connections)}
    return [
        _state(workspace, connection, vendor, troubles.get(connection.pk), now)
        for connection in connections
        if (vendor := find_vendor(capability, connection.provider))
    ]


def _state(
    workspace: Workspace,
    connection: Connection,
    vendor: Vendor,
    trouble: VendorTrouble | None,
    now: datetime,
) -> VendorState:
    return VendorState(
        connection=connection,
        vendor=vendor,
        price=price_of(vendor.capability, vendor.name, connection.settings),
        budget=amount(connection.settings.get("monthly_budget")),
        spent=spent_this_month(workspace, vendor.capability, vendor.name, now=now),
        problem=trouble.problem if trouble else "",
        paused_until=trouble.paused_until if trouble else None,
    )


def spent_this_month(
    workspace: Workspace, capability: str, provider: str, *, now: datetime
) -> Decimal:
    """Charged, or possibly charged: open and lost look-ups count in full."""
    rows = LEDGERS[Capability(capability)].objects.in_workspace(workspace)
    since = month_start(now, workspace.time_zone)
    found = rows.filter(provider=provider, requested_at__gte=since)
    return exact(found.aggregate(total=Sum("cost_amount"))["total"])


def exact(total: Decimal | None) -> Decimal:
    """A sum of amounts to the hundredth of a cent: SQLite adds them up as floats."""
    return (total or Decimal(0)).quantize(Decimal("0.0001"))


def lookup_reuse(connection: Connection) -> timedelta:
    """For how long a number's look-up answers: 90 days unless the connection says otherwise."""
    days = amount(connection.settings.get("reuse_days"))
    return timedelta(days=min(int(days), 3650)) if days is not None else LOOKUP_REUSE


@dataclass(frozen=True)
class LedgerLine:
    """What one vendor was asked and gave in a month; money in dollars."""

    label: str
    kind: str
    asked: int
    matched: int
    lost: int
    failed: int
    phones: int
    cost: Decimal

    @property
    def answered(self) -> int:
        return self.asked - self.lost - self.failed

    @property
    def match_percent(self) -> int | None:
        return round(100 * self.matched / self.answered) if self.answered > 0 else None

    @property
    def phones_per_match(self) -> Decimal | None:
        return Decimal(self.phones) / self.matched if self.matched else None

    @property
    def cost_per_match(self) -> Decimal | None:
        return self.cost / self.matched if self.matched else None


def list_ledger(workspace: Workspace, *, since: datetime, until: datetime) -> list[LedgerLine]:
    """Per vendor, skip traces first. A number look-up 'matches' when it names the line."""
    traces = SkipTrace.objects.in_workspace(workspace).filter(
        requested_at__gte=since, requested_at__lt=until
    )
    numbers = NumberLookup.objects.in_workspace(workspace).filter(
        requested_at__gte=since, requested_at__lt=until
    )
    by_state = {
        "asked": Count("id"),
        "lost": Count("id", filter=Q(state__in=["lost", "requested"])),
        "failed": Count("id", filter=Q(state="failed")),
        "cost": Sum("cost_amount"),
    }
    traced = traces.values("provider").annotate(
        matched=Count("id", filter=Q(is_match=True)), phones=Sum("phone_count"), **by_state
    )
    looked = numbers.values("provider").annotate(
        matched=Count("id", filter=Q(state="answered", is_valid=True)), **by_state
    )
    return [
        *(_line("Skip trace", row) for row in traced.order_by("provider")),
        *(_line("Phone look-up", {**row, "phones": 0}) for row in looked.order_by("provider")),
    ]


def _line(kind: str, row: dict[str, object]) -> LedgerLine:
    counts = {name: int(str(row[name] or 0)) for name in ("asked", "matched", "lost", "failed")}
    return LedgerLine(
        label=vendor_label(str(row["provider"])),
        kind=kind,
        phones=int(str(row["phones"] or 0)),
        cost=exact(Decimal(str(row["cost"] or 0))),
        **counts,
    )
