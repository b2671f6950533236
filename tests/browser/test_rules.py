"""A threshold goes from admin over its impact into use, and back again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from apps.deals.actions import due_rule_sets, rescore_batch, score_deals
from apps.deals.models import DealScore, RuleSet
from tests.browser.chromium import DESKTOP, PHONE
from tests.deals.conftest import GOOD_LEAD, desk, make_deal  # noqa: F401  (fixtures, by name)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def admin(workspace, make_user):
    return make_user(workspace, "admin", email="admin@example.com", is_staff=True)


@pytest.fixture
def street(desk, make_deal, system, now):  # noqa: F811
    """Three deals with all their equity and one with a quarter of it, all qualified."""
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(3)]
    deals.append(make_deal(desk, **{**GOOD_LEAD, "loan_balance_amount": 180_000}))
    score_deals(workspace=desk, actor=system, deals=[deal.public_id for deal in deals], now=now)
    judge_all(system)
    return deals


def judge_all(system) -> None:
    """What the sweep does, at the clock of the server."""
    moment = datetime.now(tz=UTC)
    while due := due_rule_sets(moment):
        rescore_batch(actor=system, rule_set=due[0], now=moment)


def verdicts() -> list[str]:
    return sorted(DealScore.objects.values_list("verdict", flat=True))


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@SIZES
def test_a_threshold_is_changed_weighed_published_and_rolled_back(
    desk, street, admin, sign_in, violations, system, size  # noqa: F811
):  # fmt: skip
    rule_set = RuleSet.objects.in_workspace(desk).get()
    before = verdicts()
    page = sign_in(admin.email, viewport=size)
    page.goto(f"/admin/deals/ruleset/{rule_set.pk}/change/")
    page.locator("#id_rules-0-conditions-0-value").fill("50%")
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("Draft saved; no deal moves yet")).to_be_visible()
    judge_all(system)
    assert verdicts() == before

    page.goto("/rules/")
    assert violations(page) == "[]"
    assert fits(page)
    page.get_by_role("link", name="Classic wholesale").click()
    expect(page.get_by_text("more than 50%").first).to_be_visible()
    assert violations(page) == "[]"
    assert fits(page)
    page.get_by_role("link", name="Impact and publish").click()
    expect(page.get_by_role("heading", name="Deals that change their verdict")).to_be_visible()
    expect(page.locator("#flips [data-row]")).to_have_count(1)
    expect(page.locator("#flips")).to_contain_text(street[3].property.address)
    page.get_by_label("From which verdict to which").select_option(index=1)
    expect(page.locator("#flips [data-row]")).to_have_count(1)
    assert violations(page) == "[]"
    assert fits(page)
    page.get_by_label("Why do the rules change?").fill("Too many thin deals")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("deals judged anew by version 2")).to_be_visible()
    assert violations(page) == "[]"
    judge_all(system)
    expect(page.get_by_text("All 4 deals are judged by version 2.").first).to_be_visible()
    assert verdicts() != before

    page.get_by_role("link", name="Version 1", exact=True).click()
    page.get_by_role("link", name="Roll back to this version").click()
    expect(page.locator("#flips [data-row]")).to_have_count(1)
    assert violations(page) == "[]"
    assert fits(page)
    page.get_by_label("Why do the rules go back?").fill("It was too strict")
    page.get_by_role("button", name="Roll back to version 1").click()
    expect(page.get_by_text("The draft says the same now.")).to_be_visible()
    judge_all(system)
    expect(page.get_by_text("All 4 deals are judged by version 3.").first).to_be_visible()
    assert verdicts() == before

    page.goto(f"/deals/{street[3].public_id}/")
    expect(page.get_by_role("link", name="Classic wholesale v3")).to_be_visible()
    page.get_by_label("As of").fill("2026-11-20")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("when Nov 20, 2026 ended")).to_be_visible()
    assert violations(page) == "[]"
    assert fits(page)
