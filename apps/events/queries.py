"""Reading facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from apps.events.models import Delivery, Event


@dataclass(frozen=True)
class StoredFact:
    """A fact as it stands in the log. `position` orders facts of one workspace for paging."""

    position: int
    public_id: UUID
    name: str
    subject_kind: str
    subject: UUID
    deal: UUID | None
    actor_kind: str
    actor_label: str
    cause: UUID | None
    payload: dict[str, Any]
    occurred_at: datetime


def _stored(event: Event) -> StoredFact:
    return StoredFact(
        position=event.pk,
        public_id=event.public_id,
        name=event.name,
        subject_kind=event.subject_kind,
        subject=event.subject,
        deal=event.deal,
        actor_kind=event.actor_kind,
        actor_label=event.actor_label,
        cause=event.cause,
        payload=event.payload,
        occurred_at=event.occurred_at,
    )


def list_facts(
    workspace_id: int,
    *,
    subject: UUID | None = None,
    deal: UUID | None = None,
    names: Sequence[str] = (),
    after: int = 0,
    before: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    newest_first: bool = True,
    limit: int = 100,
) -> list[StoredFact]:
    """Facts of a workspace in [since, until), narrowed; `after` and `before` are positions,
    exclusive."""
    rows = _narrowed(workspace_id, subject, deal, names)
    if since:
        rows = rows.filter(occurred_at__gte=since)
    if until:
        rows = rows.filter(occurred_at__lt=until)
    if after:
        rows = rows.filter(pk__gt=after)
    if before:
        rows = rows.filter(pk__lt=before)
    return [_stored(row) for row in rows.order_by("-pk" if newest_first else "pk")[:limit]]


def browse_sealed(
    workspace_id: int,
    *,
    name: str = "",
    deal: UUID | None = None,
    subject: UUID | None = None,
    after: int = 0,
) -> QuerySet[Event]:
    """Sealed facts for readers outside, to be ordered by `seq`: it is given in one place, one
    after the other, so that nothing ever appears behind a reader, as late commits do by id."""
    rows = _narrowed(workspace_id, subject, deal, [name] if name else [])
    return rows.filter(seq__gt=after)


def find_fact(workspace_id: int, public_id: UUID) -> StoredFact | None:
    row = Event.objects.filter(workspace_id=workspace_id, public_id=public_id).first()
    return _stored(row) if row else None


def name_facts(workspace_id: int, public_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these facts; those of another workspace are left out."""
    rows = Event.objects.filter(workspace_id=workspace_id, public_id__in=list(public_ids))
    return dict(rows.values_list("public_id", "name"))


def iterate_facts(workspace_id: int, *, names: Sequence[str]) -> Iterator[StoredFact]:
    """All facts of these names, oldest first, in flat memory."""
    for row in _narrowed(workspace_id, None, None, names).order_by("pk").iterator(chunk_size=2000):
        yield _stored(row)


def map_stories(
    workspace_id: int, deals: Sequence[UUID], names: Sequence[str] = ()
) -> dict[UUID, list[tuple[str, dict[str, Any]]]]:
    """For each deal its facts as (name, payload), in the order they were written.

    Of these names only; without names, all.
    """
    stories: dict[UUID, list[tuple[str, dict[str, Any]]]] = {deal: [] for deal in deals}
    rows = _narrowed(workspace_id, None, None, names).filter(deal__in=deals)
    for deal, name, payload in rows.order_by("pk").values_list("deal", "name", "payload"):
        if deal is not None:
            stories[deal].append((name, payload))
    return stories


def list_names_by_subject(workspace_id: int, subjects: Sequence[UUID]) -> dict[UUID, set[str]]:
    """For each of these things the names of all facts about it."""
    found: dict[UUID, set[str]] = {subject: set() for subject in subjects}
    rows = Event.objects.filter(workspace_id=workspace_id, subject__in=subjects)
    for subject, name in rows.order_by().values_list("subject", "name").distinct():
        found[subject].add(name)
    return found


def iterate_subjects(workspace_id: int, name: str, *, batch: int = 1000) -> Iterator[list[UUID]]:
    """Subjects of all facts of one name, in batches of ascending position."""
    rows = Event.objects.filter(workspace_id=workspace_id, name=name).order_by("pk")
    last = 0
    while found := list(rows.filter(pk__gt=last).values_list("pk", "subject")[:batch]):
        last = found[-1][0]
        yield [subject for _, subject in found]


def count_deals_by_fact(
    workspace_id: int,
    names: Iterable[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, int]:
    """For each fact name, how many distinct deals it was said of in [since, until)."""
    wanted = list(names)
    rows = _narrowed(workspace_id, None, None, wanted).filter(deal__isnull=False)
    if since:
        rows = rows.filter(occurred_at__gte=since)
    if until:
        rows = rows.filter(occurred_at__lt=until)
    counted = rows.order_by().values("name").annotate(deals=Count("deal", distinct=True))
    found = {row["name"]: row["deals"] for row in counted}
    return {name: found.get(name, 0) for name in wanted}


@dataclass(frozen=True)
class Said:
    """Facts that count alike: one of `names`, payload as in `having`, not as in `lacking`."""

    names: tuple[str, ...]
    having: Mapping[str, str] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def condition(self) -> Q:
        condition = Q(name__in=self.names)
        for key, value in self.having.items():
            condition &= Q(**{f"payload__{key}": value})
        for key, values in self.lacking.items():
            condition &= ~Q(**{f"payload__{key}__in": values})
        return condition


def count_deals_by_step(
    workspace_id: int,
    steps: Mapping[str, Said],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    leaving_out: str = "",
) -> dict[str, int]:
    """For each step, how many distinct deals have such a fact in [since, until). One query.

    Deals of which the fact named `leaving_out` was ever said do not count.
    """
    names = {name for said in steps.values() for name in said.names}
    rows = _narrowed(workspace_id, None, None, sorted(names)).filter(deal__isnull=False)
    if leaving_out:
        gone = Event.objects.filter(workspace_id=workspace_id, name=leaving_out)
        rows = rows.exclude(deal__in=gone.values("deal"))
    if since:
        rows = rows.filter(occurred_at__gte=since)
    if until:
        rows = rows.filter(occurred_at__lt=until)
    counts: dict[str, int] = rows.aggregate(
        **{
            step: Count("deal", distinct=True, filter=said.condition())
            for step, said in steps.items()
        }
    )
    return counts


def list_deals_with_fact(
    workspace_id: int, name: str, deals: Sequence[UUID]
) -> dict[UUID, datetime]:
    """When a fact was last said of each of these deals."""
    rows = Event.objects.filter(workspace_id=workspace_id, name=name, deal__in=deals)
    return dict(rows.order_by().values_list("deal").annotate(Max("occurred_at")))


def count_undelivered() -> dict[str, int]:
    """Deliveries waiting and parked, over all workspaces: the health of the outbox."""
    waiting = Q(state=Delivery.State.READY)
    counted: dict[str, int] = Delivery.objects.aggregate(
        ready=Count("pk", filter=waiting), dead=Count("pk", filter=Q(state=Delivery.State.DEAD))
    )
    return counted


def _narrowed(
    workspace_id: int, subject: UUID | None, deal: UUID | None, names: Sequence[str]
) -> QuerySet[Event]:
    rows = Event.objects.filter(workspace_id=workspace_id)
    if subject:
        rows = rows.filter(subject=subject)
    if deal:
        rows = rows.filter(deal=deal)
    if names:
        rows = rows.filter(name__in=names)
    return rows
