"""Starting, reading and deciding a trial over HTTP."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from apps.deals.models import RuleSet, RuleTrial
from tests.deals.trials.conftest import rules_of

NOTE = "Do stricter rules lose deals?"


def seen(html: str) -> str:
    return re.search(r'name="seen" value="(\w*)"', html).group(1)


@pytest.fixture
def owner(desk, houses, signed_in):
    return signed_in(desk)


@pytest.fixture
def begin(owner, draft):
    """begin(**fields) -> the answer to the form, filled as the page showed it."""

    def run(**fields):
        draft()
        html = owner.get("/trials/").content.decode()
        usual = {"challenger": "draft", "share": "50", "note": NOTE, "seen": seen(html)}
        return owner.post("/trials/start/", {**usual, **fields})

    return run


def only_trial(desk) -> RuleTrial:
    return RuleTrial.objects.in_workspace(desk).get()


def test_a_trial_from_start_to_decision(desk, owner, begin, judge_all):
    assert "Nothing to try yet" in owner.get("/trials/").content.decode()
    answer = begin()
    trial = only_trial(desk)
    assert answer.status_code == 302
    assert answer["Location"] == f"/trials/{trial.public_id}/"
    first = owner.get(answer["Location"]).content.decode()
    assert "<strong>0</strong> of 40 deals" in first
    assert "Nothing yet: deals are still being judged." in first
    assert "For qualifying" not in first
    rules = f"/rules/{trial.rule_set.public_id}/"
    assert "A trial is running: version 2 judges 50%" in owner.get(rules).content.decode()
    tried = owner.get(f"{rules}versions/2/").content.decode()
    assert "On trial" in tried
    assert "Take these rules into use" in tried
    judge_all()
    html = owner.get(answer["Location"]).content.decode()
    row = re.search(r">Deals</th>.*?>(\d+)</td>.*?>(\d+)</td>", html, re.S)
    assert int(row.group(1)) + int(row.group(2)) == 40
    assert "shared out and judged" not in html
    assert "For replies there is not enough data yet: 0 against 0." in html
    assert "Looking often misleads." in html
    assert "Running" in owner.get("/trials/").content.decode()
    ended = owner.post(f"/trials/{trial.public_id}/end/", {"note": "Too few.", "decision": "keep"})
    assert ended.status_code == 302
    html = owner.get(ended["Location"]).content.decode()
    assert "Champion kept" in html
    assert "Too few." in html
    assert "Decide" not in html
    assert rules_of(desk).version == 1


def test_adopting_publishes_the_challenger(desk, owner, begin, judge_all):
    begin()
    judge_all()
    trial = only_trial(desk)
    owner.post(f"/trials/{trial.public_id}/end/", {"note": "Better.", "decision": "adopt"})
    assert (rules_of(desk).version, rules_of(desk).published.restores) == (3, trial.challenger)
    assert "Challenger adopted" in owner.get("/trials/").content.decode()


@pytest.mark.parametrize(
    "fields, sentence",
    [
        ({"share": "60"}, "At most 50 percent."),
        ({"note": " "}, "Say in a sentence what you want to find out"),
        ({"challenger": ""}, "Choose what to try"),
        ({"challenger": "9"}, "Choose another one"),
        ({"seen": "old"}, "changed after you looked"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, begin, fields, sentence):
    answer = begin(**fields)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert sentence in html
    if "note" not in fields:
        assert NOTE in html
    assert not RuleTrial.objects.in_workspace(desk).exists()


def test_who_only_looks_is_led_to_the_form_and_to_the_trial(owner, begin, desk):
    assert owner.get("/trials/start/")["Location"] == "/trials/"
    begin()
    here = f"/trials/{only_trial(desk).public_id}/"
    assert owner.get(f"{here}end/")["Location"] == here


def test_a_version_that_says_what_is_in_use_is_no_choice(desk, owner, begin):
    begin()
    trial = only_trial(desk)
    owner.post(f"/trials/{trial.public_id}/end/", {"note": "Better.", "decision": "adopt"})
    html = owner.get("/trials/").content.decode()
    assert '<option value="1"' in html
    assert '<option value="2"' not in html


def test_a_decision_without_a_reason_or_too_late_changes_nothing(desk, owner, begin):
    begin()
    trial = only_trial(desk)
    address = f"/trials/{trial.public_id}/end/"
    answer = owner.post(address, {"note": "", "decision": "adopt"})
    assert answer.status_code == 422
    assert "Say in a sentence why" in answer.content.decode()
    owner.post(address, {"note": "Enough.", "decision": "keep"})
    assert owner.post(address, {"note": "No!", "decision": "adopt"}).status_code == 422
    assert only_trial(desk).outcome == "kept"
    assert rules_of(desk).version == 1


def test_where_a_second_person_is_needed_drafts_are_not_offered(desk, owner, draft):
    draft(min_coverage=100, needs_second_person=True)
    html = owner.get("/trials/").content.decode()
    assert "The draft:" not in html


def test_low_roles_read_and_do_not_decide(desk, houses, start, signed_in):
    trial = start()
    client = signed_in(desk, "read_only")
    html = client.get(f"/trials/{trial.public_id}/").content.decode()
    assert "Both sides" in html
    assert "Adopt version" not in html
    data = {"note": "x", "decision": "adopt"}
    assert client.post(f"/trials/{trial.public_id}/end/", data).status_code == 403
    assert client.post("/trials/start/", {}).status_code == 403


def test_strangers_find_nothing(desk, other_workspace, start, houses, signed_in):
    trial = start()
    stranger = signed_in(other_workspace)
    assert stranger.get(f"/trials/{trial.public_id}/").status_code == 404
    data = {"note": "x", "decision": "adopt"}
    assert stranger.post(f"/trials/{trial.public_id}/end/", data).status_code == 404
    assert "Version 2 against" not in stranger.get("/trials/").content.decode()
    assert Client().get("/trials/").status_code == 302


def test_a_workspace_without_rules_in_use_is_told(other_workspace, signed_in, deliver):
    deliver()
    RuleSet.objects.in_workspace(other_workspace).update(is_active=False)
    client = signed_in(other_workspace)
    assert "No rules in use" in client.get("/trials/").content.decode()
    assert client.post("/trials/start/", {}).status_code == 404


def test_the_history_of_rules_marks_what_was_only_tried(desk, owner, begin):
    begin()
    html = owner.get(f"/rules/{rules_of(desk).public_id}/").content.decode()
    assert html.count("Only tried") == 1


def test_publishing_and_rolling_back_say_that_they_end_the_trial(desk, owner, begin, draft):
    begin()
    draft(qualified_from=90)
    rules = f"/rules/{rules_of(desk).public_id}/"
    html = owner.get(f"{rules}publish/").content.decode()
    assert "A trial is running: version 2 against version 1. This ends it" in html
    html = owner.get(f"{rules}versions/2/roll-back/").content.decode()
    assert "A trial is running" in html
    assert "the version of their side of the trial" in owner.get(rules).content.decode()


def test_admin_shows_trials(desk, houses, start, make_user):
    start()
    client = Client()
    client.force_login(make_user(desk, "owner", is_staff=True))
    html = client.get("/admin/deals/ruletrial/").content.decode()
    assert "v2 against v1" in html
