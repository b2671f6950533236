"""Screenshots of the main pages: `python -m tests.browser.screens FOLDER [--url …]`.

Signs in at the address given (default: the one `make run` serves) as the demo's wholesaler and
photographs each page at desktop and phone size; where nothing answers, it starts a demo of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.browser.chromium import DESKTOP, PHONE, find_chromium, running_chromium
from tests.journeys.house import environment, free_port, launch, stop, wait_until_up

# name, address, and the beginning of the link to follow there for the page of one thing
PAGES = (
    ("today", "/", ""),
    ("deals", "/deals/", ""),
    ("deal", "/", "/deals/"),
    ("lists", "/lists/", ""),
    ("list", "/lists/", "/lists/"),
    ("import", "/import/", ""),
    ("import-result", "/import/", "/import/"),
    ("sales", "/sales/", ""),
    ("sources", "/sources/", ""),
    ("rules", "/rules/", ""),
    ("rule-set", "/rules/", "/rules/"),
    ("contacts", "/contacts/", ""),
    ("contact", "/contacts/", "/contacts/"),
    ("duplicates", "/contacts/merges/", ""),
    ("inbox", "/inbox/", ""),
    ("conversation", "/inbox/", "/inbox/"),
    ("sequences", "/sequences/", ""),
    ("sequence", "/sequences/", "/sequences/"),
    ("courses", "/courses/", ""),
    ("sellers-phone", "/phone/", ""),
    ("offer", "/", "/offers/"),
)
# The first link below the beginning that names one thing by its UUID.
FIND_LINK = """(links, start) => links.map(link => link.getAttribute("href"))
  .find(href => href.startsWith(start) && /^[0-9a-f-]{36}/.test(href.slice(start.length)))"""
SETTLE_MS = 700


def main() -> int:
    options = _options()
    path = find_chromium()
    if path is None:
        print("No Chromium found: install one or set CHROMIUM.", file=sys.stderr)
        return 2
    if _answers(options.url):
        return _photograph(options, path)
    print(f"Nothing answers at {options.url}; photographing a demo of its own …", file=sys.stderr)
    with TemporaryDirectory() as folder:
        var, port = Path(folder), free_port()
        process = launch(environment(var, port))
        try:
            wait_until_up(process)
            options.url = f"http://127.0.0.1:{port}"
            options.password = _demo_password(var)
            return _photograph(options, path)
        finally:
            stop(process)


def _photograph(options: argparse.Namespace, path: str) -> int:
    """Both sizes of every page; 1 when a page could not be shown."""
    broken = 0
    options.out.mkdir(parents=True, exist_ok=True)
    with running_chromium(path) as browser:
        for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            context = browser.new_context(
                base_url=options.url.rstrip("/"),
                viewport=viewport,
                color_scheme="dark" if options.dark else "light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto("/account/login/")
            _shoot(page, options, f"sign-in-{size}")
            if not _sign_in(page, options):
                print(f"{options.email} cannot sign in at {options.url}.", file=sys.stderr)
                return 1
            shown = [
                _visit(page, options, f"{name}-{size}", address, link)
                for name, address, link in PAGES
            ]
            broken += shown.count(False)
            context.close()
    if broken:
        print(f"{broken} pages did not load.", file=sys.stderr)
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="screens", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("screens"))
    parser.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--email", default="wholesaler@example.com")
    parser.add_argument("--password", default=_demo_password(_var()))
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--full", action="store_true", help="the whole page, not one screen")
    return parser.parse_args()


def _var() -> Path:
    return Path(os.environ.get("DEALWRIGHT_VAR", Path(__file__).resolve().parents[2] / "var"))


def _demo_password(var: Path) -> str:
    """What the demo printed at its first start, from the file it keeps it in."""
    path = var / "demo.json"
    if not path.exists():
        return ""
    return str(json.loads(path.read_text(encoding="utf-8")).get("wholesaler_password", ""))


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/healthz", timeout=10)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _sign_in(page: Page, options: argparse.Namespace) -> bool:
    page.fill("input[name=login]", options.email)
    page.fill("input[name=password]", options.password)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")
    return "/account/" not in page.url


def _visit(page: Page, options: argparse.Namespace, name: str, address: str, link: str) -> bool:
    """Photograph one page; False when the server could not show it."""
    answer = page.goto(address)
    if link:
        target = page.eval_on_selector_all("main a[href]", FIND_LINK, link)
        if not target:
            print(f"{name}: nothing to open on {address}", file=sys.stderr)
            return True
        answer = page.goto(target)
    _shoot(page, options, name)
    return answer is not None and answer.ok


def _shoot(page: Page, options: argparse.Namespace, name: str) -> None:
    page.wait_for_load_state("load")
    # Panels and charts arrive after load; polling pages never fall silent, so this is a fixed time.
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=options.out / f"{name}.png", full_page=options.full)
    print(f"{options.out / name}.png  {page.title()}")


if __name__ == "__main__":
    sys.exit(main())
