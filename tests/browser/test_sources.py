"""From an empty page to a deal: a webhook source made, called over HTTP and read, in a browser."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request

import pytest

from apps.common.clock import now
from apps.deals.actions import lay_pipeline
from apps.deals.feeds.calls.verifying import sign
from apps.deals.feeds.calls.worker import process_calls
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.worker import run_import
from apps.deals.models import LeadSource
from tests.browser.chromium import DESKTOP, PHONE
from tests.deals.webhooks.sender import lead

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(workspace, make_user, system, now):
    lay_pipeline(workspace=workspace, actor=system, now=now)
    return make_user(workspace, email="owner@example.com")


def work() -> None:
    """What the worker does every few seconds."""
    while process_calls(now):
        pass
    while found := claim_import(now()):
        run_import(found, clock=now)


def send(url: str, secret: str, body: dict) -> int:
    raw = json.dumps(body).encode()
    at = str(int(time.time()))
    headers = {"Content-Type": "application/json", "X-Timestamp": at,
               "X-Signature": sign(secret, raw, at)}  # fmt: skip
    request = urllib.request.Request(url, raw, headers)
    try:
        return urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_web_form_is_connected_and_its_lead_becomes_a_deal(
    owner, sign_in, live_server, violations
):
    page = sign_in(owner.email)
    page.get_by_role("link", name="Sources").click()
    assert page.get_by_text("No source yet").is_visible()
    assert violations(page) == "[]"
    page.get_by_role("link", name="Add a source").click()
    assert violations(page) == "[]"
    page.get_by_role("link", name=re.compile("^Webhook")).click()
    page.get_by_label("Name").fill("Website form")
    assert violations(page) == "[]"
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/sources/*-*/")
    secret = page.locator("#source-secret").inner_text()
    url = page.locator("#source-url").inner_text()
    assert violations(page) == "[]"
    path = url[url.index("/hooks/") :]
    assert send(live_server.url + path, secret, lead(1)) == 202
    assert send(live_server.url + path, "a guess", lead(2)) == 403
    assert send(live_server.url + path, secret, {"who": "nobody"}) == 202
    work()
    page.reload()
    assert page.locator("#source-secret").count() == 0
    calls = page.locator("#calls")
    assert calls.get_by_text("Taken in", exact=True).last.is_visible()
    assert calls.get_by_text("It names no property").is_visible()
    assert violations(page) == "[]"
    calls.get_by_role("link", name=re.compile(":..:.. ")).last.click()
    assert page.get_by_text("street_address").is_visible()
    assert page.get_by_text("Consent that came with it").is_visible()
    assert violations(page) == "[]"
    page.goto("/deals/")
    page.get_by_role("link", name="Show the newest first").click()
    page.get_by_text("1 Elm Street").first.wait_for()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_of_sources_fit_and_are_accessible(
    owner, workspace, sign_in, violations, viewport, now
):
    failing = LeadSource.objects.create(
        workspace=workspace, name="New Haven MLS", type="reso", health="failing", failures=4,
        last_error="The MLS refused the key (401). Enter it again under Settings.",
        last_run_at=now, next_run_at=now, cost_month_amount=99,
        watermark={"at": "2026-11-20T21:12:00Z"},
    )  # fmt: skip
    page = sign_in(owner.email, viewport=viewport)
    for path in (
        "/sources/",
        "/sources/new/",
        "/sources/new/reso/",
        "/sources/new/webhook/",
        f"/sources/{failing.public_id}/",
        f"/sources/{failing.public_id}/settings/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        assert violations(page) == "[]", path


def test_the_test_button_answers_beside_the_form(owner, sign_in):
    page = sign_in(owner.email)
    page.goto("/sources/new/folder/")
    page.get_by_label("Name").fill("Lists")
    page.get_by_label("Folder").fill("/nowhere")
    page.get_by_role("button", name="Test").click()
    page.locator("#source-test .alert").wait_for()
    assert page.get_by_label("Name").input_value() == "Lists"
    assert page.url.endswith("/sources/new/folder/")


def test_keys_lead_to_the_sources(owner, sign_in):
    page = sign_in(owner.email)
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/sources/")
