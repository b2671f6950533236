"""From stored calls to deals: once, whole, and again after a change of mapping."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from apps.deals.feeds.calls.actions import replay_calls, rotate_secret
from apps.deals.feeds.calls.due import LEASE, claim_calls
from apps.deals.feeds.calls.worker import process_calls
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.worker import run_import
from apps.deals.models import Deal, LeadImport, LeadSource, SourceRun, WebhookCall
from apps.workspaces.vault import unseal
from tests.deals.webhooks.sender import SECRET, Sender, lead, make_source

pytestmark = pytest.mark.django_db


def process(now) -> None:
    """Everything that waits, to the end."""
    while process_calls(lambda: now):
        pass
    while found := claim_import(now):
        run_import(found, clock=lambda: now)


def test_calls_become_one_import_and_deals(website, now):
    for n in range(1, 4):
        assert website.call(lead(n)).status_code == 202
    process(now)
    lead_import = LeadImport.across_workspaces.get()
    assert (lead_import.state, lead_import.rows_total) == ("done", 3)
    assert lead_import.source == website.source
    assert lead_import.strength == website.source.strength
    assert sorted(deal.property.address for deal in Deal.across_workspaces.all()) == [
        f"{n} Elm Street, New Haven, CT 06511" for n in range(1, 4)
    ]
    seller = Deal.across_workspaces.first().seller
    assert seller.name == "Pat Sample"
    assert [phone.e164 for phone in seller.phones.all()] == ["+12035550143"]
    calls = WebhookCall.across_workspaces.all()
    assert {(call.state, call.lead_import_id, call.record_count) for call in calls} == {
        ("done", lead_import.pk, 1)
    }
    source = LeadSource.across_workspaces.get()
    assert (source.health, source.last_ok_at, source.last_error) == ("ok", now, "")
    run = SourceRun.across_workspaces.get()
    assert (run.state, run.page_count, run.record_count) == ("done", 3, 3)


def test_the_consent_a_form_took_is_kept_with_the_call(website, now):
    website.call(lead(1))
    process(now)
    assert WebhookCall.across_workspaces.get().consents == [
        {
            "lead": "0",
            "name": "Pat Sample",
            "agreed": "Yes",
            "text": "I agree to receive calls and texts from Blue Gate Homes.",
            "ip": "192.0.2.7",
            "given_at": "2026-11-20T16:58:01Z",
            "phone": "(203) 555-0143",
            "email": "pat1@example.com",
        }
    ]


def test_a_replayed_call_has_one_effect(website, now):
    for _ in range(5):
        website.call(lead(1))
    process(now)
    website.call(lead(1))
    process(now)
    assert LeadImport.across_workspaces.count() == 1
    assert Deal.across_workspaces.count() == 1


def test_a_call_that_cannot_be_read_is_kept_with_its_reason_beside_good_ones(website, now):
    website.call(b"\xff\x00 not json")
    website.call({"first_name": "Pat", "phone": "203-555-0143"})
    website.call(lead(1))
    process(now)
    reasons = list(WebhookCall.across_workspaces.order_by("id").values_list("state", "reason"))
    assert reasons == [
        ("refused", "The call is neither JSON nor a form."),
        (
            "refused",
            "It names no property: neither an address nor a parcel number was found.",
        ),
        ("done", ""),
    ]
    assert LeadImport.across_workspaces.get().rows_total == 1
    assert SourceRun.across_workspaces.get().error.startswith("2 of 3 calls: ")


def test_what_the_importer_does_not_take_is_kept_as_refused(website, now):
    """A parcel number names nothing without its county."""
    website.source.settings = {"mapping": {"parcel": "apn"}}
    website.source.save()
    website.call({"parcel": "M:1 L:2"})
    process(now)
    call = WebhookCall.across_workspaces.get()
    assert call.state == "refused" or call.lead_import.rejected_count == 1
    assert process_calls(lambda: now + LEASE * 2) == 0


def test_a_source_whose_calls_are_all_refused_says_so(website, now):
    website.call(b"nothing")
    process(now)
    source = LeadSource.across_workspaces.get()
    assert (source.health, source.failures) == ("failing", 1)
    assert "neither JSON nor a form" in source.last_error
    assert LeadImport.across_workspaces.count() == 0


def test_refused_calls_are_read_again_after_a_change_of_mapping(website, system, now):
    website.call({"who": "Pat Sample", "where": {"haus": "12 Elm St", "ort": "Derby CT 06418"}})
    process(now)
    source = website.source
    source.settings = {"mapping": {
        "where.haus": "line", "where.ort": "city", "who": "owner_name"
    }}  # fmt: skip
    source.save()
    workspace = source.workspace
    replayed = replay_calls(workspace=workspace, actor=system, source=source, now=now)
    assert replayed == 1
    assert replay_calls(workspace=workspace, actor=system, source=source, now=now) == 0
    process(now)
    call = WebhookCall.across_workspaces.get()
    assert (call.state, call.reason) == ("done", "")
    assert LeadSource.across_workspaces.get().health == "ok"


def test_one_call_may_bring_many_leads_and_none_is_lost(website, now):
    website.call({"leads": [lead(n) for n in range(30)] + [{"phone": "203-555-0100"}]})
    process(now)
    lead_import = LeadImport.across_workspaces.get()
    assert (lead_import.created_count, lead_import.rejected_count) == (30, 1)


def test_a_claimed_call_is_free_again_when_its_lease_runs_out(website, now):
    website.call(lead(1))
    assert len(claim_calls(now)) == 1
    assert claim_calls(now + LEASE / 2) == []
    assert len(claim_calls(now + LEASE + timedelta(seconds=1))) == 1


def test_each_batch_is_of_one_source(website, workspace, now):
    other = Sender(make_source(workspace, "Dialer"), now)
    website.call(lead(1))
    other.call(lead(2))
    website.call(lead(3))
    assert [call.source.name for call in claim_calls(now)] == ["Website", "Website"]
    assert [call.source.name for call in claim_calls(now)] == ["Dialer"]


def test_a_batch_is_bounded_in_bytes(website, now, monkeypatch):
    monkeypatch.setattr("apps.deals.feeds.calls.due.MOST_BYTES", 1_000)
    for n in range(4):
        website.call(lead(n, message="x" * 600))
    assert len(claim_calls(now)) == 1


def test_forms_and_multipart_come_in_too(website, now):
    website.call(
        b"first_name=Pat&last_name=Sample&street=14+Elm+St&city=Derby&state=CT&zip=06418",
        content_type="application/x-www-form-urlencoded",
    )
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    fields = {"street": "15 Elm St", "city": "Derby", "state": "CT", "zip": "06418"}
    body = "".join(part.format(*item) for item in fields.items()) + "--x--\r\n"
    website.call(body.encode(), content_type="multipart/form-data; boundary=x")
    website.call(
        b"payload=" + json.dumps(lead(16)).encode().replace(b" ", b"+"),
        content_type="application/x-www-form-urlencoded",
    )
    process(now)
    assert set(WebhookCall.across_workspaces.values_list("state", flat=True)) == {"done"}
    assert Deal.across_workspaces.count() == 3


def test_a_new_secret_opens_at_once_and_the_old_one_still_does(website, workspace, system, now):
    source = website.source
    new = rotate_secret(workspace=workspace, actor=system, source=source, now=now)
    assert website.call(lead(1)).status_code == 202
    website.secret = new
    assert website.call(lead(2)).status_code == 202
    newest = rotate_secret(workspace=workspace, actor=system, source=source, now=now)
    website.secret = SECRET
    assert website.call(lead(3)).status_code == 403
    website.secret = new
    assert website.call(lead(3)).status_code == 202
    rotate_secret(workspace=workspace, actor=system, source=source, now=now, ends_old=True)
    assert website.call(lead(4)).status_code == 403
    website.secret = newest
    assert website.call(lead(4)).status_code == 403
    source.refresh_from_db()
    assert new not in source.credentials
    assert not unseal(source.credentials).get("previous_secret")
