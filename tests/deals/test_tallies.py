"""Counts of deals are right after every change, whoever makes it, and never behind."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections
from django.db.models import F

from apps.deals import tallies
from apps.deals.actions import advance_deal, move_deal, rescore_batch, score_deals
from apps.deals.ingestion.undo import run_undo, undo_import
from apps.deals.models import Deal, DealScore, DealTally, RuleSet, Stage
from apps.deals.queries import count_deals
from apps.deals.queries.tallies import tally_deals
from apps.deals.types import DealFilters
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD
from tests.deals.ingestion.conftest import as_csv, house, laid, take  # noqa: F401 - fixtures


def truth(workspace: Workspace) -> tuple[Counter[int], Counter[str]]:
    """Counted row by row."""
    stages = Deal.objects.in_workspace(workspace).values_list("stage_id", flat=True)
    verdicts = DealScore.objects.filter(workspace_id=workspace.pk)
    return Counter(stages), Counter(verdicts.values_list("verdict", flat=True))


def agrees(workspace: Workspace) -> bool:
    told = tally_deals(workspace)
    return (Counter(told.by_stage), Counter(told.by_verdict)) == truth(workspace)


def stage(workspace: Workspace, kind: str) -> Stage:
    return Stage.objects.in_workspace(workspace).get(kind=kind)


@pytest.fixture
def score(system, now):
    def run(workspace, *deals):
        ids = [deal.public_id for deal in deals]
        return score_deals(workspace=workspace, actor=system, deals=ids, now=now)

    return run


@pytest.fixture
def shown(signed_in):
    """shown(workspace, "?verdict=…") -> the number above the table of the next request."""
    clients = {}

    def read(workspace, query=""):
        client = clients.setdefault(workspace.pk, None) or signed_in(workspace)
        clients[workspace.pk] = client
        html = client.get(f"/deals/{query}").content.decode()
        found = re.search(r'id="deals-count">([\d,+]+) deals?<', html)
        return found.group(1) if found else "0"

    return read


def test_each_action_shows_in_the_next_request(
    desk, system, now, make_deal, score, shown, publish_draft
):
    deals = [make_deal(desk, **GOOD_LEAD), make_deal(desk, **GOOD_LEAD), make_deal(desk)]
    assert (shown(desk), shown(desk, "?sort=newest")) == ("0", "3")
    score(desk, *deals)
    assert (shown(desk), shown(desk, "?verdict=qualified")) == ("3", "2")
    assert (shown(desk, "?stage=qualified"), shown(desk, "?stage=new")) == ("2", "1")
    closed = stage(desk, "closed")
    move_deal(workspace=desk, actor=system, deal=deals[0], to=closed, reason="Sold.", now=now)
    assert (shown(desk, "?stage=qualified"), shown(desk, "?stage=closed")) == ("1", "1")
    advance_deal(
        workspace=desk, actor=system, deal=deals[1].public_id, kind="offered", reason="x", now=now
    )
    assert (shown(desk, "?stage=qualified"), shown(desk, "?stage=offered")) == ("0", "1")
    rules = RuleSet.objects.in_workspace(desk).get(is_active=True)
    RuleSet.objects.in_workspace(desk).filter(pk=rules.pk).update(min_coverage=100)
    publish_draft(rules)
    while rescore_batch(actor=system, rule_set=rules, now=now):
        assert agrees(desk)
    assert (shown(desk, "?verdict=qualified"), shown(desk, "?verdict=review")) == ("0", "3")
    assert agrees(desk)


def test_an_import_and_its_undoing_are_counted(laid, take, system, now, deliver, shown):  # noqa: F811
    rows = [house(APN=f"A {n}", Address=f"{n} Oak St") for n in range(1, 8)]
    held = take(as_csv(rows))
    assert shown(laid, "?sort=newest") == "7"
    deliver()
    assert shown(laid) == "7"
    assert agrees(laid)
    begun = undo_import(workspace=laid, actor=system, lead_import=held, now=now)
    run_undo(begun, clock=lambda: now)
    assert (shown(laid), shown(laid, "?sort=newest")) == ("0", "0")
    assert agrees(laid)


def test_an_action_that_fails_counts_nothing(desk, system, now, make_deal, monkeypatch):
    deal = make_deal(desk)
    before = tally_deals(desk)

    def refuse(*_, **__):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("apps.deals.actions.moving.publish", refuse)
    with pytest.raises(RuntimeError):
        move_deal(
            workspace=desk,
            actor=system,
            deal=deal,
            to=stage(desk, "dead"),
            reason="Gone.",
            now=now,
        )
    assert tally_deals(desk) == before
    assert agrees(desk)


def test_exact_for_all_one_verdict_or_one_stage_and_agreeing_with_the_rows(desk, make_deal, score):
    deals = [make_deal(desk, **(GOOD_LEAD if n % 3 else {})) for n in range(9)]
    for waiting in (False, True):
        if not waiting:
            score(desk, *deals)
        else:
            make_deal(desk)
        for verdict in ("", "qualified", "review"):
            for kind in ("", "new", "qualified", "dead"):
                for sort in ("score", "newest"):
                    filters = DealFilters(stage=kind, verdict=verdict, sort=sort)
                    rows = Deal.objects.in_workspace(desk)
                    if kind:
                        rows = rows.filter(stage__kind=kind)
                    if verdict:
                        rows = rows.filter(score__verdict=verdict)
                    if sort == "score":
                        rows = rows.filter(score__isnull=False)
                    assert count_deals(desk, filters).count == rows.count(), filters


def test_another_workspaces_deals_are_not_counted(desk, other_workspace, make_deal, deliver, shown):
    deliver()
    make_deal(other_workspace)
    assert shown(desk, "?sort=newest") == "0"
    assert tally_deals(desk).deals == 0


def test_any_mixture_of_writes_in_bulk_is_counted(desk, make_deal):
    """Whatever writes rows, by which statement: the triggers see it."""
    choice = random.Random(20261120)
    stages = list(Stage.objects.in_workspace(desk))
    rules = RuleSet.objects.in_workspace(desk).get(is_active=True)
    deals = [make_deal(desk) for _ in range(12)]
    rows = Deal.objects.in_workspace(desk)
    for _ in range(60):
        some = [deal.pk for deal in choice.sample(deals, choice.randint(1, len(deals)))]
        act = choice.randint(0, 4)
        if act == 0:
            rows.filter(pk__in=some).update(stage=choice.choice(stages))
        elif act == 1:
            rows.filter(pk__in=some).update(stage=F("stage"), source="again")
        elif act == 2:
            DealScore.objects.filter(pk__in=some).delete()
        else:
            DealScore.objects.bulk_create(
                [
                    DealScore(
                        deal_id=pk,
                        workspace_id=desk.pk,
                        rule_set=rules,
                        rule_set_version=1,
                        score=choice.randint(0, 100),
                        coverage=100,
                        verdict=choice.choice(DealScore.Verdict.values),
                    )
                    for pk in some
                ],
                update_conflicts=True,
                unique_fields=["deal_id"],
                update_fields=["score", "verdict"],
            )
        assert agrees(desk)


def test_folding_changes_no_count(desk, make_deal, score, monkeypatch):
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(6)]
    score(desk, *deals)
    before, rows = tally_deals(desk), DealTally.objects.count()
    assert not tallies.fold()
    monkeypatch.setattr(tallies, "FOLD_FROM", 2)
    assert tallies.fold() == (connection.vendor == "postgresql")
    assert tally_deals(desk) == before
    assert DealTally.objects.count() <= rows
    assert agrees(desk)


def test_what_lost_triggers_missed_is_counted_when_they_come_back(desk, make_deal):
    make_deal(desk)
    tallies.remove(connection)
    make_deal(desk)
    assert not agrees(desk)
    tallies.install(connection)
    assert agrees(desk)
    make_deal(desk)
    assert agrees(desk)


@pytest.mark.django_db(transaction=True)
def test_people_and_workers_at_once_lose_no_count(desk, system, now, make_deal):
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(24)]
    failures = []

    def run(act):
        try:
            act()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    def score_some(part):
        for deal in part:
            score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)

    def move_some(part):
        for deal in part:
            for kind in ("offered", "in_conversation"):
                move_deal(
                    workspace=desk,
                    actor=system,
                    deal=deal,
                    to=stage(desk, kind),
                    reason="They called.",
                    now=now + timedelta(minutes=1),
                )

    def fold_often():
        for _ in range(20):
            tallies.fold()

    acts = [
        lambda: score_some(deals),
        lambda: score_some(deals[::-1]),
        lambda: move_some(deals[:16]),
        fold_often,
    ]
    least, tallies.FOLD_FROM = tallies.FOLD_FROM, 1
    try:
        threads = [Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        tallies.FOLD_FROM = least
    assert failures == []
    assert agrees(desk)
    assert tally_deals(desk).deals == 24
