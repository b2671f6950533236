"""The list, a person's page and the panel: what they show, to whom, and what they change."""

import base64
import json

import pytest
from django.urls import reverse

from apps.channels.models import Suppression
from apps.contacts.models import Contact, Phone
from apps.events.catalog.contacts import ContactCheckRequested, PhoneMarked
from apps.events.queries import list_facts

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def contact(workspace, make_contact):
    return make_contact(
        workspace,
        name="Ann <b>Example</b>",
        phones=["+12035550100", "+12035550101"],
        emails=["ann@example.com"],
        is_litigator=True,
    )


def url(name: str, contact: Contact, *more) -> str:
    return reverse(f"contacts:{name}", args=[contact.public_id, *more])


def mark_url(contact: Contact) -> str:
    return url("mark_phone", contact, contact.phones.order_by("rank").first().public_id)


def test_the_list_shows_searches_and_pages(signed_in, workspace, contact, make_contact) -> None:
    for number in range(60):
        make_contact(workspace, name=f"Owner {number:02d}")
    client = signed_in(workspace)
    first = client.get(reverse("contacts:contact_list"))
    page = first.content.decode()
    assert "Ann &lt;b&gt;Example&lt;/b&gt;" in page
    assert "Litigator" in page
    assert "and 1 more" in page
    cursor = first.context["page"].next_cursor
    second = client.get(reverse("contacts:contact_list"), {"cursor": cursor}).content.decode()
    assert "Owner 59" in second
    assert "Owner 01" not in second
    found = client.get(reverse("contacts:contact_list"), {"q": "203-555-0101"}).content.decode()
    assert "Ann &lt;b&gt;" in found
    assert "Owner 01" not in found
    nobody = client.get(reverse("contacts:contact_list"), {"q": "zzz"}).content.decode()
    assert "Nobody found" in nobody


@pytest.mark.parametrize("values", ["broken", ["a", "b"], ["a"], ["\x00", "1"], ["a", "9" * 30]])
def test_a_forged_cursor_or_search_is_no_error(signed_in, workspace, contact, values) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    client = signed_in(workspace)
    for query in ({"cursor": cursor}, {"cursor": "broken"}, {"q": "\x00"}, {"q": "%_'"}):
        assert client.get(reverse("contacts:contact_list"), query).status_code == 200


def test_an_empty_list_leads_to_the_import(signed_in, workspace) -> None:
    page = signed_in(workspace).get(reverse("contacts:contact_list")).content.decode()
    assert "No contacts yet" in page


def test_the_panel_shows_what_may_not_be_done(signed_in, workspace, contact, now) -> None:
    contact.phones.filter(e164="+12035550100").update(is_dnc=True, line_type="mobile")
    contact.phones.filter(e164="+12035550101").update(status="wrong_number")
    Suppression.objects.create(
        workspace=workspace,
        kind="opt_out",
        contact_ref=contact.public_id,
        reason="STOP",
        suppressed_at=now,
    )
    response = signed_in(workspace).get(url("contact_panel", contact), headers=HTMX)
    panel = response.content.decode()
    assert "<html" not in panel
    for piece in ("DNC", "Wrong number", "Mobile", "Asked to stop", "nothing is ever sent"):
        assert piece in panel
    assert "Ann &lt;b&gt;Example" in panel


def test_asking_for_a_check_queues_it_and_the_panel_waits(signed_in, workspace, contact) -> None:
    client = signed_in(workspace, "acquisitions")
    response = client.post(url("check_contact", contact), headers=HTMX)
    panel = response.content.decode()
    assert 'hx-trigger="every 2s"' in panel
    assert "Checking phones and e-mails" in panel
    contact.refresh_from_db()
    assert contact.check_due_at is not None
    client.post(url("check_contact", contact), headers=HTMX)
    [fact] = list_facts(workspace.pk, names=[ContactCheckRequested.name])
    assert fact.actor_kind == "user"


def test_a_check_without_javascript_returns_to_the_person(signed_in, workspace, contact) -> None:
    response = signed_in(workspace).post(url("check_contact", contact), follow=True)
    assert response.redirect_chain == [(url("contact_detail", contact), 302)]
    assert "Check asked for" in response.content.decode()


def test_marking_a_number(signed_in, workspace, contact) -> None:
    client = signed_in(workspace)
    response = client.post(mark_url(contact), {"status": "wrong_number"}, headers=HTMX)
    assert response.status_code == 200
    assert "Wrong number" in response.content.decode()
    assert contact.phones.order_by("rank").first().status == "wrong_number"
    assert client.post(mark_url(contact), {"status": "invalid"}).status_code == 422
    assert client.post(mark_url(contact), {}).status_code == 422
    assert len(list_facts(workspace.pk, names=[PhoneMarked.name])) == 1


@pytest.mark.parametrize("role", ["read_only", "dispositions"])
def test_some_roles_may_look_but_not_touch(signed_in, workspace, contact, role) -> None:
    client = signed_in(workspace, role)
    panel = client.get(url("contact_panel", contact)).content.decode()
    assert "Check contact" not in panel
    assert "<form" not in panel
    assert client.post(url("check_contact", contact)).status_code == 403
    assert client.post(mark_url(contact), {"status": "parked"}).status_code == 403
    assert not list_facts(workspace.pk, names=[ContactCheckRequested.name, PhoneMarked.name])


def test_strangers_get_404_and_guests_the_sign_in_page(
    signed_in, workspace, other_workspace, contact, make_contact, client
) -> None:
    stranger = signed_in(other_workspace)
    own = make_contact(other_workspace, name="Own", phones=["+12035550102"])
    for name in ("contact_detail", "contact_panel"):
        assert stranger.get(url(name, contact)).status_code == 404
        assert client.get(url(name, contact)).status_code == 302
    assert stranger.post(url("check_contact", contact)).status_code == 404
    assert stranger.post(mark_url(contact), {"status": "parked"}).status_code == 404
    foreign_phone = contact.phones.first().public_id
    mixed = url("mark_phone", own, foreign_phone)
    assert stranger.post(mixed, {"status": "parked"}).status_code == 404
    assert "Ann" not in stranger.get(reverse("contacts:contact_list")).content.decode()
    assert set(Phone.across_workspaces.values_list("status", flat=True)) == {"unverified"}


def test_looking_changes_nothing(signed_in, workspace, contact) -> None:
    client = signed_in(workspace)
    assert client.get(url("check_contact", contact)).status_code == 405
    assert client.get(mark_url(contact)).status_code == 405
    contact.refresh_from_db()
    assert contact.check_due_at is None


def test_admin_shows_people_of_the_workspace_and_edits_nobody(
    workspace, make_user, contact, other_workspace, make_contact, client
) -> None:
    make_contact(other_workspace, name="Foreign Person")
    client.force_login(make_user(workspace, "owner", is_staff=True))
    listing = client.get(reverse("admin:contacts_contact_changelist")).content.decode()
    assert "Ann &lt;b&gt;" in listing
    assert "Foreign Person" not in listing
    change = reverse("admin:contacts_contact_change", args=[contact.pk])
    page = client.get(change).content.decode()
    assert "+12035550100" in page
    assert client.post(change, {"name": "Changed"}).status_code == 403
    contact.refresh_from_db()
    assert contact.name == "Ann <b>Example</b>"
    history = reverse("admin:contacts_contact_history", args=[contact.pk])
    assert client.get(history).status_code == 200
