"""A real Chromium on the live server. Every page opened here must stay free of console errors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.analytics.conftest import make_deal, tell  # noqa: F401  (fixtures, used by name)
from tests.browser.chromium import DESKTOP, find_chromium, running_chromium

# Playwright's loop runs in this thread; Django would take any ORM call for a blocked event loop.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_RUN = """axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
  .then(found => JSON.stringify(found.violations.map(
    rule => rule.id + ": " + rule.nodes.map(node => node.target.join(" ")).join(", "))))"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        missing = "no Chromium found; install one or set CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with running_chromium(path) as browser:
        yield browser


@pytest.fixture
def open_page(chromium, live_server) -> Iterator[Callable[..., Page]]:
    """open_page(viewport=PHONE, dark=True) -> a page whose relative addresses are the server's."""
    complaints: list[str] = []
    contexts = []

    def start(viewport: dict[str, int] = DESKTOP, *, dark: bool = False) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=viewport,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: complaints.append(line.text) if line.type == "error" else None,
        )
        return page

    yield start
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def sign_in(open_page) -> Callable[..., Page]:
    """sign_in(user, password, **options of open_page) -> a page on Today, through the real form."""

    def enter(email: str, password: str = "a long password 1", **options) -> Page:
        page = open_page(**options)
        page.goto("/account/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=False).first.fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        return page

    return enter


@pytest.fixture
def violations() -> Callable[[Page], str]:
    """violations(page) -> axe-core's WCAG 2.2 AA findings as JSON; "[]" when there are none.

    axe enters through the debugger protocol: the page's own policy rightly refuses a script tag.
    """

    def check(page: Page) -> str:
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        answer = session.send(
            "Runtime.evaluate",
            {"expression": AXE_RUN, "awaitPromise": True, "returnByValue": True},
        )
        return str(answer["result"]["value"])

    return check
