"""The seller's page: open to whoever has the link, changed by nobody who only looks."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.offers import actions
from apps.offers.letters import public_link
from apps.offers.models import Offer
from apps.offers.queries import pdf_bytes
from apps.offers.throttle import REQUESTS_PER_MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, now):
    cache.clear()
    set_clock(monkeypatch, now)


def set_clock(monkeypatch, moment):
    monkeypatch.setattr("apps.offers.views.public.now", lambda: moment)


@pytest.fixture
def link(offer):
    return reverse("offers:public_offer", args=[token_of(offer)])


def token_of(offer):
    return public_link(offer).rstrip("/").rsplit("/", 1)[1]


def signed(printed, **changes):
    return {
        "typed_name": "Margaret O’Brien",
        "consent": "on",
        "document_sha256": printed.sha256,
        **changes,
    }


def rows_digest(workspace):
    """A digest over every table a look could have touched."""
    state = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in ("offers_offer", "offers_offerdocument", "events_event", "events_delivery"):
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            state.update(repr([[_plain(v) for v in row] for row in cursor.fetchall()]).encode())
    return state.hexdigest()


def without_token(answer):
    """The page but for the forgery token, which is another one each time."""
    return re.sub(rb'"X-CSRFToken": ?"\w+"|&quot;\w{64}&quot;|\b\w{64}\b', b"", answer.content)


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def test_shows_who_offers_what_and_until_when(client, link, printed):
    page = client.get(link).content.decode()
    for words in (
        "Blue Gate Homes",
        "1 Whalley Avenue, New Haven, CT 06511",
        "$125,000.00",
        "December 4, 2026, 5:00 PM EST",
        "We intend to assign",
        "Accept for $125,000.00",
        "csrfmiddlewaretoken",
    ):
        assert words in page


def test_is_never_cached_indexed_framed_or_referred(client, link, printed):
    for url in (link, f"{link}offer.pdf", "/o/unknown/"):
        answer = client.get(url)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_looking_changes_nothing_however_often(client, workspace, link, printed):
    before = rows_digest(workspace)
    for url in (link, f"{link}offer.pdf", f"{link}accept/", f"{link}viewed/"):
        for _ in range(3):
            client.get(url)
            client.head(url)
            client.options(url)
            client.get(url, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
    assert rows_digest(workspace) == before


def test_the_page_itself_reports_that_it_was_seen(client, link, workspace, now):
    assert client.post(f"{link}viewed/").status_code == 204
    assert Offer.objects.in_workspace(workspace).get().viewed_at == now


def test_accepting_signs_and_thanks(client, link, workspace, printed, now, deliver):
    answer = client.post(
        f"{link}accept/", signed(printed), headers={"User-Agent": "Phone"}, follow=True
    )
    page = answer.content.decode()
    assert "Thank you. The offer is accepted." in page
    assert "What happens next" in page
    assert "Accept for" not in page
    offer = Offer.objects.in_workspace(workspace).get()
    assert (offer.state, offer.accepted_at) == ("accepted", now)
    assert offer.evidence["typed_name"] == "Margaret O’Brien"
    assert offer.evidence["user_agent"] == "Phone"
    assert offer.evidence["ip"] == "127.0.0.1"
    assert "$125,000.00" in offer.evidence["consent_text"]


def test_a_second_tap_changes_nothing_and_shows_the_thanks(client, link, workspace, printed):
    client.post(f"{link}accept/", signed(printed))
    before = rows_digest(workspace)
    answer = client.post(f"{link}accept/", signed(printed, typed_name="Another"), follow=True)
    assert "Thank you" in answer.content.decode()
    assert rows_digest(workspace) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"typed_name": "  "}, "Type your name to sign."),
        ({"consent": ""}, "Tick the box if you agree"),
    ],
)
def test_a_signature_needs_a_name_and_a_tick(client, link, workspace, printed, changes, words):
    answer = client.post(f"{link}accept/", signed(printed, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Offer.objects.in_workspace(workspace).get().state == "ready"


def test_signing_another_file_than_the_one_shown_is_refused(client, link, workspace, printed):
    answer = client.post(f"{link}accept/", signed(printed, document_sha256="0" * 64))
    assert answer.status_code == 409
    assert "read it again" in answer.content.decode()
    assert Offer.objects.in_workspace(workspace).get().state == "ready"


def test_forged_posts_are_refused(link, workspace, printed):
    strict = Client(enforce_csrf_checks=True)
    for url in (f"{link}accept/", f"{link}viewed/"):
        assert strict.post(url, signed(printed)).status_code == 403
    assert Offer.objects.in_workspace(workspace).get().viewed_at is None


def test_unknown_expired_and_withdrawn_links_look_exactly_alike(
    client, link, workspace, offer, printed, system, now, monkeypatch
):
    unknown = client.get("/o/unknown/")
    set_clock(monkeypatch, offer.expires_at)
    expired = client.get(link)
    late = client.post(f"{link}accept/", signed(printed))
    set_clock(monkeypatch, now)
    actions.withdraw_offer(workspace=workspace, actor=system, offer=offer, reason="", now=now)
    withdrawn = client.get(link)
    file = client.get(f"{link}offer.pdf")
    for answer in (unknown, expired, late, withdrawn, file):
        assert answer.status_code == 404
        assert without_token(answer) == without_token(unknown)
    assert Offer.objects.in_workspace(workspace).get().state == "withdrawn"


def test_an_accepted_offer_stays_readable_after_its_time(
    client, link, offer, printed, monkeypatch, now
):
    client.post(f"{link}accept/", signed(printed))
    set_clock(monkeypatch, now + timedelta(days=400))
    assert "Thank you" in client.get(link).content.decode()
    assert client.get(f"{link}offer.pdf").content == pdf_bytes(printed)


def test_the_file_comes_by_the_link_alone(client, link, printed):
    answer = client.get(f"{link}offer.pdf")
    assert answer.content == pdf_bytes(printed)
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_before_the_file_stands_there_is_nothing_to_sign(client, link, offer):
    page = client.get(link).content.decode()
    assert "The document is being prepared" in page
    assert "Accept for" not in page
    assert client.get(f"{link}offer.pdf").status_code == 404


def test_knocking_too_often_is_told_to_wait(client, link, printed, now, monkeypatch):
    for _ in range(REQUESTS_PER_MINUTE):
        assert client.get("/o/guess/").status_code == 404
    answer = client.get(link)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    elsewhere = client.get(link, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200
    set_clock(monkeypatch, now + timedelta(minutes=1))
    assert client.get(link).status_code == 200


def test_the_callers_word_about_its_address_is_taken_from_known_proxies_only(
    client, link, workspace, printed, settings
):
    spoof = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    client.post(f"{link}accept/", signed(printed), headers=spoof)
    assert Offer.objects.in_workspace(workspace).get().evidence["ip"] == "198.51.100.7"


def test_hostile_names_are_shown_as_text(client, workspace, make_deal, strategy, system, now):
    evil = "<script>alert(1)</script>"
    offer = actions.make_offer(
        workspace=workspace,
        actor=system,
        deal=make_deal(workspace, name=evil, line=evil),
        seller=None,
        strategy=strategy,
        now=now,
    )
    page = client.get(reverse("offers:public_offer", args=[token_of(offer)])).content.decode()
    assert evil not in page
    assert "&lt;script&gt;" in page
