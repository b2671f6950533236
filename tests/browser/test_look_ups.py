"""Look-ups in a real browser: order, progress, result and a person's page, at both widths."""

from __future__ import annotations

import os

import pytest

from apps.contacts.tasks import trace_batches
from tests.browser.chromium import DESKTOP, PHONE
from tests.contacts.conftest import make_contact  # noqa: F401  (a fixture, used by name)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOLDER = os.environ.get("SCREENS", "")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_order_from_plan_to_result(
    workspace,
    make_user,
    make_contact,  # noqa: F811
    sign_in,
    violations,
    viewport,
):
    make_user(workspace, email="owner@example.com")
    for number in range(12):
        make_contact(workspace, name=f"Ann Example{number}", phones=["+12035550100"])
    make_contact(workspace, name="Sue Example", is_litigator=True)
    page = sign_in("owner@example.com", viewport=viewport)

    def look(name: str) -> None:
        page.wait_for_timeout(600)
        assert violations(page) == "[]", name
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], name
        if FOLDER:
            page.screenshot(path=f"{FOLDER}/{name}-{viewport['width']}.png", full_page=True)

    page.goto("/contacts/traces/")
    look("empty")
    page.get_by_role("link", name="Look up all contacts").click()
    look("plan")
    page.get_by_role("button", name="Look up 12 owners").click()
    page.wait_for_url("**/contacts/traces/*/")
    look("running")
    trace_batches()
    page.get_by_role("heading", name="Looked up").wait_for()
    look("result")
    page.get_by_role("link", name="Ann Example0").click()
    page.get_by_text("Skip trace,").first.wait_for()
    look("person")
    page.goto("/contacts/traces/")
    look("ledger")
