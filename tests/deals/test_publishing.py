"""Draft, publish, roll back: what moves a deal, and what is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from apps.deals.actions import (
    PublishRefused,
    SecondPersonNeeded,
    due_rule_sets,
    publish_rule_set,
    rescore_batch,
    roll_back_rule_set,
    save_rule_set,
)
from apps.deals.models import Condition, DealScore, Rule, RuleSet, RuleSetVersion
from apps.deals.qualification.rows import find_active_rule_set
from apps.deals.qualification.versions import (
    digest_of,
    draft_digest,
    has_draft_changes,
    published_spec,
    row_of,
    version_in_force,
)
from apps.events.actions import Actor
from apps.events.catalog.rules import RuleSetPublished, RuleSetSaved
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal

pytestmark = pytest.mark.django_db
SaveDraft = Callable[..., RuleSet]


def rules_of(desk: Workspace) -> RuleSet:
    return RuleSet.objects.in_workspace(desk).get(is_active=True)


def rescore(actor: Actor, now: datetime) -> None:
    while due := due_rule_sets(now):
        rescore_batch(actor=actor, rule_set=due[0], now=now)


def equity(rule_set: RuleSet) -> Condition:
    return Condition.across_workspaces.get(rule__rule_set=rule_set, metric="equity_pct")


@pytest.fixture
def save_draft(system: Actor, now: datetime) -> SaveDraft:
    """save_draft(rule_set, equity="30%", **columns of the set) -> the saved set."""

    def run(rule_set: RuleSet, *, equity_more_than: str = "", **columns: Any) -> RuleSet:
        rule_set.refresh_from_db()
        for name, value in columns.items():
            setattr(rule_set, name, value)

        def write() -> None:
            if equity_more_than:
                held = equity(rule_set)
                held.value = equity_more_than
                held.save()

        return save_rule_set(
            workspace=rule_set.workspace,
            actor=system,
            rule_set=rule_set,
            write_rules=write,
            now=now,
        )

    return run


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


def test_rolling_back_is_a_new_version_and_the_draft_follows(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = rules_of(desk)
    before = published_spec(rule_set)
    gone = equity(rule_set).rule

    def write() -> None:
        gone.delete()
        rule = Rule.objects.create(
            workspace=desk, rule_set=rule_set, name="In Ohio", weight=3, position=0
        )
        rule.conditions.create(workspace=desk, metric="state", operator="is", value="oh")

    save_rule_set(workspace=desk, actor=system, rule_set=rule_set, write_rules=write, now=now)
    second = publish_draft(rule_set)
    assert [rule["bit"] for rule in second.content["rules"]] == [8, 1, 2, 3, 4, 5, 6, 7]
    back = roll_back_rule_set(
        workspace=desk, actor=system, rule_set=rule_set, to=1, note="Too strict", now=now
    )
    rule_set = rules_of(desk)
    assert (back.number, back.restores.number, rule_set.published) == (3, 1, back)
    assert published_spec(rule_set) == before
    assert not has_draft_changes(rule_set)
    names = list(rule_set.rules.values_list("name", "bit", "public_id"))
    assert names[0] == ("Enough equity", 0, gone.public_id)
    assert "In Ohio" not in [name for name, _, _ in names]


def test_rolling_back_keeps_a_draft_that_was_never_published(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = rules_of(desk)
    publish_draft(save_draft(rule_set, qualified_from=90))
    save_draft(rule_set, qualified_from=95)
    roll_back_rule_set(
        workspace=desk, actor=system, rule_set=rule_set, to=1, note="Too strict", now=now
    )
    rule_set.refresh_from_db()
    assert rule_set.qualified_from == 95
    assert row_of(rule_set.published.content).qualified_from == 85
    assert has_draft_changes(rule_set)


@pytest.mark.parametrize(("to", "said"), [(1, "says the same as version 1"), (9, "no version 9")])
def test_there_must_be_something_to_roll_back_to(
    desk: Workspace, system: Actor, now: datetime, to: int, said: str
) -> None:
    with pytest.raises(PublishRefused, match=said):
        roll_back_rule_set(
            workspace=desk, actor=system, rule_set=rules_of(desk), to=to, note="Back", now=now
        )


def test_a_stale_form_does_not_take_back_what_was_published(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    stale = rules_of(desk)
    publish_draft(save_draft(rules_of(desk), qualified_from=90))
    stale.qualified_from = 92
    save_rule_set(workspace=desk, actor=system, rule_set=stale, write_rules=lambda: None, now=now)
    rule_set = rules_of(desk)
    assert (rule_set.version, rule_set.published.number, rule_set.qualified_from) == (2, 2, 92)


def test_the_version_in_force_goes_by_the_clock(
    desk: Workspace, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = save_draft(rules_of(desk), qualified_from=90)
    later = now + timedelta(days=3)
    publish_draft(rule_set, at=later)
    asked = [now - timedelta(days=1), now, later - timedelta(seconds=1), later]
    found = [version_in_force(rule_set, at) for at in asked]
    assert [version and version.number for version in found] == [None, 1, 1, 2]


def test_a_set_without_a_version_judges_nothing(other_workspace: Workspace, now: datetime) -> None:
    RuleSet.objects.create(workspace=other_workspace, name="Draft", is_active=True)
    assert find_active_rule_set(other_workspace) is None
    assert due_rule_sets(now) == []
