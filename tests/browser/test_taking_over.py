"""What a person takes over by a click: another source's word, somebody found, a consent."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from apps.channels.actions import ConsentGiven, record_consents, record_suppression
from apps.channels.types import Channel, ConsentBasis
from apps.contacts.models import SkipTrace
from apps.deals.models import Signal
from tests.browser.chromium import DESKTOP, PHONE
from tests.deals.conftest import desk, make_deal  # noqa: F401 - fixtures
from tests.deals.test_candidates import FOUND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
FOLDER = os.environ.get("SCREENS", "")
AGREED = (
    "By checking this box I agree to calls and texts from Blue Gate Homes, also automated or with a"
    " prerecorded voice. Consent is not a condition of any purchase. Reply STOP to end."
)


@pytest.fixture
def look(violations):
    def check(page, name: str, size: dict[str, int]) -> None:
        page.wait_for_timeout(500)
        assert violations(page) == "[]", name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        if FOLDER:
            page.screenshot(path=f"{FOLDER}/{name}-{size['width']}.png", full_page=True)

    return check


@pytest.fixture
def deal(desk, make_deal, make_user):  # noqa: F811
    make_user(desk, email="owner@example.com")
    found = make_deal(
        desk,
        phones=["+12035550101"],
        conflicts={
            "address": ["14 Maple Ave, Hamden, CT 06514", "BatchLeads: a.csv", "2026-02-01", 50],
            "owners": ["Ada Fakely & Bo Fakely", "County records", "2026-03-03", 80],
        },
    )
    for number in ("HPD 10000001", "HPD 10000002"):
        Signal.objects.create(
            workspace=desk, property=found.property, kind="violation", reference=number,
            observed_on="2026-05-01", as_of="2026-06-01", source="County records",
        )  # fmt: skip
    return found


@SIZES
def test_owners_and_address_of_another_source(deal, sign_in, look, size):
    page = sign_in("owner@example.com", viewport=size)
    page.goto(f"/deals/{deal.public_id}/")
    look(page, "conflicts", size)
    page.get_by_role("button", name="Take it: owners Ada Fakely & Bo Fakely").click()
    expect(page.get_by_role("button", name="Take it: owners")).to_have_count(0)
    page.get_by_role("button", name="Take it: address 14 Maple Ave").click()
    expect(page.locator("#deal-facts").get_by_role("note")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("14 Maple Ave")
    expect(page.get_by_text("Ada Fakely").first).to_be_visible()
    look(page, "taken", size)


@SIZES
def test_somebody_found_by_a_look_up(deal, sign_in, look, now, size):
    SkipTrace.objects.create(
        workspace=deal.workspace, contact=deal.seller, provider="sandbox", state="answered",
        requested_at=now, expires_at=now + timedelta(days=30), result={"candidates": FOUND},
    )  # fmt: skip
    page = sign_in("owner@example.com", viewport=size)
    page.goto(f"/contacts/{deal.seller.public_id}/")
    page.get_by_text("3 other people at the address").click()
    look(page, "found", size)
    page.get_by_role("link", name="Add to the deal… Rita Relative").click()
    look(page, "candidate", size)
    page.get_by_label("What they are to the owner").select_option("relative")
    page.get_by_role("button", name="Add to the deal").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rita Relative")
    page.goto(f"/deals/{deal.public_id}/")
    expect(page.get_by_text("Relative", exact=True)).to_be_visible()
    look(page, "people", size)


@SIZES
def test_what_somebody_agreed_to(deal, system, sign_in, look, now, size):
    given = ConsentGiven(
        ConsentBasis.WRITTEN, [Channel.SMS, Channel.VOICEMAIL], now, address="+12035550101",
        text_shown=AGREED, source_url="https://homes.example.com/sell-my-house/fast?utm_source=x",
        ip_address="192.0.2.7", certificate="https://cert.trustedform.com/0a1b2c3d4e5f60718293",
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
        evidence_key="one", recorded_by="web form: Website",
    )  # fmt: skip
    ref = deal.seller.public_id
    record_consents(workspace=deal.workspace, actor=system, given=[(ref, given)], now=now)
    record_suppression(
        workspace=deal.workspace, actor=system, kind="opt_out", contact_ref=ref, address="",
        reason="STOP", now=now,
    )  # fmt: skip
    page = sign_in("owner@example.com", viewport=size)
    page.goto(f"/contacts/{ref}/")
    page.get_by_text("What proves it").click()
    expect(page.get_by_text("A refusal above stands over")).to_be_visible()
    expect(page.get_by_text(AGREED)).to_be_visible()
    look(page, "consent", size)
