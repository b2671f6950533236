"""A trial of rules in a real browser: started, read and decided by a person."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from apps.common import clock
from apps.deals.actions import due_rule_sets, rescore_batch
from apps.deals.models import DealScore, Property, RuleSet
from tests.analytics.saying import accepted, responded
from tests.browser.chromium import DESKTOP, PHONE
from tests.deals.conftest import GOOD_LEAD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUSES = 240


@pytest.fixture
def owner(workspace, make_user, deliver):
    deliver()
    return make_user(workspace, email="owner@example.com")


@pytest.fixture
def judge_all(system):
    def run():
        while due := due_rule_sets(clock.now()):
            rescore_batch(actor=system, rule_set=due[0], now=clock.now())

    return run


@pytest.fixture
def houses(workspace, owner, make_deal, judge_all):
    """Judged deals of which two thirds qualify, and a draft that asks for more."""
    deals = [make_deal(workspace, f"{n} Elm St", verdict="review") for n in range(HOUSES)]
    good = [deal.property_id for n, deal in enumerate(deals) if n % 3]
    Property.objects.in_workspace(workspace).filter(pk__in=good).update(**GOOD_LEAD)
    judge_all()
    RuleSet.objects.in_workspace(workspace).filter(is_active=True).update(min_coverage=100)
    return deals


def keep(page, name):
    """A picture for whoever wants to look: set SCREENS to a folder."""
    if folder := os.environ.get("SCREENS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_owner_tries_the_draft_and_keeps_the_champion(
    workspace, owner, houses, judge_all, tell, sign_in, violations, viewport
):
    page = sign_in(owner.email, viewport=viewport)
    page.goto("/trials/")
    assert violations(page) == "[]"
    keep(page, f"trials-start-{viewport['width']}")
    page.get_by_label("What to try").select_option("draft")
    page.get_by_label("Percent of deals it judges").fill("50")
    page.get_by_label("What do you want to find out?").fill("Does asking for all data pay?")
    page.get_by_role("button", name="Start the trial").click()
    page.wait_for_url("**/trials/*-*/")
    assert "shared out and judged" in page.locator("main").inner_text()
    judge_all()
    tell(workspace, *(accepted(deal.public_id) for deal in houses[:60]), at=clock.now())
    tell(workspace, *(responded(deal.public_id) for deal in houses[:6]), at=clock.now())
    page.reload()
    text = page.locator("main").inner_text()
    assert "points fewer deals (95%" in text
    assert "For replies there is not enough data yet" in text
    assert "Looking often misleads." in text
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert violations(page) == "[]"
    keep(page, f"trial-{viewport['width']}")
    page.get_by_label("Why?").fill("Too many good deals fall out.")
    page.get_by_role("button", name="Keep version 1").click()
    page.wait_for_load_state("networkidle")
    assert "Champion kept" in page.locator("main").inner_text()
    judge_all()
    scores = DealScore.objects.filter(workspace_id=workspace.pk, verdict="qualified")
    assert scores.count() == HOUSES * 2 // 3
    page.goto("/trials/")
    assert "Champion kept" in page.locator("main").inner_text()
    assert violations(page) == "[]"
    keep(page, f"trials-{viewport['width']}")
