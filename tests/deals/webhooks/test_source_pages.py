"""The pages of sources: what they say, who may change, what nobody may see."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from apps.deals.feeds.calls.worker import process_calls
from apps.deals.models import LeadSource, SourceRun, WebhookCall
from apps.workspaces.vault import unseal
from tests.deals.webhooks.sender import FORM_LEAD, Sender, lead, make_source

pytestmark = pytest.mark.django_db
NEW_HOOK = {
    "name": "Website",
    "shape": "auto",
    "proof": "signature",
    "strength": "30",
    "cost_month_amount": "40",
}


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_an_empty_page_teaches_and_offers_the_way(workspace, signed_in):
    page = signed_in(workspace).get(reverse("deals:source_list"))
    assert "No source yet" in text_of(page)
    assert reverse("deals:source_types") in text_of(page)
    partner = signed_in(workspace, role="acquisitions").get(reverse("deals:source_list"))
    assert reverse("deals:source_types") not in text_of(partner)


def test_every_type_can_be_chosen_and_asks_for_what_it_needs(workspace, signed_in):
    client = signed_in(workspace)
    page = text_of(client.get(reverse("deals:source_types")))
    for kind in LeadSource.Type:
        path = reverse("deals:source_new", args=[kind.value])
        assert path in page
        assert client.get(path).status_code == 200
    assert client.get(reverse("deals:source_new", args=["fax"])).status_code == 404
    assert "Bearer token" in text_of(client.get(reverse("deals:source_new", args=["reso"])))


def test_a_new_webhook_shows_its_secret_once(workspace, signed_in, intake_clock, now):
    client = signed_in(workspace)
    answer = client.post(reverse("deals:source_new", args=["webhook"]), NEW_HOOK)
    source = LeadSource.objects.in_workspace(workspace).get()
    assert answer.status_code == 302
    secret = unseal(source.credentials)["secret"]
    first, second = (text_of(client.get(answer["Location"])) for _ in range(2))
    assert secret in first
    assert secret not in second
    assert secret not in source.credentials
    assert reverse("deals:lead_hook", args=[source.public_id]) in second
    assert "openssl dgst -sha256 -hmac" in second
    assert Sender(source, now, secret=secret).call(FORM_LEAD).status_code == 202


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "This field is required"),
        ({"mapping": "{"}, "is no JSON"),
        ({"mapping": "[]"}, "must be a JSON object"),
        ({"mapping": '{"a": "hause"}'}, "hause"),
        ({"signature_header": "not a header!"}, "is no name of a header"),
        ({"strength": "7"}, "Select a valid choice"),
        ({"cost_month_amount": "-1"}, "greater than or equal to 0"),
    ],
)
def test_an_entry_that_cannot_be_is_told_and_stores_nothing(workspace, signed_in, change, told):
    answer = signed_in(workspace).post(
        reverse("deals:source_new", args=["webhook"]), NEW_HOOK | change
    )
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not LeadSource.across_workspaces.exists()


def test_a_name_is_taken_once(workspace, signed_in):
    make_source(workspace)
    answer = signed_in(workspace).post(reverse("deals:source_new", args=["webhook"]), NEW_HOOK)
    assert answer.status_code == 422
    assert "Another source is named Website" in text_of(answer)


def test_settings_change_and_secrets_are_never_shown(workspace, signed_in):
    client = signed_in(workspace)
    made = client.post(
        reverse("deals:source_new", args=["rentcast"]),
        {"name": "Rents", "api_key": "key-123", "what": "properties", "every_minutes": "1440",
         "criteria": '{"city": "Austin"}', "strength": "60", "cost_month_amount": "0"},
    )  # fmt: skip
    assert made.status_code == 302, text_of(made)
    source = LeadSource.objects.in_workspace(workspace).get()
    assert unseal(source.credentials) == {"api_key": "key-123"}
    path = reverse("deals:source_edit", args=[source.public_id])
    page = text_of(client.get(path))
    assert "key-123" not in page
    assert "leave empty to keep" in page.lower()
    saved = client.post(
        path,
        {"name": "Rents 2", "api_key": "", "what": "listings", "every_minutes": "360",
         "criteria": '{"city": "Dallas"}', "strength": "60", "cost_month_amount": "74.50"},
    )  # fmt: skip
    assert saved.status_code == 302
    source.refresh_from_db()
    assert (source.name, source.every_minutes) == ("Rents 2", 360)
    assert source.settings["criteria"] == {"city": "Dallas"}
    assert unseal(source.credentials) == {"api_key": "key-123"}


def test_the_test_button_answers_in_place_and_stores_nothing(workspace, signed_in):
    entered = {"name": "Lists", "path": "/nowhere", "every_minutes": "60", "strength": "50",
               "cost_month_amount": "0", "test": "1"}  # fmt: skip
    path = reverse("deals:source_new", args=["folder"])
    client = signed_in(workspace)
    fragment = client.post(path, entered, headers={"HX-Request": "true"})
    assert "alert-danger" in text_of(fragment)
    assert "<html" not in text_of(fragment)
    assert "alert-danger" in text_of(client.post(path, entered))
    assert "Not asked yet" in text_of(
        client.post(path, entered | {"name": ""}, headers={"HX-Request": "true"})
    )
    assert not LeadSource.across_workspaces.exists()


def test_pause_resume_and_run_now(workspace, signed_in, now):
    source = make_source(workspace)
    LeadSource.across_workspaces.update(type="folder", next_run_at=now + timedelta(days=9))
    client = signed_in(workspace)
    for verb in ("run", "pause", "resume"):
        answer = client.post(reverse(f"deals:source_{verb}", args=[source.public_id]), follow=True)
        assert answer.status_code == 200
        source.refresh_from_db()
        assert source.is_active is (verb != "pause")
    assert client.get(reverse("deals:source_run", args=[source.public_id])).status_code == 405


def test_the_list_says_how_each_source_goes(workspace, signed_in, now):
    make_source(workspace)
    LeadSource.objects.create(
        workspace=workspace, name="MLS", type="reso", health="failing", failures=3,
        last_error="The MLS refused the key.", cost_month_amount=99,
        watermark={"at": "2026-11-20T21:12:00Z"},
    )  # fmt: skip
    page = text_of(signed_in(workspace).get(reverse("deals:source_list")))
    assert "The MLS refused the key." in page
    assert "read up to Nov 20, 2026, 4:12 PM" in page
    assert "$99" in page
    assert "No call yet" in page


def test_a_source_shows_runs_imports_and_calls(website, signed_in, now):
    workspace = website.source.workspace
    website.call(lead(1))
    website.call(b"<script>alert(1)</script>")
    process_calls(lambda: now)
    SourceRun.objects.create(
        workspace=workspace, source=website.source, started_at=now, error="It was cut off."
    )
    client = signed_in(workspace)
    page = text_of(client.get(reverse("deals:source_detail", args=[website.source.public_id])))
    for told in ("It was cut off.", "neither JSON nor a form", "What became of it", "1 refused"):
        assert told in page
    refused = WebhookCall.across_workspaces.get(state="refused")
    path = reverse("deals:source_call", args=[website.source.public_id, refused.public_id])
    shown = text_of(client.get(path))
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    good = WebhookCall.across_workspaces.get(state="done")
    shown = text_of(
        client.get(reverse("deals:source_call", args=[website.source.public_id, good.public_id]))
    )
    assert "I agree to receive calls and texts" in shown
    assert "&quot;street_address&quot;: &quot;1 Elm Street&quot;" in shown


def test_calls_are_paged_by_key_and_filtered_by_state(website, signed_in):
    for n in range(30):
        website.call(lead(n))
    client = signed_in(website.source.workspace)
    path = reverse("deals:source_detail", args=[website.source.public_id])
    page = client.get(path).content.decode()
    assert page.count("<tr data-row") == 25
    more = re.search(r'href="([^"]*cursor=[^"]*)"', page)[1].replace("&amp;", "&")
    fragment = client.get(more, headers={"HX-Request": "true"}).content.decode()
    assert fragment.count("<tr data-row") == 5
    assert "<html" not in fragment
    assert "No call is in this state." in client.get(f"{path}?state=done").content.decode()
    assert client.get(f"{path}?state=%00&cursor=abc").status_code == 200


def test_refused_calls_are_read_again_from_the_page(website, signed_in, now):
    website.call(b"nothing")
    process_calls(lambda: now)
    client = signed_in(website.source.workspace)
    path = reverse("deals:source_replay", args=[website.source.public_id])
    call = WebhookCall.across_workspaces.get()
    assert client.post(path, {"call": "nonsense"}).status_code == 404
    answer = client.post(path, {"call": str(call.public_id)}, follow=True)
    assert "1 call will be read again." in text_of(answer)
    call.refresh_from_db()
    assert call.state == "waiting"
    assert "No refused call is left." in text_of(client.post(path, follow=True))


def test_a_new_secret_from_the_page_leaves_the_old_one_until_it_is_ended(website, signed_in):
    client = signed_in(website.source.workspace)
    path = reverse("deals:source_rotate", args=[website.source.public_id])
    page = text_of(client.post(path, follow=True))
    source = LeadSource.across_workspaces.get()
    assert unseal(source.credentials)["secret"] in page
    assert "Two secrets are valid" in page
    assert website.call(lead(1)).status_code == 202
    client.post(path, {"end_old": "1"})
    assert website.call(lead(2)).status_code == 403


def paths(source, call) -> list[tuple[str, str, str]]:
    """(method, path, least role)."""
    one = [source.public_id]
    return [
        ("get", reverse("deals:source_list"), "dispositions"),
        ("get", reverse("deals:source_detail", args=one), "dispositions"),
        ("get", reverse("deals:source_call", args=[*one, call]), "acquisitions"),
        ("get", reverse("deals:source_types"), "admin"),
        ("get", reverse("deals:source_new", args=["webhook"]), "admin"),
        ("get", reverse("deals:source_edit", args=one), "admin"),
        ("post", reverse("deals:source_pause", args=one), "admin"),
        ("post", reverse("deals:source_resume", args=one), "admin"),
        ("post", reverse("deals:source_run", args=one), "admin"),
        ("post", reverse("deals:source_rotate", args=one), "admin"),
        ("post", reverse("deals:source_replay", args=one), "admin"),
    ]


ROLES = ["dispositions", "acquisitions", "admin"]


@pytest.mark.parametrize("role", ROLES)
def test_roles_see_and_change_what_is_theirs(website, signed_in, role):
    call = website.call(FORM_LEAD).json()["id"]
    client = signed_in(website.source.workspace, role=role)
    for method, path, least in paths(website.source, call):
        status = getattr(client, method)(path).status_code
        allowed = ROLES.index(role) >= ROLES.index(least)
        assert (status != 403) is allowed, (role, path, status)


def test_outsiders_find_nothing_and_strangers_sign_in(website, other_workspace, signed_in, client):
    call = website.call(FORM_LEAD).json()["id"]
    outsider = signed_in(other_workspace)
    for method, path, _ in paths(website.source, call):
        if str(website.source.public_id) in path:
            assert getattr(outsider, method)(path).status_code == 404, path
        assert getattr(client, method)(path).status_code == 302
    assert website.source.name not in text_of(outsider.get(reverse("deals:source_list")))


def test_a_call_of_another_source_is_not_shown_under_this_one(website, signed_in, now):
    other = Sender(make_source(website.source.workspace, "Dialer"), now)
    call = other.call(FORM_LEAD).json()["id"]
    client = signed_in(website.source.workspace)
    path = reverse("deals:source_call", args=[website.source.public_id, call])
    assert client.get(path).status_code == 404
    unknown = reverse("deals:source_call", args=[website.source.public_id, uuid4()])
    assert client.get(unknown).status_code == 404


def test_numbers_of_queries_do_not_grow_with_calls(
    website, signed_in, django_assert_max_num_queries
):
    for n in range(20):
        website.call(json.dumps(lead(n)).encode())
    client = signed_in(website.source.workspace)
    with django_assert_max_num_queries(20):
        client.get(reverse("deals:source_detail", args=[website.source.public_id]))
