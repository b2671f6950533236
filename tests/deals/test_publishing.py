"""Draft and publish: what moves a deal, and what is refused with a sentence."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from apps.deals.actions import (
    PublishRefused,
    SecondPersonNeeded,
    due_rule_sets,
    publish_rule_set,
    roll_back_rule_set,
    save_rule_set,
)
from apps.deals.models import Condition, DealScore, Rule, RuleSet, RuleSetVersion
from apps.deals.qualification.rows import find_active_rule_set
from apps.deals.qualification.versions import (
    digest_of,
    draft_digest,
    has_draft_changes,
)
from apps.events.actions import Actor
from apps.events.catalog.rules import RuleSetPublished, RuleSetSaved
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal
from tests.deals.rule_drafts import SaveDraft, rescore, rules_of

pytestmark = pytest.mark.django_db


def test_a_new_workspace_has_its_first_version(desk: Workspace) -> None:
    rule_set = rules_of(desk)
    [version] = RuleSetVersion.objects.in_workspace(desk)
    assert (rule_set.version, rule_set.published, version.number) == (1, version, 1)
    assert version.digest == digest_of(version.content)
    assert [rule["bit"] for rule in version.content["rules"]] == list(range(8))
    assert not has_draft_changes(rule_set)


def test_a_saved_draft_moves_nothing_until_it_is_published(
    desk: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    save_draft: SaveDraft,
    publish_draft: Any,
) -> None:
    make_deal(desk, **GOOD_LEAD)
    rescore(system, now)
    before = DealScore.objects.values().get()
    rule_set = save_draft(rules_of(desk), min_coverage=100)
    rescore(system, now)
    assert DealScore.objects.values().get() == before
    assert len(list_facts(desk.pk, names=[RuleSetSaved.name])) == 1
    version = publish_draft(rule_set, note="  Only what\n is known ")
    rescore(system, now)
    after = DealScore.objects.get()
    assert (before["verdict"], after.verdict, after.rule_set_version) == ("qualified", "review", 2)
    assert (version.note, version.published_by_name) == ("Only what is known", "tests")
    [fact] = list_facts(desk.pk, names=[RuleSetPublished.name])
    assert fact.payload["content"] == version.content


def test_publishing_names_the_version_that_judged_all_as_base(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = rules_of(desk)
    first = rule_set.published
    rescore(system, now)
    publish_draft(save_draft(rule_set, qualified_from=90))
    rule_set.refresh_from_db()
    assert (rule_set.rescore_base, rule_set.rescore_from_deal) == (first, 0)
    # Published again before every deal was judged: nothing to compare with.
    publish_draft(save_draft(rule_set, qualified_from=91))
    rule_set.refresh_from_db()
    assert rule_set.rescore_base is None
    rescore(system, now)
    rule_set.refresh_from_db()
    assert (rule_set.rescore_base, rule_set.rescore_from_deal) == (None, None)


@pytest.mark.parametrize("note", ["", "  \n ", "x" * 501])
def test_publishing_needs_a_reason_of_one_sentence(
    desk: Workspace, save_draft: SaveDraft, publish_draft: Any, note: str
) -> None:
    rule_set = save_draft(rules_of(desk), qualified_from=90)
    with pytest.raises(PublishRefused, match=r"reason|Say in a sentence"):
        publish_draft(rule_set, note=note)


def test_a_draft_that_says_nothing_new_is_refused(desk: Workspace, publish_draft: Any) -> None:
    with pytest.raises(PublishRefused, match="says the same as version 1"):
        publish_draft(rules_of(desk))


def test_a_draft_changed_after_the_look_is_refused(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = save_draft(rules_of(desk), qualified_from=90)
    seen = draft_digest(rule_set)
    save_draft(rule_set, qualified_from=91)

    def publish_seen(digest: str) -> None:
        publish_rule_set(
            workspace=desk,
            actor=system,
            rule_set=rule_set,
            note="Seen",
            seen_digest=digest,
            now=now,
        )

    with pytest.raises(PublishRefused, match="changed after you looked"):
        publish_seen(seen)
    # The published version moved on, and the draft did not: what was seen was another difference.
    seen = draft_digest(rule_set)
    publish_draft(rule_set)
    roll_back_rule_set(workspace=desk, actor=system, rule_set=rule_set, to=1, note="Back", now=now)
    save_draft(rule_set, qualified_from=91)
    with pytest.raises(PublishRefused, match="changed after you looked"):
        publish_seen(seen)


def test_rules_that_cannot_judge_are_not_published(
    desk: Workspace, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = save_draft(rules_of(desk), qualified_from=90)
    Condition.objects.in_workspace(desk).filter(metric="equity_pct").update(metric="shoe_size")
    with pytest.raises(PublishRefused, match="There is no metric 'shoe_size'"):
        publish_draft(rule_set)
    assert rules_of(desk).version == 1


def test_one_person_cannot_publish_where_two_are_needed(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = save_draft(rules_of(desk), qualified_from=90, needs_second_person=True)
    with pytest.raises(SecondPersonNeeded, match="Ask for approval"):
        publish_draft(rule_set)
    copy = RuleSet(workspace=desk, name="A way around", qualified_from=1, review_from=0)

    def write() -> None:
        rule = Rule.objects.create(workspace=desk, rule_set=copy, name="Any")
        rule.conditions.create(workspace=desk, metric="state", operator="is", value="ct")

    save_rule_set(workspace=desk, actor=system, rule_set=copy, write_rules=write, now=now)
    with pytest.raises(SecondPersonNeeded):
        publish_draft(copy)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(note="Never said"),
        lambda rows: rows.update(content={}),
        lambda rows: rows._raw_delete(rows.db),
    ],
)
def test_the_database_refuses_to_change_a_version(desk: Workspace, change: Any) -> None:
    rows = RuleSetVersion.objects.in_workspace(desk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(rows)
    assert rows.update(published_by=None) == 1


def test_a_stale_form_does_not_take_back_what_was_published(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    stale = rules_of(desk)
    publish_draft(save_draft(rules_of(desk), qualified_from=90))
    stale.qualified_from = 92
    save_rule_set(workspace=desk, actor=system, rule_set=stale, write_rules=lambda: None, now=now)
    rule_set = rules_of(desk)
    assert (rule_set.version, rule_set.published.number, rule_set.qualified_from) == (2, 2, 92)


def test_a_set_without_a_version_judges_nothing(other_workspace: Workspace, now: datetime) -> None:
    RuleSet.objects.create(workspace=other_workspace, name="Draft", is_active=True)
    assert find_active_rule_set(other_workspace) is None
    assert due_rule_sets(now) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_the_same_draft_at_once_make_one_version(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft
) -> None:
    rule_set = save_draft(rules_of(desk), qualified_from=90)
    seen, gate = draft_digest(rule_set), threading.Barrier(4)

    def run(_: int) -> str:
        gate.wait()
        try:
            publish_rule_set(
                workspace=desk,
                actor=system,
                rule_set=rule_set,
                note="Both of us",
                seen_digest=seen,
                now=now,
            )
        except PublishRefused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        ends = sorted(pool.map(run, range(4)))
    assert ends == ["done", "refused", "refused", "refused"]
    assert rules_of(desk).version == 2
