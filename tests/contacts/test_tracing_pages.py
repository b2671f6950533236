"""Pages of look-ups and the admin of their vendors: who sees what, and what a click does."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.urls import reverse

from apps.contacts.models import SkipTrace, TraceBatch
from apps.contacts.tasks import trace_batches
from apps.events.models import Event
from apps.workspaces.models import Connection
from apps.workspaces.vault import unseal
from tests.analytics.conftest import make_deal  # noqa: F401  (a fixture, used by name)
from tests.contacts.wire import Reply

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(f"contacts:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_order_from_plan_to_result(signed_in, workspace, make_contact, vendor) -> None:
    client = signed_in(workspace, "acquisitions")
    for name in ("Ann Example", "Bea Example"):
        make_contact(workspace, name=name)
    make_contact(workspace, name="Sue Example", is_litigator=True)
    plan = page(client, "trace_new")
    assert "3 owners, 2 to look up, at most $0.20" in plan
    assert "known litigator" in plan
    response = client.post(reverse("contacts:trace_start"))
    batch = TraceBatch.objects.in_workspace(workspace).get()
    assert response.url == reverse("contacts:trace_detail", args=[batch.public_id])
    assert 'hx-trigger="every 2s"' in page(client, "trace_detail", batch.public_id)
    trace_batches()
    live = client.get(reverse("contacts:trace_progress", args=[batch.public_id]), headers=HTMX)
    assert "hx-trigger" not in live.content.decode()
    done = page(client, "trace_detail", batch.public_id)
    assert "Looked up" in done
    assert "$0.24" in done
    only = page(client, "trace_detail", batch.public_id, state="skipped")
    assert "Sue Example" in only
    assert "Ann Example" not in only
    answer = client.get(reverse("contacts:trace_result", args=[batch.public_id]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["Result"] for row in rows] == ["Found", "Found", "Left out"]
    assert "+12035550111" in rows[0]["Phones"]
    listing = page(client, "trace_list")
    assert "All contacts" in listing
    assert "100%" in listing
    assert "Nothing bought this month" in page(client, "trace_list", month="2020-01")


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "-2+3"])
def test_the_result_runs_nothing(signed_in, workspace, make_contact, vendor, cell) -> None:
    client = signed_in(workspace, "acquisitions")
    make_contact(workspace, name=cell)
    client.post(reverse("contacts:trace_start"))
    trace_batches()
    batch = TraceBatch.objects.in_workspace(workspace).get()
    answer = client.get(reverse("contacts:trace_result", args=[batch.public_id]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    _, row = csv.reader(StringIO(text))
    assert f"'{cell}" in row
    assert cell not in row


def test_one_person_is_looked_up_by_hand_once(signed_in, workspace, make_contact, vendor) -> None:
    client = signed_in(workspace)
    contact = make_contact(workspace)
    panel = page(client, "look_ups", contact.public_id)
    assert "Skip trace, at most $0.10" in panel
    response = client.post(reverse("contacts:trace_contact", args=[contact.public_id]))
    assert response.url == reverse("contacts:contact_detail", args=[contact.public_id])
    assert "Looking up" in page(client, "look_ups", contact.public_id)
    trace_batches()
    panel = page(client, "look_ups", contact.public_id)
    assert "Found, 4 phones" in panel
    assert "looked up within 30 days" in panel
    again = client.post(reverse("contacts:trace_contact", args=[contact.public_id]), follow=True)
    assert "Nobody here needs a look-up" in again.content.decode()
    assert len(vendor.asked) == 1


def test_the_filtered_deals_owners_are_ordered(
    signed_in,
    workspace,
    make_deal,  # noqa: F811
    vendor,
) -> None:
    deal = make_deal(workspace)
    url = reverse("deals:trace_sellers")
    client = signed_in(workspace)
    listing = client.get(reverse("deals:deal_list"), {"sort": "newest"}).content.decode()
    assert url in listing
    plan = client.get(url, {"city": deal.property.city}).content.decode()
    assert "1 owner, 1 to look up" in plan
    assert "0 owners" in client.get(url, {"city": "Nowhere"}).content.decode()
    response = client.post(url, {"city": deal.property.city})
    batch = TraceBatch.objects.in_workspace(workspace).get()
    assert response.url == reverse("contacts:trace_detail", args=[batch.public_id])
    trace_batches()
    query = vendor.asked[0]
    assert query.address.line == deal.property.line


def test_outsiders_and_low_roles(signed_in, workspace, other_workspace, make_contact) -> None:
    contact = make_contact(workspace)
    owner = signed_in(workspace)
    owner.post(reverse("contacts:trace_start"))
    batch = TraceBatch.objects.in_workspace(workspace).get()
    reader, stranger = signed_in(workspace, "read_only"), signed_in(other_workspace)
    assert "Cancel" not in page(reader, "trace_detail", batch.public_id)
    for name, key in (
        ("trace_cancel", batch.public_id),
        ("trace_resume", batch.public_id),
        ("trace_contact", contact.public_id),
    ):
        assert reader.post(reverse(f"contacts:{name}", args=[key])).status_code == 403
        assert stranger.post(reverse(f"contacts:{name}", args=[key])).status_code == 404
    for name, key in (
        ("trace_detail", batch.public_id),
        ("trace_progress", batch.public_id),
        ("trace_result", batch.public_id),
        ("look_ups", contact.public_id),
    ):
        assert stranger.get(reverse(f"contacts:{name}", args=[key])).status_code == 404
    assert reader.get(reverse("deals:trace_sellers")).status_code == 403
    owner.post(reverse("contacts:trace_cancel", args=[batch.public_id]))
    batch.refresh_from_db()
    assert batch.state == "canceled"


def test_forged_queries_are_no_error(signed_in, workspace) -> None:
    client = signed_in(workspace)
    for month in ("", "junk", "9999-12", "0001-01", "2026-13", "\x00"):
        page(client, "trace_list", month=month)
    page(client, "trace_list", cursor="forged")
    page(client, "trace_new", q="\x00%_'")


@pytest.fixture
def admin(client, make_user, workspace):
    client.force_login(make_user(workspace, "owner", is_staff=True))
    return client


ADD = {"capability": "skip_trace", "provider": "batchdata_v3", "position": "1", "is_active": "on"}


def test_an_admin_connects_a_vendor_and_its_key_is_never_shown(admin, workspace, web) -> None:
    url = reverse("admin:workspaces_connection_add")
    refused = admin.post(url, ADD)
    assert refused.status_code == 200
    assert "BatchData v3 needs its API key" in refused.content.decode()
    values = {**ADD, "key": "very secret", "price": "0.07", "monthly_budget": "50",
              "base_url": web.url}  # fmt: skip
    assert admin.post(url, values).status_code == 302
    row = Connection.objects.in_workspace(workspace).get(provider="batchdata_v3")
    assert unseal(row.credentials) == {"key": "very secret"}
    assert row.settings == {"price": "0.07", "monthly_budget": "50", "base_url": web.url}
    assert not row.is_sandbox
    sandbox = Connection.objects.in_workspace(workspace).get(
        capability="skip_trace", provider="sandbox"
    )
    assert not sandbox.is_active
    change = reverse("admin:workspaces_connection_change", args=[row.pk])
    history = reverse("admin:workspaces_connection_history", args=[row.pk])
    kept = {**values, "key": "", "price": "0.08"}
    assert admin.post(change, kept).status_code == 302
    row.refresh_from_db()
    assert unseal(row.credentials) == {"key": "very secret"}
    assert row.settings["price"] == "0.08"
    for shown in (change, history, reverse("admin:workspaces_connection_changelist")):
        text = admin.get(shown).content.decode()
        assert "very secret" not in text
        assert row.credentials not in text
    facts = Event.objects.filter(name="workspaces.connection_saved.v1")
    assert facts.count() == 2
    assert not facts.filter(payload__icontains="secret").exists()


def test_a_key_never_goes_to_another_vendor(admin, workspace, web) -> None:
    add = reverse("admin:workspaces_connection_add")
    admin.post(add, {**ADD, "key": "for batchdata", "base_url": web.url})
    row = Connection.objects.in_workspace(workspace).get(provider="batchdata_v3")
    change = reverse("admin:workspaces_connection_change", args=[row.pk])
    moved = admin.post(change, {**ADD, "provider": "realestateapi", "key": ""})
    assert "RealEstateAPI needs its API key" in moved.content.decode()
    row.refresh_from_db()
    assert row.provider == "batchdata_v3"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(400, {"message": "no requests"}), "accepts the key. Nothing was bought."),
        (Reply(401, {"message": "bad key"}), "refuses the key"),
        (Reply(500, {}), "out of order"),
        (Reply(200, b"junk"), "nothing was charged"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_test_button_answers_with_a_sentence(admin, workspace, web, reply, expected) -> None:
    web.answer = lambda call: reply
    url = reverse("admin:workspaces_connection_add")
    values = {**ADD, "key": "k", "base_url": web.url}
    admin.post(url, values)
    row = Connection.objects.in_workspace(workspace).get(provider="batchdata_v3")
    change = reverse("admin:workspaces_connection_change", args=[row.pk])
    answer = admin.post(change, {**values, "key": "", "save_and_test": "1"}, follow=True)
    assert expected in answer.content.decode()
    listing = reverse("admin:workspaces_connection_changelist")
    answer = admin.post(listing, {"action": "try_out", "_selected_action": row.pk}, follow=True)
    assert expected in answer.content.decode()
    assert len(web.calls) == 2
    assert SkipTrace.objects.in_workspace(workspace).count() == 0


def test_twilio_needs_both_of_its_secrets(admin, workspace) -> None:
    url = reverse("admin:workspaces_connection_add")
    values = {"capability": "phone_lookup", "provider": "twilio", "position": "1",
              "is_active": "on", "key": "t"}  # fmt: skip
    assert "needs its Account SID" in admin.post(url, values).content.decode()
    assert admin.post(url, {**values, "account_sid": "AC1"}).status_code == 302
    row = Connection.objects.in_workspace(workspace).get(provider="twilio")
    assert unseal(row.credentials) == {"account_sid": "AC1", "key": "t"}


def test_channels_keep_their_form(admin, workspace) -> None:
    row = Connection.objects.in_workspace(workspace).get(capability="sms")
    change = reverse("admin:workspaces_connection_change", args=[row.pk])
    values = {"capability": "sms", "from_address": "+12035550100", "is_active": "on"}
    assert admin.post(change, {**values, "provider": "batchdata_v3"}).status_code == 302
    row.refresh_from_db()
    assert (row.provider, row.from_address) == ("sandbox", "+12035550100")


def test_a_key_never_goes_to_another_address(admin, workspace, web) -> None:
    add = reverse("admin:workspaces_connection_add")
    admin.post(add, {**ADD, "key": "for batchdata", "base_url": web.url})
    row = Connection.objects.in_workspace(workspace).get(provider="batchdata_v3")
    change = reverse("admin:workspaces_connection_change", args=[row.pk])
    values = {**ADD, "key": "", "base_url": "https://elsewhere.example.com"}
    moved = admin.post(change, values)
    assert "BatchData v3 needs its API key" in moved.content.decode()
    assert admin.post(change, {**values, "key": "another"}).status_code == 302
    row.refresh_from_db()
    assert unseal(row.credentials) == {"key": "another"}
    assert set(row.history.values_list("credentials", flat=True)) == {""}
