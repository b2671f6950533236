"""Comparable sales in a real browser: picking, using, and both widths by axe."""

from __future__ import annotations

import pytest

from apps.deals.models import Deal
from apps.deals.sales.actions import record_sales
from tests.browser.chromium import DESKTOP, PHONE
from tests.deals.comps.test_comp_pages import HOUSE, sale_rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def priced(workspace, make_deal, system, now, make_user):
    make_user(workspace, email="owner@example.com")
    record_sales(
        workspace=workspace, actor=system, source_label="County", rows=sale_rows(), now=now
    )
    deal = make_deal(workspace)
    for name, value in HOUSE.items():
        setattr(deal.property, name, value)
    deal.property.save()
    return deal


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_person_picks_sales_and_uses_their_value(priced, sign_in, violations, viewport):
    page = sign_in("owner@example.com", viewport=viewport)
    page.goto(f"/deals/{priced.public_id}/?tab=numbers")
    panel = page.locator("#comps")
    panel.get_by_text("ARV from 5 sales").wait_for()
    assert violations(page) == "[]"
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    panel.get_by_role("checkbox").first.uncheck()
    panel.get_by_text("ARV from 4 sales you picked").wait_for()
    panel.get_by_role("button", name="Use as ARV").click()
    page.get_by_text("from 4 picked sales").first.wait_for()
    assert Deal.objects.in_workspace(priced.workspace_id).get().arv_amount is not None
    page.locator("#comps").get_by_text("ARV now").wait_for()
    page.goto("/sales/")
    assert violations(page) == "[]"
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
