"""Import, lists and provenance in a real browser, at the desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from apps.deals.actions import score_deals
from apps.deals.ingestion import limits
from apps.deals.ingestion.tasks import continue_imports, preview_drafts
from apps.deals.models import LeadImport, Property, Strength
from tests.browser.chromium import DESKTOP, PHONE
from tests.deals.conftest import GOOD_LEAD, desk, make_deal  # noqa: F401  (fixtures, by name)
from tests.deals.ingestion.conftest import UNSEEN, as_csv, house
from tests.deals.test_lists import make_list, put_on, warn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def owner(workspace, make_user):
    return make_user(workspace, email="owner@example.com")


@pytest.fixture
def stacked(desk, make_deal, system, now):  # noqa: F811
    """Two deals: one on three lists with a lien and a conflict, one on a single list."""
    deals = [
        make_deal(
            desk,
            **GOOD_LEAD,
            source="PropStream: absentee.csv",
            conflicts={
                "building_sqft": [1_480, "New Haven assessor", "2026-03-03", Strength.COUNTY]
            },
        ),
        make_deal(desk, **GOOD_LEAD),
    ]
    score_deals(workspace=desk, actor=system, deals=[deal.public_id for deal in deals], now=now)
    names = [make_list(desk, name) for name in ("Absentee", "Tax roll", "Vacant houses")]
    put_on(deals[0], *names)
    put_on(deals[1], names[0])
    warn(deals[0], "tax_lien")
    return deals


@pytest.fixture
def unseen(tmp_path) -> Path:
    path = tmp_path / "tax_roll_new_haven.csv"
    path.write_bytes(UNSEEN)
    return path


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@SIZES
def test_a_list_nobody_has_seen(desk, owner, sign_in, unseen, violations, size, tmp_path):  # noqa: F811
    page = sign_in(owner.email, viewport=size)
    page.goto("/import/")
    assert violations(page) == "[]"
    page.locator("#id_file").set_input_files(unseen)
    expect(page.get_by_text("tax_roll_new_haven.csv")).to_be_visible()
    expect(page.get_by_label("Name of the list")).to_have_value("tax roll new haven")
    page.get_by_role("button", name="Look at this list").click()
    page.wait_for_url("**/columns/")
    expect(page.get_by_label("Situs Street")).to_have_value("line")
    expect(page.get_by_label("Mood")).to_have_value("")
    assert fits(page)
    assert violations(page) == "[]"
    page.get_by_label("Mood").select_option("notes")
    page.get_by_label("Remember for lists with this header").check()
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url("**/preview/")
    expect(page.locator(".tile-created .kpi-value")).to_have_text("3")
    assert fits(page)
    assert violations(page) == "[]"
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("waiting for a worker")).to_be_visible()
    page.reload()
    expect(page.get_by_text("waiting for a worker")).to_be_visible()
    continue_imports()
    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible()
    assert fits(page)
    assert violations(page) == "[]"
    page.get_by_text("Undo this import").click()
    page.get_by_role("button", name="Undo 3 rows").click()
    expect(page.get_by_role("heading", name="Undoing this import")).to_be_visible()
    continue_imports()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert violations(page) == "[]"
    assert not Property.objects.in_workspace(desk).exists()

    again = tmp_path / "next_week.csv"
    again.write_bytes(UNSEEN.replace(b"1,600", b"1,650"))
    page.goto("/import/")
    page.locator("#id_file").set_input_files(again)
    page.get_by_role("button", name="Look at this list").click()
    page.wait_for_url("**/preview/")
    newest = LeadImport.objects.in_workspace(desk).order_by("-pk")[0]
    assert newest.mapping["Mood"] == "notes"


@SIZES
def test_a_long_list_is_counted_while_one_looks(
    desk, owner, sign_in, violations, size, tmp_path, monkeypatch  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(limits, "PREVIEW_ROWS", 40)
    rows = [house(APN=f"A {n % 90}", Address=f"{n % 90} Oak St") for n in range(120)]
    path = tmp_path / "county.csv"
    path.write_bytes(as_csv(rows))
    page = sign_in(owner.email, viewport=size)
    page.goto("/import/")
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="Look at this list").click()
    page.wait_for_url("**/preview/")
    expect(page.get_by_text("40 of 120 rows looked at")).to_be_visible()
    expect(page.locator(".tile-created .kpi-value")).to_have_text("40")
    assert fits(page)
    assert violations(page) == "[]"
    preview_drafts()
    expect(page.get_by_text("All 120 rows looked at")).to_be_visible()
    expect(page.locator(".tile-created .kpi-value")).to_have_text("90")
    expect(page.locator(".tile-duplicate .kpi-value")).to_have_text("30")
    assert fits(page)
    assert violations(page) == "[]"
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_text("40 of 120 rows looked at")).to_be_visible()
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("waiting for a worker")).to_be_visible()


@SIZES
def test_from_the_lists_to_the_most_stacked_deals(stacked, owner, sign_in, violations, size):
    page = sign_in(owner.email, viewport=size)
    page.goto("/lists/")
    assert violations(page) == "[]"
    assert fits(page)
    page.get_by_role("link", name="1 on 3 lists").click()
    page.wait_for_url("**/deals/?min_stack=3")
    expect(page.locator("#deals [data-row]")).to_have_count(1)
    expect(page.get_by_text("3 lists")).to_be_visible()
    assert violations(page) == "[]"
    page.get_by_label("On how many lists").select_option("1")
    expect(page.locator("#deals [data-row]")).to_have_count(2)
    assert "min_stack=1" in page.url
    page.goto("/lists/")
    page.get_by_role("link", name="Absentee", exact=True).click()
    expect(page.get_by_role("heading", name="Absentee", level=1)).to_be_visible()
    assert violations(page) == "[]"
    assert fits(page)


@SIZES
def test_a_fact_is_edited_and_a_conflict_settled_in_place(
    stacked, owner, sign_in, violations, size
):
    page = sign_in(owner.email, viewport=size)
    page.goto(f"/deals/{stacked[0].public_id}/")
    facts = page.locator("#deal-facts")
    expect(facts.get_by_text("New Haven assessor")).to_be_visible()
    page.locator("#fact-year_built summary").click()
    assert violations(page) == "[]"
    assert fits(page)
    page.get_by_label("Year built", exact=True).fill("1925")
    page.locator("#fact-year_built").get_by_role("button", name="Keep").click()
    expect(page.locator("#fact-year_built summary")).to_contain_text("by hand")
    page.get_by_role("button", name="Take it: living area 1,480 sq ft").click()
    expect(page.locator("#fact-building_sqft summary")).to_contain_text("1,480 sq ft")
    expect(facts.get_by_role("note")).to_have_count(0)
    assert violations(page) == "[]"
    held = Property.objects.in_workspace(stacked[0].workspace).get(pk=stacked[0].property_id)
    assert (held.year_built, held.building_sqft) == (1925, 1_480)
