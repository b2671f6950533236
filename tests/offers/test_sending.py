"""The link of an offer goes to the seller as one guarded message per channel."""

import pytest
from django.urls import reverse

from apps.channels.models import Message
from apps.contacts.models import EmailAddress, Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def reachable(offer):
    rows = {"workspace": offer.workspace, "contact": offer.seller}
    Phone.objects.create(e164="+12035550123", line_type="mobile", **rows)
    EmailAddress.objects.create(address="margaret@example.com", **rows)
    return offer


def send(client, offer, channel="sms", **headers):
    url = reverse("offers:send_link", args=[offer.public_id])
    return client.post(url, {"channel": channel}, **headers)


def test_the_link_is_queued_once_per_channel(reachable, signed_in, workspace):
    client = signed_in(workspace, "acquisitions")
    for channel in ("sms", "email", "sms"):
        assert send(client, reachable, channel).status_code == 302
    queued = {m.channel: m for m in Message.objects.in_workspace(workspace)}
    assert set(queued) == {"sms", "email"}
    assert Message.objects.in_workspace(workspace).count() == 2
    assert "/o/" in queued["sms"].body
    assert "STOP" in queued["sms"].body
    assert workspace.legal_address in queued["email"].body
    assert queued["email"].to_address == "margaret@example.com"


def test_a_seller_without_a_number_is_named(offer, signed_in, workspace):
    page = send(signed_in(workspace), offer, HTTP_HX_REQUEST="true")
    assert b"No number of this seller is usable" in page.content
    assert not Message.objects.in_workspace(workspace).exists()


def test_roles_and_strangers(reachable, signed_in, workspace, other_workspace):
    assert send(signed_in(workspace, "read_only"), reachable).status_code == 403
    assert send(signed_in(other_workspace), reachable).status_code == 404
    assert send(signed_in(workspace), reachable, "pigeon").status_code == 404
    assert not Message.objects.in_workspace(workspace).exists()
