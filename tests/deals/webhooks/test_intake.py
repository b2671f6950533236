"""What comes through a webhook's door, what does not, and that nothing comes through twice."""

from __future__ import annotations

import base64
import io
import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import LimitedStream
from django.db import OperationalError, connections
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.feeds import webhooks
from apps.deals.feeds.calls.verifying import sign
from apps.deals.models import LeadSource, WebhookCall
from apps.workspaces.vault import seal
from tests.deals.webhooks.sender import FORM_LEAD, SECRET, Sender, lead, make_source

pytestmark = pytest.mark.django_db


def calls() -> list[WebhookCall]:
    return list(WebhookCall.across_workspaces.order_by("id"))


def test_a_signed_call_is_stored_as_it_came_and_answered_202(website):
    raw = json.dumps(FORM_LEAD, indent=3).encode()
    answer = website.call(raw, **{"X-Event-Id": "evt_1", "Cookie": "secret=1"})
    assert answer.status_code == 202
    call = calls()[0]
    assert answer.json() == {"id": str(call.public_id), "duplicate": False}
    assert bytes(call.body) == raw
    assert call.byte_count == len(raw)
    assert call.headers == {"X-Event-Id": "evt_1"}
    assert call.content_type == "application/json"
    assert call.state == "waiting"
    assert call.workspace_id == website.source.workspace_id


def test_the_same_call_again_is_told_and_kept_once(website):
    first = website.call(FORM_LEAD).json()
    again = [website.call(FORM_LEAD) for _ in range(45)]
    assert {answer.status_code for answer in again} == {202}
    assert {answer.json()["id"] for answer in again} == {first["id"]}
    assert all(answer.json()["duplicate"] for answer in again)
    assert len(calls()) == 1


def test_a_retry_with_a_new_timestamp_is_the_same_call(website, now):
    website.call(FORM_LEAD)
    website.at = now + timedelta(seconds=40)
    assert website.call(FORM_LEAD).json()["duplicate"] is True
    assert len(calls()) == 1


def test_an_event_id_in_the_body_is_the_key_where_the_source_names_it(workspace, website, now):
    sender = Sender(make_source(workspace, "Zap", event_path="event.id"), now)
    sender.call({"event": {"id": 7}, "attempt": 1, **FORM_LEAD})
    assert sender.call({"event": {"id": 7}, "attempt": 2, **FORM_LEAD}).json()["duplicate"]
    assert not sender.call({"event": {"id": 8}, "attempt": 1, **FORM_LEAD}).json()["duplicate"]
    # Without the id, the body is the key.
    assert not sender.call(FORM_LEAD).json()["duplicate"]
    assert sender.call(FORM_LEAD).json()["duplicate"]


def test_a_header_that_no_signature_covers_is_no_key(website):
    website.call(FORM_LEAD, **{"X-Event-Id": "1"})
    assert website.call(FORM_LEAD, **{"X-Event-Id": "2"}).json()["duplicate"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Signature": ""}, 401),
        ({"X-Signature": "00" * 32}, 403),
        ({"X-Signature": "é"}, 403),
        ({"X-Timestamp": ""}, 401),
        ({"X-Timestamp": "yesterday"}, 401),
        ({"X-Timestamp": "9" * 30}, 401),
        ({"X-Timestamp": "1"}, 401),
    ],
)
def test_a_call_that_proves_nothing_writes_nothing(website, headers, status):
    assert website.call(FORM_LEAD, **headers).status_code == status
    assert calls() == []


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_call_outside_the_window_is_refused(website, now, minutes):
    website.at = now + timedelta(minutes=minutes)
    assert website.call(FORM_LEAD).status_code == 401
    assert calls() == []


def test_a_changed_or_truncated_body_is_refused(website, now):
    raw = json.dumps(FORM_LEAD).encode()
    signature = sign(SECRET, raw, str(int(now.timestamp())))
    for body in (raw[:-20], raw + b" ", raw.replace(b"Pat", b"Max")):
        assert website.call(body, **{"X-Signature": signature}).status_code == 403
    assert calls() == []


def test_another_workspaces_secret_does_not_open_the_door(website, other_workspace, now):
    other = make_source(other_workspace)
    other.credentials = seal({"secret": "another secret"})
    other.save()
    assert Sender(other, now, secret=SECRET).call(FORM_LEAD).status_code == 403
    website.secret = "another secret"
    assert website.call(FORM_LEAD).status_code == 403
    assert calls() == []


def test_a_source_without_a_secret_takes_nothing(website):
    LeadSource.across_workspaces.update(credentials="")
    website.secret = ""
    assert website.call(FORM_LEAD).status_code == 403
    assert calls() == []


def test_both_secrets_count_while_one_is_replaced(website):
    LeadSource.across_workspaces.update(
        credentials=seal({"secret": "the new one", "previous_secret": SECRET})
    )
    assert website.call(lead(1)).status_code == 202
    website.secret = "the new one"
    assert website.call(lead(2)).status_code == 202
    website.secret = "a third one"
    assert website.call(lead(3)).status_code == 403


def test_signatures_come_in_several_spellings(website, workspace, now):
    raw = json.dumps(FORM_LEAD).encode()
    timestamp = str(int(now.timestamp()))
    mac = sign(SECRET, raw, timestamp)
    for spelled in (f"sha256={mac}", mac.upper(), base64.b64encode(bytes.fromhex(mac)).decode()):
        assert website.call(raw, **{"X-Signature": spelled}).status_code == 202
    millis = str(int(now.timestamp() * 1000))
    signed = {"X-Timestamp": millis, "X-Signature": sign(SECRET, raw, millis)}
    assert website.call(raw, **signed).status_code == 202
    body_alone = Sender(
        make_source(workspace, "Body", is_body_alone_signed=True, signature_header="X-Hub"), now
    )
    assert body_alone.call(raw, **{"X-Hub": f"sha256={sign(SECRET, raw)}"}).status_code == 202
    assert body_alone.call(raw, **{"X-Hub": sign("x", raw)}).status_code == 403


def test_a_secret_in_a_header_is_enough_where_the_source_says_so(workspace, website, now):
    bearer = Sender(make_source(workspace, "Bearer", proof="secret"), now)
    own = Sender(make_source(workspace, "Key", proof="secret", secret_header="X-Api-Key"), now)
    assert bearer.call(FORM_LEAD, Authorization=f"Bearer {SECRET}").status_code == 202
    assert bearer.call(FORM_LEAD, Authorization="Bearer wrong").status_code == 403
    assert bearer.call(FORM_LEAD).status_code == 401
    assert own.call(FORM_LEAD, **{"X-Api-Key": SECRET}).status_code == 202
    # A signature is no secret: the source asked for the other proof.
    assert own.call(FORM_LEAD).status_code == 401


def test_unknown_addresses_and_other_kinds_of_source_are_not_there(website, now):
    feed = make_source(website.source.workspace, "Feed")
    LeadSource.across_workspaces.filter(pk=feed.pk).update(type="reso")
    assert Sender(feed, now).call(FORM_LEAD).status_code == 404
    unknown = website.client.post(reverse("deals:lead_hook", args=[uuid4()]), b"{}", "text/plain")
    assert unknown.status_code == 404
    assert (
        website.client.get(reverse("deals:lead_hook", args=[website.source.public_id])).status_code
        == 405
    )


def test_a_paused_source_sends_the_caller_back_later(website):
    LeadSource.across_workspaces.update(is_active=False)
    answer = website.call(FORM_LEAD)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    # Who has no secret does not even learn that.
    assert website.call(FORM_LEAD, **{"X-Signature": "00"}).status_code == 403
    assert calls() == []


def test_an_oversize_call_is_refused_unread(website):
    assert website.call(b"[" + b" " * webhooks.MOST_BYTES).status_code == 413
    assert calls() == []


def test_a_call_that_arrives_short_or_without_a_length_is_refused(website):
    for length, status in (("900", 400), ("", 411), ("-1", 411), ("many", 411)):
        request = RequestFactory().generic("POST", "/", b"{}", CONTENT_LENGTH=length)
        request._stream = LimitedStream(io.BytesIO(b"{}"), 900)
        answer = webhooks.receive_lead_call(request, website.source.public_id)
        assert answer.status_code == status
    assert calls() == []


def test_a_database_that_is_away_is_503_and_never_500(website, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr(webhooks, "store_call", away)
    answer = website.call(FORM_LEAD)
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_settings_nobody_can_use_are_503_and_lose_no_call(website):
    LeadSource.across_workspaces.update(settings={"proof": "magic"})
    assert website.call(FORM_LEAD).status_code == 503
    LeadSource.across_workspaces.update(settings={}, credentials="sealed elsewhere")
    assert website.call(FORM_LEAD).status_code == 503


BODIES = st.one_of(
    st.binary(min_size=1, max_size=400),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
    st.just(b"[" * 20_000),
)
KINDS = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "multipart/form-data; boundary=\x01",
        "text/plain; charset=klingon",
        "",
    ]
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(raw=BODIES, kind=KINDS, is_signed=st.booleans())
def test_no_bytes_break_the_door(website, raw, kind, is_signed):
    headers = {} if is_signed else {"X-Signature": "f" * 64}
    answer = website.call(raw, content_type=kind, **headers)
    assert answer.status_code == (202 if is_signed else 403)


@pytest.mark.django_db(transaction=True)
def test_the_same_call_in_parallel_is_one_row(website, monkeypatch):
    raw = json.dumps(FORM_LEAD).encode()
    start = threading.Barrier(8)
    answers = []

    def send() -> None:
        start.wait()
        try:
            for _ in range(3):
                answers.append(Sender(website.source, website.at).call(raw))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [202] * 24
    assert [answer.json()["duplicate"] for answer in answers].count(False) == 1
    assert len(calls()) == 1
