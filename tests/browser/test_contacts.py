"""Duplicates in a real browser: found, compared, merged, undone; phones ranked and verified."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse

from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.tasks import suggest_due
from tests.browser.chromium import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHERE = {
    "mailing_line": "12 Elm St", "mailing_city": "New Haven", "mailing_state": "CT",
    "mailing_zip": "06511", "mailing_key": "12 ELM ST 06511",
}  # fmt: skip


@pytest.fixture
def pair(workspace, make_user, make_deal):
    make_user(workspace, email="owner@example.com")
    found = []
    for first, numbers in (("Bob", ["101"]), ("Robert", ["101", "102", "103"])):
        contact = Contact.objects.create(
            workspace=workspace, name=f"{first} Sampleton", first_name=first,
            last_name="Sampleton", match_key=first, source="New Haven list", **WHERE,
        )  # fmt: skip
        for rank, number in enumerate(numbers, 1):
            Phone.objects.create(
                workspace=workspace, contact=contact, e164=f"+12035550{number}", rank=rank,
                line_type="mobile", is_dnc=number == "103", carrier="Example Wireless",
            )  # fmt: skip
        found.append(contact)
    EmailAddress.objects.create(workspace=workspace, contact=contact, address="rob@example.com")
    suggest_due()
    return found


def picture(page, name):
    """For a person to look at, where a folder is named."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(
            path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True
        )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_merge_and_undo_with_pages_that_meet_wcag_aa(pair, sign_in, violations, viewport):
    bob, _ = pair

    def check(name):
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)
        picture(page, name)
        assert violations(page) == "[]", name
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], name

    page = sign_in("owner@example.com", viewport=viewport)
    page.goto(reverse("contacts:contact_list"))
    check("contacts")
    page.get_by_role("link", name="Look at duplicates").click()
    check("duplicates")
    page.get_by_role("link", name="Compare and merge").click()
    check("compare")
    assert page.get_by_role("radio", name="Robert Sampleton (person)").is_checked()
    page.get_by_role("button", name="Merge", exact=True).click()
    page.wait_for_url(f"**{reverse('contacts:contact_detail', args=[bob.public_id])}")
    check("merged")
    assert page.get_by_role("heading", name="What was merged here").is_visible()
    page.get_by_role("button", name="Undo the merge with Robert Sampleton").click()
    page.wait_for_load_state("networkidle")
    assert not page.get_by_role("heading", name="What was merged here").is_visible()
    page.goto(reverse("contacts:merge", args=[bob.public_id]) + "?q=sampleton")
    check("search")
    page.get_by_role("link", name="Compare with Robert Sampleton").click()
    page.get_by_role("link", name="Cancel").click()
    page.goto(reverse("contacts:merge_list"))
    check("no-duplicates")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_verifying_a_number_parks_the_others(pair, sign_in, violations, viewport):
    _, robert = pair
    page = sign_in("owner@example.com", viewport=viewport)
    page.goto(reverse("contacts:contact_detail", args=[robert.public_id]))
    page.get_by_text("Mark (203) 555-0102").click()
    page.get_by_role("button", name="Try earlier").locator("visible=true").click()
    page.wait_for_load_state("networkidle")
    page.get_by_text("Mark (203) 555-0102").click()
    page.get_by_role("button", name="It works").locator("visible=true").click()
    page.get_by_text("(203) 555-0102 was verified").first.wait_for()
    picture(page, "phones")
    assert violations(page) == "[]"
    numbers = robert.phones.order_by("rank").values_list("e164", "status")
    assert list(numbers) == [
        ("+12035550102", "verified"),
        ("+12035550101", "parked"),
        ("+12035550103", "parked"),
    ]


def test_merging_works_without_javascript(pair, chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("Email").fill("owner@example.com")
    page.locator("input[name=password]").fill("a long password 1")
    page.get_by_role("button", name="Sign in").click()
    page.goto(reverse("contacts:merge_list"))
    page.get_by_role("link", name="Compare and merge").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    assert page.get_by_role("heading", name="What was merged here").is_visible()
    context.close()
