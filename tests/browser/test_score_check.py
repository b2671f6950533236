"""The score check in a real browser: its figures, its filters, its shape on a phone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from apps.common import clock
from tests.analytics.saying import accepted, offer_accepted, responded, scored
from tests.browser.chromium import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
# score -> deals, replies, contracts
HISTORY = {
    5: (25, 0, 0),
    24: (60, 1, 0),
    47: (90, 6, 1),
    66: (80, 12, 4),
    83: (70, 21, 8),
    95: (9, 4, 2),
}


@pytest.fixture
def owner(workspace, make_user):
    return make_user(workspace, email="owner@example.com")


@pytest.fixture
def history(workspace, tell):
    start = clock.now() - 60 * DAY
    for score, (count, replies, contracts) in HISTORY.items():
        deals = [uuid4() for _ in range(count)]
        tell(workspace, *(scored(deal, score) for deal in deals), at=start - DAY)
        tell(workspace, *(accepted(deal) for deal in deals), at=start)
        if replies:
            tell(workspace, *(responded(deal) for deal in deals[:replies]), at=start + DAY)
        if contracts:
            signed = (offer_accepted(deal) for deal in deals[:contracts])
            tell(workspace, *signed, at=start + 9 * DAY)


def keep(page, name):
    """A picture for whoever wants to look: set SCREENS to a folder."""
    if folder := os.environ.get("SCREENS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_reads_well_and_meets_wcag_aa(owner, history, sign_in, violations, viewport, dark):
    page = sign_in(owner.email, viewport=viewport, dark=dark)
    page.goto("/score-check/")
    keep(page, f"score-check-{viewport['width']}-{'dark' if dark else 'light'}")
    replies = page.get_by_role("region", name="Replies")
    assert "The score ranks deals" in replies.inner_text()
    row = replies.get_by_role("row", name="80–89")
    assert "30.0%" in row.inner_text()
    assert (
        "not enough data: 9 of 20 deals" in replies.get_by_role("row", name="90–100").inner_text()
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert violations(page) == "[]"


def test_the_menu_leads_there_and_the_filter_narrows(owner, history, sign_in):
    page = sign_in(owner.email)
    page.get_by_role("link", name="Score check").click()
    page.wait_for_url("**/score-check/")
    assert page.get_by_role("link", name="Today").first.get_attribute("aria-current") is None
    page.get_by_label("Time given to each deal").select_option("90")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**days=90**")
    assert page.get_by_text("Not enough data: 0 deals").count() == 2
    assert page.get_by_label("Time given to each deal").input_value() == "90"


def test_nothing_to_count_is_said(owner, sign_in):
    page = sign_in(owner.email, viewport=PHONE)
    page.goto("/score-check/")
    assert page.get_by_text("No deal has been written to yet").is_visible()
    keep(page, "score-check-empty")
