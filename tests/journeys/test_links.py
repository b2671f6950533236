"""No dead links: every address that a page offers answers, for whoever may see the page."""

from __future__ import annotations

import re
from collections import deque

import pytest
from django.test import Client

from tests.journeys.line import answer, make_offer, start_follow_up

pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
# One page of each kind is enough: lists link to hundreds of the same.
SAME_KIND = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<==)[^&]+|/\d+/|/o/[^/]+/|p=\d+")
LEFT_OUT = ("/static/", "/account/logout", "/admin/logout")


def crawl(client: Client, start: str) -> dict[str, int]:
    """Follow every link from `start`, one of each kind; address -> status."""
    waiting, kinds, answers = deque([start]), {start}, {}
    while waiting:
        address = waiting.popleft()
        response = client.get(address)
        answers[address] = response.status_code
        if "text/html" not in response.get("Content-Type", ""):
            continue
        for found in LINK.findall(response.content.decode()):
            target = found.replace("&amp;", "&")
            kind = SAME_KIND.sub("*", target)
            if kind not in kinds and not target.startswith(LEFT_OUT):
                kinds.add(kind)
                waiting.append(target)
    return answers


def dead(answers: dict[str, int]) -> dict[str, int]:
    return {address: status for address, status in answers.items() if status >= 400}


def test_no_page_of_the_wholesaler_links_into_nothing(wholesaler, best_deal):
    make_offer(wholesaler, best_deal)
    start_follow_up(wholesaler, best_deal)
    answer(wholesaler, best_deal, "who is this?")
    answers = crawl(wholesaler, "/")
    assert dead(answers) == {}
    assert len(answers) > 25, sorted(answers)


def test_no_page_of_the_admin_links_into_nothing(wholesaler, best_deal, make_user, workspace):
    make_offer(wholesaler, best_deal)
    client = Client()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    answers = crawl(client, "/admin/")
    assert dead(answers) == {}
    assert len(answers) > 25, sorted(answers)


def test_each_page_of_the_menu_has_a_key_of_its_own_and_the_help_tells_it(workspace, make_user):
    client = Client()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    page = client.get("/lists/").content.decode()
    keys = re.findall(r'data-key="(.)"', page)
    told = re.findall(r"<kbd>g</kbd> <kbd>(.)</kbd>", page)
    assert len(keys) > 10
    assert keys == told
    assert len(set(keys)) == len(keys)
