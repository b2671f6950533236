"""Lists properties are on, how they stack, and the signs of distress beside them.

Counts stop at COUNT_CAP: “10,000+” is honest, and costs the same on a million rows. What needs more
than an index entry per property is read of a WINDOW of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)

from apps.common.pagination import Page, keyset
from apps.deals.models import DealMetrics, LeadList, ListMembership, Signal
from apps.deals.types import CappedCount
from apps.workspaces.models import Workspace

COUNT_CAP = 10_000
WINDOW = 1_000
LISTS_PAGE = 20
MEMBERS_PAGE = 50
MOST_CHOICES = 200
# (stack count, whether more lists count too)
STEPS = ((1, False), (2, False), (3, False), (4, True))


class _Capped(Subquery):
    """The number of rows of a limited query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


class _Stacked(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) seen WHERE is_stacked)"
    output_field = IntegerField()


class _First(Subquery):
    template = "(SELECT MIN(day) FROM (%(subquery)s) seen)"
    output_field = DateField()


class _Last(Subquery):
    template = "(SELECT MAX(day) FROM (%(subquery)s) seen)"
    output_field = DateField()


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list in figures.

    `stacked` of the `looked_at` properties that came last are on another list too.
    """

    lead_list: LeadList
    count: CappedCount
    looked_at: int
    stacked: int
    first_seen_on: date | None
    last_seen_on: date | None

    @property
    def stacked_share(self) -> int:
        """Percent of those looked at."""
        return self.stacked * 100 // self.looked_at if self.looked_at else 0

    @property
    def is_sampled(self) -> bool:
        """Whether the list has more properties than were looked at."""
        return self.count.is_capped or self.count.count > self.looked_at


@dataclass(frozen=True, slots=True)
class StackStep:
    """Properties on so many lists; `share`: percent of the longest bar."""

    lists: int
    is_open: bool
    count: CappedCount
    share: int

    @property
    def label(self) -> str:
        if self.is_open:
            return f"{self.lists} or more lists"
        return "1 list" if self.lists == 1 else f"{self.lists} lists"

    @property
    def query(self) -> str:
        """Narrows the table of deals to these and to those on more lists."""
        return f"?min_stack={self.lists}"


@dataclass(frozen=True, slots=True)
class SignalCount:
    kind: str
    label: str
    count: CappedCount
    share: int

    @property
    def query(self) -> str:
        """Narrows the table of deals to these."""
        return f"?signal={self.kind}"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A property of a list with the other lists it is on."""

    membership: ListMembership
    others: list[LeadList]


def get_list(workspace: Workspace, list_id: UUID) -> LeadList:
    """Raises LeadList.DoesNotExist."""
    return LeadList.objects.in_workspace(workspace).get(public_id=list_id)


def list_list_choices(workspace: Workspace) -> list[tuple[str, str]]:
    """(public id, name) of the newest lists, by name, for a select."""
    newest = _filled(workspace).order_by("-pk")
    found = newest.values_list("public_id", "name")[:MOST_CHOICES]
    return sorted(((str(key), name) for key, name in found), key=lambda item: item[1].casefold())


def list_lists(workspace: Workspace, *, cursor: str = "", size: int = LISTS_PAGE) -> Page[ListRow]:
    """Lists that hold anything, the newest first, each counted within one query."""
    page = keyset(_counted(_filled(workspace), WINDOW), ("pk",), cursor, size)
    return Page([_list_row(found, WINDOW) for found in page.rows], page.next_cursor)


def count_list(workspace: Workspace, lead_list: LeadList) -> ListRow:
    """One list, looked at more closely than a page of them."""
    lists = LeadList.objects.in_workspace(workspace)
    return _list_row(_counted(lists, COUNT_CAP).get(pk=lead_list.pk), COUNT_CAP)


def _members() -> QuerySet[ListMembership]:
    """Of the list outside. It is scoped; asking the workspace again would leave the index."""
    return ListMembership.objects.filter(lead_list=OuterRef("pk")).order_by()


def _filled(workspace: Workspace) -> QuerySet[LeadList]:
    """A list whose draft was thrown away or whose import was undone is no news to anybody."""
    return LeadList.objects.in_workspace(workspace).filter(Exists(_members()))


def _counted(lists: QuerySet[LeadList], window: int) -> QuerySet[LeadList]:
    """The newest properties tell the last day, the oldest the first."""
    elsewhere = ListMembership.objects.filter(property=OuterRef("property"))
    elsewhere = elsewhere.exclude(lead_list=OuterRef("lead_list"))
    oldest, newest = _members().order_by("property"), _members().order_by("-property")
    return lists.annotate(
        member_count=_Capped(_members().values("property")[: COUNT_CAP + 1]),
        stacked_count=_Stacked(newest.values(is_stacked=Exists(elsewhere))[:window]),
        first_seen=_First(oldest.values(day=F("first_seen_on"))[:WINDOW]),
        last_seen=_Last(newest.values(day=F("last_seen_on"))[:WINDOW]),
    )


def _list_row(found: Any, window: int) -> ListRow:
    return ListRow(
        lead_list=found,
        count=_capped(found.member_count),
        looked_at=min(found.member_count, window),
        stacked=found.stacked_count,
        first_seen_on=found.first_seen,
        last_seen_on=found.last_seen,
    )


def _capped(found: int) -> CappedCount:
    return CappedCount(min(found, COUNT_CAP), found > COUNT_CAP)


def count_stacks(workspace: Workspace) -> list[StackStep]:
    """How many deals' properties are on one, two, three, four or more lists: one query."""
    metrics = DealMetrics.objects.filter(workspace_id=workspace.pk).order_by()
    found = _count_each(
        workspace,
        {
            f"n{lists}": metrics.filter(
                **{"stack_count__gte" if is_open else "stack_count": lists}
            ).values("pk")
            for lists, is_open in STEPS
        },
    )
    longest = max(found.values(), default=0)
    return [
        StackStep(lists, is_open, _capped(count), _share(count, longest))
        for (lists, is_open), count in zip(STEPS, found.values(), strict=True)
    ]


def count_signals(workspace: Workspace) -> list[SignalCount]:
    """Properties with an open signal of each kind, the most frequent first: one query."""
    signals = Signal.objects.in_workspace(workspace).filter(ended_on=None).order_by()
    found = _count_each(
        workspace,
        {
            kind: signals.filter(kind=kind).values("property").distinct()
            for kind in Signal.Kind.values
        },
    )
    longest = max(found.values(), default=0)
    rows = [
        SignalCount(kind, Signal.Kind(kind).label, _capped(count), _share(count, longest))
        for kind, count in found.items()
        if count
    ]
    return sorted(rows, key=lambda row: -row.count.count)


def _count_each(workspace: Workspace, rows: dict[str, QuerySet[Any, Any]]) -> dict[str, int]:
    """All the counts in one query, each capped."""
    counted = {name: _Capped(found[: COUNT_CAP + 1]) for name, found in rows.items()}
    values = Workspace.objects.filter(pk=workspace.pk).annotate(
        **{f"count_{name}": count for name, count in counted.items()}
    )
    row = values.values(*(f"count_{name}" for name in counted)).get()
    return {name: row[f"count_{name}"] for name in counted}


def _share(count: int, longest: int) -> int:
    return max(count * 100 // longest, 1) if count else 0


def list_members(
    workspace: Workspace, lead_list: LeadList, *, cursor: str = "", size: int = MEMBERS_PAGE
) -> Page[MemberRow]:
    """Properties of a list, those that came last first, with their other lists in one query."""
    rows = ListMembership.objects.in_workspace(workspace).filter(lead_list=lead_list)
    rows = rows.select_related("property__deal__score", "property__deal__metrics")
    page = keyset(rows, ("property_id",), cursor, size)
    others = _other_lists(workspace, lead_list, [item.property_id for item in page.rows])
    members = [MemberRow(item, others.get(item.property_id, [])) for item in page.rows]
    return Page(members, page.next_cursor)


def _other_lists(
    workspace: Workspace, lead_list: LeadList, properties: Sequence[int]
) -> dict[int, list[LeadList]]:
    rows = ListMembership.objects.in_workspace(workspace).filter(property__in=properties)
    found: dict[int, list[LeadList]] = {}
    others = rows.exclude(lead_list=lead_list).select_related("lead_list")
    for item in others.order_by("lead_list__name"):
        found.setdefault(item.property_id, []).append(item.lead_list)
    return found
