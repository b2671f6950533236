"""The thread, the Seller's phone, the provider's way in, and the admin."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from apps.channels import registry
from apps.channels.actions import ConsentGiven, park_message, receive_message, record_consent
from apps.channels.models import (
    Consent,
    InboundMessage,
    Message,
    MessageTemplate,
    SandboxDelivery,
    SendingPolicy,
    Suppression,
)
from apps.channels.types import AddressOption, Channel, ConsentBasis, ContactCard
from apps.channels.webhooks import SIGNATURE_HEADER, sandbox_signature
from apps.workspaces.models import Connection
from tests.channels.conftest import PHONE, SELLER, call

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TOKEN = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture(autouse=True)
def card(workspace):
    """Ann is a contact of one workspace only."""
    before = list(registry._contact_readers)
    options = (
        AddressOption(Channel.SMS, PHONE, f"Text {PHONE}"),
        AddressOption(Channel.EMAIL, "ann@example.com", "E-mail ann@example.com"),
    )
    known = {(workspace.pk, SELLER): ContactCard("Ann Example", options)}
    registry.register_contact_reader(lambda ws, contact: known.get((ws, contact)))
    yield
    registry._contact_readers[:] = before


def panel() -> str:
    return reverse("channels:messages_panel", args=[SELLER])


def test_the_thread_shows_both_sides_and_the_guard(
    queue, send, workspace, system, signed_in, now, people
):
    queue()
    send()
    receive_message(workspace=workspace, actor=system, call=call("Who is <b>this</b>?"), now=now)
    people.become(is_litigator=True)
    queue("k2", body="Blocked text")
    send()
    page = signed_in(workspace).get(panel(), **HTMX).content.decode()
    assert "<html" not in page
    assert "Who is &lt;b&gt;this&lt;/b&gt;?" in page
    assert "Live, this would not have been sent." in page
    assert "(K1)" in page
    assert "The person is on a litigator list. (C15)" in page
    assert "Not sent" in page


def test_the_panel_is_a_page_without_javascript(workspace, signed_in):
    page = signed_in(workspace).get(panel()).content.decode()
    assert "<html" in page
    assert "No messages yet" in page


def test_polling_answers_nothing_new(queue, send, workspace, signed_in):
    queue()
    client = signed_in(workspace)
    first = client.get(panel(), {"part": "thread"}, **HTMX)
    seen = first.context["stamp"]
    assert client.get(panel(), {"part": "thread", "seen": seen}, **HTMX).status_code == 204
    send()
    assert client.get(panel(), {"part": "thread", "seen": seen}, **HTMX).status_code == 200


def written(**changes: str) -> dict[str, str]:
    return {"address": f"sms|{PHONE}", "subject": "", "body": "Hello", "token": TOKEN} | changes


def test_a_message_by_hand_is_queued_once(workspace, signed_in, send):
    client = signed_in(workspace, "acquisitions")
    url = reverse("channels:send_message", args=[SELLER])
    assert client.post(url, written(), **HTMX).status_code == 200
    assert client.post(url, written()).status_code == 302
    message = Message.across_workspaces.get()
    assert (message.purpose, message.body, message.to_address) == ("manual", "Hello", PHONE)
    send(timedelta(days=5))
    assert SandboxDelivery.across_workspaces.count() == 1


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"body": " "}, "This field is required."),
        ({"body": "x" * 1601}, "longer than 10 segments"),
        ({"address": "email|ann@example.com"}, "An e-mail needs a subject."),
        ({"address": "sms|+12035550999"}, "Select a valid choice"),
    ],
)
def test_a_wrong_form_comes_back(workspace, signed_in, change, text):
    url = reverse("channels:send_message", args=[SELLER])
    answer = signed_in(workspace).post(url, written(**change), **HTMX)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not Message.across_workspaces.exists()


def test_roles_and_strangers(workspace, other_workspace, signed_in, queue, send):
    message = queue()
    send()
    send_url = reverse("channels:send_message", args=[SELLER])
    decide_url = reverse("channels:decide_message", args=[message.public_id])
    reader = signed_in(workspace, "read_only")
    assert reader.get(panel()).status_code == 200
    assert reader.post(send_url, written()).status_code == 403
    assert reader.post(decide_url).status_code == 403
    stranger = signed_in(other_workspace)
    assert stranger.get(panel()).status_code == 404
    assert stranger.post(send_url, written()).status_code == 404
    assert stranger.post(decide_url).status_code == 404
    phone = stranger.get(reverse("channels:sellers_phone"), {"contact": str(SELLER)})
    assert PHONE not in phone.content.decode()
    answer = {"contact": str(SELLER), "channel": "sms", "body": "x", "token": "t"}
    assert stranger.post(reverse("channels:answer_as_seller"), answer).status_code == 404
    assert Client().get(panel()).status_code == 302
    assert not InboundMessage.across_workspaces.exists()


def test_a_parked_message_waits_for_a_person(workspace, system, signed_in, queue, send, now):
    again, back = queue("again"), queue("back")
    client = signed_in(workspace)
    for message, decision in ((again, "again"), (back, "back")):
        park_message(
            workspace=workspace, actor=system, message_pk=message.pk, reason="doubt", now=now
        )
        url = reverse("channels:decide_message", args=[message.public_id])
        assert client.post(url, {"decision": decision}, **HTMX).status_code == 200
        message.refresh_from_db()
    assert (again.state, back.state) == ("queued", "canceled")


def test_the_phone_shows_each_channel_with_live_links(queue, send, workspace, signed_in):
    queue(body="Your offer: http://127.0.0.1:8000/o/abc/ <script>")
    queue("k2", channel="email", to_address="ann@example.com", subject="Your house")
    queue("k3", channel="voicemail", body="Call me")
    send()
    page = signed_in(workspace).get(reverse("channels:sellers_phone")).content.decode()
    assert '<a href="http://127.0.0.1:8000/o/abc/"' in page
    assert "&lt;script&gt;" in page
    for text in ("Ann Example", "Your house", "Call me", "Voicemail"):
        assert text in page


def test_the_phone_is_polled_cheaply(queue, send, workspace, signed_in):
    queue()
    send()
    client = signed_in(workspace)
    url = reverse("channels:sellers_phone")
    for part in ("screen", "sellers"):
        wanted = {"part": part, "contact": str(SELLER)}
        first = client.get(url, wanted, **HTMX)
        assert first.status_code == 200
        again = client.get(url, wanted | {"seen": first.context["stamp"]}, **HTMX)
        assert again.status_code == 204
    assert "Ann Example" in first.content.decode()


def test_a_live_message_says_until_when_it_waits(
    queue, send, workspace, system, signed_in, now, go_live
):
    go_live()
    give = ConsentGiven(ConsentBasis.WRITTEN, list(Channel), now, text_shown="I agree")
    record_consent(workspace=workspace, actor=system, contact_ref=SELLER, given=give, now=now)
    queue(now=now + timedelta(hours=9))
    send(timedelta(hours=9))  # nine in the evening in Connecticut
    page = signed_in(workspace).get(panel(), **HTMX).content.decode()
    assert "Waits until Sat Nov 21, 9:00 AM EST." in page
    assert "Outside the hours" in page


def test_answering_as_the_seller_goes_the_providers_way(queue, send, workspace, signed_in):
    queue(deal_ref=UUID(int=3))
    send()
    client = signed_in(workspace, "read_only")
    url = reverse("channels:answer_as_seller")
    answer = {"contact": str(SELLER), "channel": "sms", "body": "STOP", "token": TOKEN}
    assert client.post(url, answer, **HTMX).status_code == 200
    assert client.post(url, answer).status_code == 302
    message = InboundMessage.across_workspaces.get()
    assert (message.intent, message.contact_ref, message.deal_ref) == (
        "stop",
        SELLER,
        UUID(int=3),
    )
    assert message.raw_call.payload["body"] == "STOP"
    assert Suppression.across_workspaces.count() == 2
    empty = client.post(url, answer | {"body": "", "token": "other"}, **HTMX)
    assert empty.status_code == 422
    by_mail = client.post(url, answer | {"channel": "email", "token": "third"})
    assert by_mail.status_code == 422  # nothing was mailed to her


def test_the_phone_is_empty_then_gone_without_a_sandbox(workspace, signed_in):
    client = signed_in(workspace)
    url = reverse("channels:sellers_phone")
    assert "No seller has got anything yet" in client.get(url).content.decode()
    Connection.across_workspaces.filter(workspace=workspace).update(is_sandbox=False)
    assert client.get(url).status_code == 404
    assert client.post(reverse("channels:answer_as_seller")).status_code == 404


def test_the_way_in_refuses_forged_calls(queue, send, workspace, other_workspace):
    queue()
    send()
    fields = {"id": "1", "channel": "sms", "from": PHONE, "body": "STOP"}
    raw = json.dumps(fields).encode()
    url = reverse("channels:sandbox_inbound", args=[workspace.public_id])

    def knock(signature: str, body: bytes = raw) -> int:
        headers = {SIGNATURE_HEADER: signature}
        return (
            Client(enforce_csrf_checks=True)
            .post(url, body, content_type="application/json", headers=headers)
            .status_code
        )

    assert knock("") == 400
    assert knock("ü") == 400
    assert knock(sandbox_signature(other_workspace, raw)) == 400
    assert knock(sandbox_signature(workspace, raw), raw + b" ") == 400
    broken = b"[1]"
    assert knock(sandbox_signature(workspace, broken), broken) == 400
    assert not InboundMessage.across_workspaces.exists()
    assert knock(sandbox_signature(workspace, raw)) == 200
    assert knock(sandbox_signature(workspace, raw)) == 200
    assert InboundMessage.across_workspaces.count() == 1
    unknown = reverse("channels:sandbox_inbound", args=[SELLER])
    assert Client().post(unknown, raw, content_type="application/json").status_code == 404


def test_nobody_pretends_to_be_the_seller_on_a_live_channel(queue, send, workspace, signed_in):
    """E-mail is still in the sandbox, texts are live: a made-up START must not reopen a number."""
    queue()
    send()
    Connection.across_workspaces.filter(capability="sms").update(is_sandbox=False)
    answer = {"contact": str(SELLER), "channel": "sms", "body": "START", "token": TOKEN}
    url = reverse("channels:answer_as_seller")
    assert signed_in(workspace).post(url, answer, **HTMX).status_code == 422
    raw = json.dumps({"id": "1", "channel": "sms", "from": PHONE, "body": "START"}).encode()
    hook = reverse("channels:sandbox_inbound", args=[workspace.public_id])
    headers = {SIGNATURE_HEADER: sandbox_signature(workspace, raw)}
    knock = Client().post(hook, raw, content_type="application/json", headers=headers)
    assert knock.status_code == 400
    assert not InboundMessage.across_workspaces.exists()


@pytest.fixture
def admin_client(workspace, make_user):
    client = Client()
    client.force_login(make_user(workspace, "admin", is_staff=True))
    return client


def test_templates_are_checked_and_versioned_in_admin(admin_client, workspace):
    url = reverse("admin:channels_messagetemplate_add")
    values = {
        "key": "hello",
        "name": "Hello",
        "channel": "sms",
        "subject": "",
        "body": "{{ secret }}",
    }
    refused = admin_client.post(url, values)
    assert refused.status_code == 200
    assert "There is no field" in refused.content.decode()
    assert admin_client.post(url, values | {"body": "Hi {{ first_name|there }}"}).status_code == 302
    template = MessageTemplate.across_workspaces.get()
    change = reverse("admin:channels_messagetemplate_change", args=[template.pk])
    admin_client.post(change, values | {"body": "Hey {{ first_name|there }}"})
    template.refresh_from_db()
    assert (template.version, template.body) == (2, "Hey {{ first_name|there }}")
    rows = MessageTemplate.history.order_by("history_id")
    assert [row.history_actor.split(":")[0] for row in rows] == ["user", "user"]


def test_refusals_and_consents_are_added_through_actions(admin_client, workspace):
    refusal = {"kind": "manual", "address": "(203) 555-0123", "reason": "by phone"}
    assert admin_client.post(reverse("admin:channels_suppression_add"), refusal).status_code == 302
    row = Suppression.across_workspaces.get()
    assert (row.address, row.workspace) == (PHONE, workspace)
    consent = {
        "contact_ref": str(SELLER),
        "basis": "written",
        "channels": ["sms", "voicemail"],
        "text_shown": "I agree",
        "given_at_0": "2026-11-01",
        "given_at_1": "10:00:00",
    }
    assert admin_client.post(reverse("admin:channels_consent_add"), consent).status_code == 302
    assert Consent.across_workspaces.get().channels == ["sms", "voicemail"]
    forged = admin_client.post(
        reverse("admin:channels_consent_add"), consent | {"basis": "start_word"}
    )
    assert forged.status_code == 200
    assert Consent.across_workspaces.count() == 1


def test_limits_are_one_row_that_only_narrows(admin_client, workspace):
    url = reverse("admin:channels_sendingpolicy_add")
    values = {"opens_at": "10:00", "closes_at": "17:00", "max_per_day": "9"}
    assert admin_client.post(url, values).status_code == 200
    assert admin_client.post(url, values | {"max_per_day": "2"}).status_code == 302
    assert SendingPolicy.across_workspaces.get().max_per_day == 2
    assert admin_client.get(url).status_code == 403


def test_records_are_read_only_and_scoped(
    admin_client, queue, send, workspace, other_workspace, make_user
):
    message = queue()
    send()
    decision = message.decisions.get()
    foreign = Client()
    foreign.force_login(make_user(other_workspace, "owner", is_staff=True))
    for name, pk in (("message", message.pk), ("decision", decision.pk)):
        url = reverse(f"admin:channels_{name}_change", args=[pk])
        assert admin_client.get(url).status_code == 200
        assert admin_client.post(url, {}).status_code == 403
        assert foreign.get(url).status_code == 302  # not found: back to the index
    for name in (
        "message",
        "decision",
        "inboundmessage",
        "rawcall",
        "sandboxdelivery",
        "suppression",
        "consent",
        "messagetemplate",
        "sendingpolicy",
    ):
        page = admin_client.get(reverse(f"admin:channels_{name}_changelist"))
        assert page.status_code == 200
        assert (
            PHONE not in foreign.get(reverse(f"admin:channels_{name}_changelist")).content.decode()
        )
