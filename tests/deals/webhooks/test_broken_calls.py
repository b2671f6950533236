"""Broken calls go the whole way: each ends taken or refused with a reason, each lead as a row."""

from __future__ import annotations

import json
import random

import pytest

from apps.deals.models import ImportRow, LeadImport, WebhookCall
from tests.conftest import SHARED_DATA
from tests.deals.mutations import deep, mutate
from tests.deals.webhooks.sender import FORM_LEAD
from tests.deals.webhooks.test_calls import process
from tests.deals.webhooks.test_shapes import BATCHDIALER, BATCHLEADS

pytestmark = pytest.mark.django_db
VENDORS = (
    "batchdata_v3_skiptrace_response_filled", "batchdata_v1_skiptrace_response_filled",
    "batchdata_property_search_response_filled", "reapi_property_search_response",
    "reapi_skiptrace_response", "rentcast_properties",
)  # fmt: skip
WELLS = [b'{"city": ' + b"[" * n + b"]" * n + b"}" for n in (300, 900, 3_000, 20_000)]
BYTES = [b"\x00", b"\xff\xfe", b"{", b"[]", b'"x"', b"nul", b"%00=%00&city=%ED%A0%80", *WELLS]


def end(calls: int, now) -> None:
    """Carries everything to its end and sees that nothing was lost on the way."""
    process(now)
    ended = WebhookCall.across_workspaces.all()
    assert ended.count() == calls
    for call in ended:
        assert call.state in ("done", "refused")
        assert bool(call.reason) == (call.state == "refused")
        assert "unexpected error" not in call.reason
        assert bool(call.lead_import_id) == (call.state == "done")
    leads = sum(call.record_count for call in ended if call.state == "done")
    assert ImportRow.objects.count() == leads
    assert not LeadImport.across_workspaces.exclude(state="done").exists()
    refused = ImportRow.objects.filter(outcome="rejected")
    assert all(row.reason for row in refused)


def send(website, body: bytes, content_type="application/json") -> int:
    """1 when the call was accepted; a refusal at the door is an answer too, never a 500."""
    answer = website.call(body, content_type=content_type)
    assert answer.status_code in (202, 400, 413), answer.status_code
    return int(answer.status_code == 202)


@pytest.mark.parametrize("lead", [FORM_LEAD, BATCHLEADS, BATCHDIALER], ids=["form", "bl", "bd"])
def test_broken_leads(website, now, lead):
    chance = random.Random(str(lead))
    sent = sum(
        send(website, json.dumps({"n": n, "lead": mutate(lead, chance)} if n % 3 == 0
                                 else mutate(lead, chance) | {"n": n}).encode())
        for n in range(90)
    )  # fmt: skip
    assert sent == 90
    end(sent, now)
    assert WebhookCall.across_workspaces.filter(state="done").count() > 45


@pytest.mark.shared_data
@pytest.mark.parametrize("name", VENDORS)
def test_broken_answers_of_vendors(website, now, name):
    whole = json.loads((SHARED_DATA / "property_apis" / f"{name}.json").read_text())
    chance = random.Random(name)
    sent = send(website, json.dumps(whole).encode())
    for number in range(25):
        body = {"n": number, "data": mutate(whole, chance, 6)}
        sent += send(website, json.dumps(body).encode())
    assert sent == 26
    end(sent, now)


def test_no_lead_at_all(website, now):
    kinds = ("application/json", "application/x-www-form-urlencoded", "text/plain")
    for kind in kinds:
        # The same bytes again are the same call.
        assert sum(send(website, body, kind) for body in BYTES) == len(BYTES)
    sent = len(BYTES) + send(website, json.dumps({"address": deep(600), "city": "Derby"}).encode())
    end(sent, now)
