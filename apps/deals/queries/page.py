"""The list of deals: filters, keyset pages, honest counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from apps.common.pagination import Page, keyset
from apps.deals.models import Deal, DealScore, ListMembership, Signal, Stage
from apps.deals.queries.tallies import tally_deals
from apps.deals.types import CappedCount, DealFilters, DealRow, OfferGlance
from apps.events.catalog.offers import OfferAccepted, OfferExpired, OfferMade, OfferWithdrawn
from apps.events.queries import map_stories
from apps.workspaces.models import Workspace

COUNT_CAP = 1000
NOBODY = UUID(int=0)
PAGE_SIZE = 50
FEW = 20_000
RELATED = ("property", "stage", "seller", "metrics", "assigned_to")
OFFER_STATES = {
    OfferMade.name: "made",
    OfferAccepted.name: "accepted",
    OfferWithdrawn.name: "withdrawn",
    OfferExpired.name: "expired",
}


def list_deals(
    workspace: Workspace, filters: DealFilters, *, cursor: str = "", size: int = PAGE_SIZE
) -> Page[DealRow]:
    """One page, best score or newest first; its cost does not depend on how deep it lies.

    Sorted by score, deals that were never scored are left out: see `has_unscored`.
    """
    if filters.sort == "newest":
        rows = _by_deal(workspace, filters).select_related(*RELATED, "score")
        page = keyset(rows, ("pk",), cursor, size)
        deals = list(page.rows)
    else:
        # Keys first: what is passed over on the way to a page is not joined with what is shown.
        scores = _by_score(workspace, filters).only("deal_id", "score", "coverage")
        # Of equal scores the one that rests on more answered rules comes first.
        page = keyset(scores, ("score", "coverage", "deal_id"), cursor, size)
        deals = _in_order(workspace, [score.deal_id for score in page.rows])
    offers = _offers(workspace, [deal.public_id for deal in deals])
    return Page([_row(deal, offers) for deal in deals], page.next_cursor)


def _in_order(workspace: Workspace, keys: Sequence[int]) -> list[Deal]:
    rows = Deal.objects.in_workspace(workspace).select_related(*RELATED, "score")
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def count_deals(workspace: Workspace, filters: DealFilters) -> CappedCount:
    """Exact and current for everything, one verdict or one stage; other filters up to COUNT_CAP.

    Counting what no tally is kept of would be the whole cost of a page over a million rows.
    """
    exact = _tallied(workspace, filters)
    if exact is not None:
        return CappedCount(exact, is_capped=False)
    rows = (
        _by_deal(workspace, filters) if filters.sort == "newest" else _by_score(workspace, filters)
    )
    found = rows.order_by()[: COUNT_CAP + 1].count()
    return CappedCount(min(found, COUNT_CAP), found > COUNT_CAP)


def _tallied(workspace: Workspace, filters: DealFilters) -> int | None:
    """The count that the tally has, or None."""
    if replace(filters, stage="", verdict="", sort="") != DealFilters(sort=""):
        return None
    if filters.stage and filters.verdict:
        return None
    tally = tally_deals(workspace)
    if filters.verdict:
        return tally.by_verdict.get(filters.verdict, 0)
    # Sorted by score, deals without one are left out; which stages they are in, no tally says.
    if filters.sort != "newest" and tally.deals != tally.scored:
        return None if filters.stage else tally.scored
    if not filters.stage:
        return tally.deals
    return tally.standing_in(_stages_of(workspace, filters.stage))


def _stages_of(workspace: Workspace, kind: str) -> list[int]:
    """By key instead of a join: how many deals a stage holds is what a good plan depends on."""
    rows = Stage.objects.in_workspace(workspace).filter(kind=kind)
    return list(rows.values_list("pk", flat=True))


def _standing(workspace: Workspace, kind: str, deal: str) -> dict[str, Any]:
    """What finds the deals of a stage in good time, by how many there are."""
    stages = _stages_of(workspace, kind)
    if deal and tally_deals(workspace).standing_in(stages) <= FEW:
        # The limit is never reached. It has them looked up first and then put in order; walking
        # down the best scores would pass nearly all deals to find these.
        few = Deal.objects.in_workspace(workspace).filter(stage__in=stages)
        return {"deal__in": few.values("pk")[: FEW * 2]}
    return {f"{deal}stage__in": stages}


def has_unscored(workspace: Workspace) -> bool:
    """Whether the newest deal still waits for its first score."""
    newest = Deal.objects.in_workspace(workspace).order_by("-pk").values_list("pk", flat=True)[:1]
    ids = list(newest)
    return bool(ids) and not DealScore.objects.filter(pk=ids[0]).exists()


def _by_score(workspace: Workspace, filters: DealFilters) -> QuerySet[DealScore]:
    rows = DealScore.objects.filter(workspace_id=workspace.pk)
    return _narrow(workspace, rows, filters, deal="deal__", score="")


def _by_deal(workspace: Workspace, filters: DealFilters) -> QuerySet[Deal]:
    rows = Deal.objects.in_workspace(workspace)
    return _narrow(workspace, rows, filters, deal="", score="score__")


def _narrow(workspace: Workspace, rows: Any, filters: DealFilters, *, deal: str, score: str) -> Any:
    exact = {
        f"{deal}property__state": filters.state.upper(),
        f"{deal}property__city__iexact": filters.city,
        f"{score}verdict": filters.verdict,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.stage:
        rows = rows.filter(**_standing(workspace, filters.stage, deal))
    if filters.min_score is not None:
        rows = rows.filter(**{f"{score}score__gte": filters.min_score})
    if filters.min_stack is not None:
        rows = rows.filter(**{f"{deal}metrics__stack_count__gte": filters.min_stack})
    if filters.signal:
        signals = Signal.objects.in_workspace(workspace).filter(kind=filters.signal, ended_on=None)
        rows = rows.filter(Exists(signals.filter(property=OuterRef(f"{deal}property_id"))))
    if filters.list:
        memberships = ListMembership.objects.in_workspace(workspace)
        there = memberships.filter(lead_list__public_id=_uuid(filters.list))
        rows = rows.filter(Exists(there.filter(property=OuterRef(f"{deal}property_id"))))
    for word in search_words(filters.q):
        rows = rows.filter(**{f"{deal}search_text__contains": word})
    return rows


def _uuid(text: str) -> UUID:
    """The id in a URL; one that is none finds nothing."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


def search_words(text: str) -> list[str]:
    """Each must occur in the search text, which is lower case; a phone number is one word."""
    if re.fullmatch(r"[\d\s().+-]{7,}", text.strip()):
        return [re.sub(r"\D", "", text).removeprefix("1")]
    return text.lower().split()[:8]


def _offers(workspace: Workspace, deals: Sequence[UUID]) -> dict[UUID, OfferGlance]:
    """The last offer of each deal, from facts: the offers themselves belong to another room."""
    glances: dict[UUID, OfferGlance] = {}
    for deal, story in map_stories(workspace.pk, deals, list(OFFER_STATES)).items():
        for name, payload in story:
            if name == OfferMade.name:
                glances[deal] = OfferGlance(Decimal(payload["amount"]), OFFER_STATES[name])
            elif deal in glances:
                glances[deal] = OfferGlance(glances[deal].amount, OFFER_STATES[name])
    return glances


def _row(deal: Deal, offers: dict[UUID, OfferGlance]) -> DealRow:
    return DealRow(
        deal=deal,
        score=getattr(deal, "score", None),
        metrics=getattr(deal, "metrics", None),
        offer=offers.get(deal.public_id),
    )
