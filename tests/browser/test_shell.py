"""The frame of every page in a real browser: sign-in, keyboard, theme, toasts, accessibility."""

from __future__ import annotations

import pytest

from tests.browser.chromium import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(workspace, make_user):
    return make_user(workspace, email="owner@example.com")


def test_a_wrong_password_is_told_and_a_right_one_leads_to_today(owner, open_page):
    page = open_page()
    page.goto("/")
    page.get_by_label("Email").fill(owner.email)
    page.locator("input[name=password]").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("alert").is_visible()
    page.locator("input[name=password]").fill("a long password 1")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    assert page.get_by_role("heading", level=1).inner_text() == "Today"


def test_signing_out_needs_one_click_and_a_post(owner, sign_in):
    page = sign_in(owner.email)
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/")
    page.goto("/")
    assert "/account/login/" in page.url


def test_the_theme_is_remembered(owner, sign_in):
    page = sign_in(owner.email)
    assert page.locator("html").get_attribute("data-bs-theme") == "light"
    page.get_by_role("button", name="Switch between light and dark").click()
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_keys_open_help_and_go_to_pages(owner, sign_in):
    page = sign_in(owner.email)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/courses/")


def test_keys_stay_quiet_when_switched_off(owner, sign_in):
    page = sign_in(owner.email)
    page.keyboard.press("?")
    page.get_by_label("Use these shortcuts in this browser").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_timeout(300)
    assert "/courses/" not in page.url


def test_the_phone_has_a_tab_bar_and_a_drawer(owner, sign_in):
    page = sign_in(owner.email, viewport=PHONE)
    assert not page.get_by_role("link", name="Courses").is_visible()
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Courses").click()
    page.wait_for_url("**/courses/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_answers_toast_is_shown_and_can_be_closed(owner, sign_in):
    page = sign_in(owner.email)
    page.evaluate(
        """document.body.dispatchEvent(new CustomEvent(
          "toast", {bubbles: true, detail: {text: "Offer <b>made</b>", level: "danger"}}))"""
    )
    toast = page.locator("#toasts .toast")
    assert "Offer <b>made</b>" in toast.inner_text()
    toast.get_by_role("button", name="Close").click()
    assert toast.count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_sign_in_and_today_meet_wcag_aa(
    owner, workspace, make_deal, open_page, sign_in, violations, viewport, dark
):
    make_deal(workspace)
    entrance = open_page(viewport, dark=dark)
    entrance.goto("/account/login/")
    assert violations(entrance) == "[]"
    page = sign_in(owner.email, viewport=viewport, dark=dark)
    page.wait_for_timeout(600)
    assert violations(page) == "[]"
