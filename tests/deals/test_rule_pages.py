"""The pages of rules: who sees and may do what, and that each step says what it did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from apps.deals.models import DealScore, RuleProposal, RuleSet
from apps.deals.qualification.shipped import parse_rule_set
from apps.deals.qualification.versions import draft_digest, row_of
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal
from tests.deals.rule_drafts import SaveDraft, rescore

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def rule_set(desk: Workspace) -> RuleSet:
    return RuleSet.objects.in_workspace(desk).get()


def url(rule_set: RuleSet, rest: str = "") -> str:
    return f"/rules/{rule_set.public_id}/{rest}"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_draft_reads_beside_what_is_published(
    signed_in: Any, desk: Workspace, rule_set: RuleSet, save_draft: SaveDraft
) -> None:
    client = signed_in(desk)
    assert "says the same as version 1" in text(client.get(url(rule_set)))
    save_draft(rule_set, min_coverage=80)
    page = text(client.get(url(rule_set)))
    assert '<del class="text-secondary">50% of the weights</del>' in page
    assert "Impact and publish" in page
    listed = text(client.get("/rules/"))
    assert "1 change in the draft" in listed
    assert "In use" in listed


def test_publishing_asks_for_a_reason_and_tells_how_far_it_is(
    signed_in: Any,
    desk: Workspace,
    rule_set: RuleSet,
    save_draft: SaveDraft,
    make_deal: MakeDeal,
    system: Actor,
    now: datetime,
) -> None:
    make_deal(desk, **GOOD_LEAD)
    rescore(system, now)
    client = signed_in(desk)
    save_draft(rule_set, min_coverage=100)
    seen = draft_digest(rule_set)
    assert seen in text(client.get(url(rule_set, "publish/")))
    refused = client.post(url(rule_set, "publish/"), {"note": " ", "seen": seen})
    assert refused.status_code == 422
    assert "Say in a sentence why" in text(refused)
    answer = client.post(url(rule_set, "publish/"), {"note": "Only known ones", "seen": seen})
    assert (answer.status_code, answer["Location"]) == (302, url(rule_set))
    page = text(client.get(url(rule_set)))
    assert "Version 2 is published" in page
    assert "<strong>0</strong> of 1 deals judged anew by version 2" in page
    rescore(system, now)
    panel = text(client.get(url(rule_set, "progress/"), **HTMX))
    assert "All 1 deals are judged by version 2" in panel
    assert "every 2s" not in panel
    assert DealScore.objects.get().verdict == "review"


def test_a_draft_that_moved_on_is_shown_again_as_it_is(
    signed_in: Any, desk: Workspace, rule_set: RuleSet, save_draft: SaveDraft
) -> None:
    client = signed_in(desk)
    save_draft(rule_set, min_coverage=80)
    seen = draft_digest(rule_set)
    save_draft(rule_set, min_coverage=90)
    answer = client.post(url(rule_set, "publish/"), {"note": "Why not", "seen": seen})
    assert answer.status_code == 422
    page = text(answer)
    assert "changed after you looked" in page
    assert draft_digest(rule_set) in page
    assert "Why not" in page


def test_the_impact_counts_and_lists_what_would_change(
    signed_in: Any,
    desk: Workspace,
    rule_set: RuleSet,
    save_draft: SaveDraft,
    make_deal: MakeDeal,
    system: Actor,
    now: datetime,
) -> None:
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(30)]
    rescore(system, now)
    client = signed_in(desk, "viewer")
    save_draft(rule_set, min_coverage=100)
    panel = text(client.get(url(rule_set, "impact/"), **HTMX))
    assert "Qualifies → To review (30)" in panel
    assert "now 30, -30" in panel
    assert panel.count("<tr data-row>") == 8 + 10
    assert str(deals[0].public_id) in panel
    assert str(deals[10].public_id) not in panel
    more = f"flips/?after={deals[24].pk}&way=qualified-review"
    rest = text(client.get(url(rule_set, f"impact/{more}"), **HTMX))
    assert rest.count("<tr data-row>") == 5
    none = client.get(url(rule_set, "impact/flips/?way=rejected-qualified"), **HTMX)
    assert "No deal goes this way" in text(none)
    plain = client.get(url(rule_set, "impact/flips/?way=qualified-review"))
    assert "<title>Impact of" in text(plain)
    assert client.get(url(rule_set, "impact/?version=1"), **HTMX).status_code == 200
    for wrong in ("?version=7", "?version=x", "?proposal=x", "flips/?after=x"):
        assert client.get(url(rule_set, f"impact/{wrong}"), **HTMX).status_code == 404


def test_rolling_back_shows_what_changes_and_brings_it_back(
    signed_in: Any, desk: Workspace, rule_set: RuleSet, save_draft: SaveDraft, publish_draft: Any
) -> None:
    publish_draft(save_draft(rule_set, min_coverage=100), note="Only known ones")
    client = signed_in(desk)
    assert "Roll back to this version" in text(client.get(url(rule_set, "versions/1/")))
    second = text(client.get(url(rule_set, "versions/2/")))
    assert "Only known ones" in second
    assert "Roll back to this version" not in second
    here = text(client.get(url(rule_set, "versions/2/roll-back/")))
    assert "Version 2 is in use; there is nothing to go back to." in here
    assert "The draft follows" not in here
    assert "<ins>50% of the weights</ins>" in text(
        client.get(url(rule_set, "versions/1/roll-back/"))
    )
    refused = client.post(url(rule_set, "versions/1/roll-back/"), {"note": ""})
    assert refused.status_code == 422
    same = client.post(url(rule_set, "versions/2/roll-back/"), {"note": "Why"})
    assert (same.status_code, "nothing to roll back" in text(same)) == (422, True)
    answer = client.post(url(rule_set, "versions/1/roll-back/"), {"note": "Too few"}, follow=True)
    assert "Version 3 brings back what version 1 said" in text(answer)
    rule_set.refresh_from_db()
    assert row_of(rule_set.published.content).min_coverage == 50
    assert client.get(url(rule_set, "versions/9/")).status_code == 404


def test_two_people_publish_over_the_pages(
    make_user: Any, desk: Workspace, rule_set: RuleSet, save_draft: SaveDraft
) -> None:
    one, other = Client(), Client()
    one.force_login(make_user(desk, "admin", name="Dana"))
    other.force_login(make_user(desk, "owner", name="Lee"))
    save_draft(rule_set, min_coverage=80, needs_second_person=True)
    seen = {"note": "Only known ones", "seen": draft_digest(rule_set)}
    alone = one.post(url(rule_set, "publish/"), seen)
    assert (alone.status_code, "Ask for approval" in text(alone)) == (422, True)
    asked = one.post(url(rule_set, "publish/"), {**seen, "ask": "1"})
    proposal = RuleProposal.objects.in_workspace(desk).get()
    page = asked["Location"]
    assert page == url(rule_set, f"proposals/{proposal.public_id}/")
    assert "cannot approve what you proposed" in text(one.get(page))
    assert "Dana asks for approval" in text(other.get(url(rule_set)))
    assert one.post(f"{page}approve/").status_code == 422
    silent = other.post(f"{page}decline/", {"reason": ""})
    assert (silent.status_code, "why you decline" in text(silent)) == (422, True)
    assert other.get(url(rule_set, f"impact/?proposal={proposal.public_id}")).status_code == 200
    assert "Approve and publish version 2" in text(other.get(page))
    done = other.post(f"{page}approve/", follow=True)
    assert "Version 2 is published" in text(done)
    assert "approved by Lee" in text(done)


def test_exports_are_what_the_import_reads(
    signed_in: Any, desk: Workspace, rule_set: RuleSet, save_draft: SaveDraft
) -> None:
    save_draft(rule_set, min_coverage=80)
    client = signed_in(desk, "viewer")
    answers = [client.get(url(rule_set, rest)) for rest in ("export/", "versions/1/export/")]
    rows = [parse_rule_set(answer.content.decode()) for answer in answers]
    assert [row.min_coverage for row in rows] == [80, 50]
    assert "attachment" in answers[0]["Content-Disposition"]


READ = ("", "impact/", "impact/flips/", "export/", "progress/", "versions/1/", "versions/1/export/")
WRITE = ("publish/", "versions/1/roll-back/")


def test_others_see_and_do_not_publish(
    signed_in: Any, desk: Workspace, rule_set: RuleSet, save_draft: SaveDraft
) -> None:
    save_draft(rule_set, min_coverage=80)
    client = signed_in(desk, "acquisitions")
    for rest in READ:
        assert client.get(url(rule_set, rest)).status_code == 200, rest
    for rest in WRITE:
        assert client.get(url(rule_set, rest)).status_code == 403, rest
        assert client.post(url(rule_set, rest), {"note": "x"}).status_code == 403, rest
    page = text(client.get(url(rule_set)))
    assert "Impact and publish" not in page
    assert "See the impact" in page


def test_outsiders_find_nothing(
    signed_in: Any,
    desk: Workspace,
    other_workspace: Workspace,
    rule_set: RuleSet,
    save_draft: SaveDraft,
) -> None:
    save_draft(rule_set, min_coverage=80)
    proposal = RuleProposal.objects.create(
        workspace=desk,
        rule_set=rule_set,
        content=rule_set.published.content,
        digest="",
        note="x",
        proposed_at=rule_set.created_at,
        proposed_by_name="Dana",
    )
    client = signed_in(other_workspace)
    page = f"proposals/{proposal.public_id}/"
    for rest in (*READ, *WRITE, page):
        assert client.get(url(rule_set, rest)).status_code == 404, rest
    for rest in (*WRITE, f"{page}approve/", f"{page}decline/"):
        assert client.post(url(rule_set, rest), {"note": "x"}).status_code == 404, rest
    assert Client().get(url(rule_set)).status_code == 302
