"""Rules that two people publish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from apps.deals.actions import (
    PublishRefused,
    approve_proposal,
    decline_proposal,
    propose_rule_set,
    roll_back_rule_set,
    save_rule_set,
)
from apps.deals.models import RuleProposal, RuleSet
from apps.deals.qualification.versions import draft_digest, row_of
from apps.events.actions import Actor
from apps.events.catalog.rules import RuleProposalClosed, RuleSetProposed, RuleSetPublished
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
Propose = Callable[..., RuleProposal]


@pytest.fixture
def dana(desk: Workspace, make_user: Any) -> Actor:
    return Actor.user(make_user(desk, "admin", name="Dana"))


@pytest.fixture
def lee(desk: Workspace, make_user: Any) -> Actor:
    return Actor.user(make_user(desk, "owner", name="Lee"))


@pytest.fixture
def rule_set(desk: Workspace) -> RuleSet:
    return RuleSet.objects.in_workspace(desk).get()


def draft(rule_set: RuleSet, actor: Actor, now: datetime, qualified_from: int) -> None:
    rule_set.refresh_from_db()
    rule_set.qualified_from = qualified_from
    rule_set.needs_second_person = True
    save_rule_set(
        workspace=rule_set.workspace,
        actor=actor,
        rule_set=rule_set,
        write_rules=lambda: None,
        now=now,
    )


@pytest.fixture
def propose(rule_set: RuleSet, now: datetime) -> Propose:
    """propose(actor, qualified_from=90, note=…) drafts and proposes."""

    def run(actor: Actor, qualified_from: int = 90, note: str = "Fewer, better") -> RuleProposal:
        draft(rule_set, actor, now, qualified_from)
        return propose_rule_set(
            workspace=rule_set.workspace,
            actor=actor,
            rule_set=rule_set,
            note=note,
            seen_digest=draft_digest(rule_set),
            now=now,
        )

    return run


def test_another_person_publishes_exactly_what_was_proposed(
    desk: Workspace, dana: Actor, lee: Actor, rule_set: RuleSet, propose: Propose, now: datetime
) -> None:
    proposal = propose(dana, 90)
    draft(rule_set, dana, now, 99)
    version = approve_proposal(workspace=desk, actor=lee, proposal=proposal, now=now)
    assert row_of(version.content).qualified_from == 90
    assert (version.published_by_name, version.approved_by_name) == ("Dana", "Lee")
    assert (version.note, version.approved_by_id) == ("Fewer, better", lee.user_id)
    proposal.refresh_from_db()
    rule_set.refresh_from_db()
    assert (proposal.state, rule_set.version, rule_set.qualified_from) == ("approved", 2, 99)
    names = [RuleSetProposed.name, RuleSetPublished.name]
    published, proposed = list_facts(desk.pk, names=names)
    assert proposed.payload["proposal"] == published.payload["proposal"]
    assert published.payload["approved_by"] == "Lee"


def test_nobody_approves_their_own_proposal(
    desk: Workspace, dana: Actor, system: Actor, rule_set: RuleSet, propose: Propose, now: datetime
) -> None:
    proposal = propose(dana)
    for actor in (dana, system):
        with pytest.raises(PublishRefused, match="another owner or admin"):
            approve_proposal(workspace=desk, actor=actor, proposal=proposal, now=now)
    rule_set.refresh_from_db()
    assert rule_set.version == 1


@pytest.mark.parametrize(("who", "outcome"), [("lee", "declined"), ("dana", "withdrawn")])
def test_a_proposal_is_declined_or_withdrawn_once(
    desk: Workspace,
    dana: Actor,
    lee: Actor,
    propose: Propose,
    now: datetime,
    who: str,
    outcome: str,
) -> None:
    proposal = propose(dana)
    actor = {"lee": lee, "dana": dana}[who]
    closed = decline_proposal(
        workspace=desk, actor=actor, proposal=proposal, reason="Too few left", now=now
    )
    assert (closed.state, closed.answer) == (outcome, "Too few left")
    [fact] = list_facts(desk.pk, names=[RuleProposalClosed.name])
    assert fact.payload["outcome"] == outcome
    with pytest.raises(PublishRefused, match="decided already"):
        approve_proposal(workspace=desk, actor=lee, proposal=proposal, now=now)


def test_declining_needs_a_reason(
    desk: Workspace, dana: Actor, lee: Actor, propose: Propose, now: datetime
) -> None:
    proposal = propose(dana)
    with pytest.raises(PublishRefused, match="Say in a sentence why you decline"):
        decline_proposal(workspace=desk, actor=lee, proposal=proposal, reason=" ", now=now)


def test_one_proposal_waits_at_a_time(
    dana: Actor, lee: Actor, desk: Workspace, propose: Propose, now: datetime
) -> None:
    proposal = propose(dana)
    with pytest.raises(PublishRefused, match="wait for approval already"):
        propose(lee, 91)
    decline_proposal(workspace=desk, actor=dana, proposal=proposal, reason="", now=now)
    assert propose(lee, 91).proposed_by_name == "Lee"


def test_a_proposal_is_overtaken_by_whatever_is_published_before_it(
    desk: Workspace, dana: Actor, lee: Actor, rule_set: RuleSet, propose: Propose, now: datetime
) -> None:
    """Approved later, it would silently undo what came in between."""
    first = propose(dana, 90)
    approve_proposal(workspace=desk, actor=lee, proposal=first, now=now)
    second = propose(dana, 95)
    roll_back_rule_set(workspace=desk, actor=lee, rule_set=rule_set, to=1, note="Too few", now=now)
    with pytest.raises(PublishRefused, match="decided already: overtaken"):
        approve_proposal(workspace=desk, actor=lee, proposal=second, now=now)
    assert first.state == "waiting"
    first.refresh_from_db()
    assert first.state == "approved"
