"""The inbox as a person works in it."""

import html
import re
import uuid

import pytest
from django.urls import reverse

from apps.channels.models import Message, Suppression
from apps.common import clock
from apps.sequences.models import Enrollment

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
ACTS = ["reply", "read", "assign", "snooze", "close", "reopen", "stop_all"]


@pytest.fixture
def client(signed_in, workspace):
    return signed_in(workspace)


def url(name, conversation):
    return reverse(f"inbox:{name}", args=[conversation.public_id])


def words(**changes):
    return {"nonce": str(uuid.uuid4()), "channel": "sms", "body": "We pay cash."} | changes


def manual():
    return Message.across_workspaces.filter(purpose="manual")


def test_list_thread_and_badge(client, written):
    page = client.get(reverse("inbox:conversation_list")).content.decode()
    assert "Ana Rivera" in page
    assert "What is your price?" in page
    page = client.get(url("conversation_detail", written)).content.decode()
    assert "this is Dana with Blue Gate Homes" in page
    assert "What is your price?" in page
    assert b">1<" in client.get(reverse("inbox:badge")).content
    client.post(url("read", written))
    assert client.get(reverse("inbox:badge")).content.strip() == b""


def test_looking_at_a_thread_does_not_mark_it_read(client, written):
    client.get(url("conversation_detail", written))
    client.get(url("conversation_detail", written) + "?part=thread")
    written.refresh_from_db()
    assert written.unread_count == 1


def test_new_replies_appear_in_the_polled_fragments(client, written, deal, reply, tick, now, hours):
    reply(deal, "Hello again?", now + hours(2))
    tick(now + hours(2))
    thread = client.get(url("conversation_detail", written) + "?part=thread", **HTMX)
    assert b"Hello again?" in thread.content
    assert b"<html" not in thread.content
    page = client.get(url("conversation_detail", written)).content.decode()
    poll = re.search(r'id="conversation-list"[^>]* hx-get="([^"]+)"', page).group(1)
    listed = client.get(html.unescape(poll), **HTMX)
    assert b"Hello again?" in listed.content
    assert b'aria-current="page"' in listed.content
    assert b"<html" not in listed.content


def test_an_answer_goes_to_where_they_wrote_from(client, written, deal):
    page = client.post(url("reply", written), words(), **HTMX)
    assert page.status_code == 200
    message = manual().get()
    assert (message.channel, message.body) == ("sms", "We pay cash.")
    assert message.to_address == deal.seller.phones.get().e164
    assert (message.contact_ref, message.deal_ref) == (deal.seller.public_id, deal.public_id)
    assert b"We pay cash." in page.content


def test_a_second_click_sends_nothing_twice(client, written):
    form = words()
    client.post(url("reply", written), form)
    client.post(url("reply", written), form)
    assert manual().count() == 1


@pytest.mark.parametrize(
    "form",
    [{"body": " "}, {"channel": "fax"}, {"channel": "email", "subject": ""}, {"nonce": "1"}],
)
def test_an_answer_that_cannot_go_is_a_422_that_keeps_the_words(client, written, form):
    for headers in (HTMX, {}):
        page = client.post(url("reply", written), words(**form), **headers)
        assert page.status_code == 422
    assert not manual().exists()


def test_an_answer_by_mail_has_its_subject(client, written, deal):
    client.post(url("reply", written), words(channel="email", subject="Your house"))
    message = manual().get()
    assert (message.channel, message.subject) == ("email", "Your house")
    assert message.to_address == deal.seller.emails.get().address


def test_the_desk(client, workspace, written):
    owner = workspace.memberships.get().user
    client.post(url("assign", written), {"member": str(owner.pk)})
    client.post(url("snooze", written), {"period": "week"})
    written.refresh_from_db()
    assert written.assigned_to == owner
    assert written.snoozed_until > clock.now()
    client.post(url("close", written))
    written.refresh_from_db()
    assert written.state == "closed"
    client.post(url("reopen", written))
    written.refresh_from_db()
    assert (written.state, written.snoozed_until) == ("open", None)
    assert client.post(url("snooze", written), {"period": "ever"}).status_code == 422
    assert client.post(url("assign", written), {"member": "0"}).status_code == 422


def test_stop_all_refuses_the_person_for_good(client, written, deal, deliver, now, hours):
    page = client.post(url("stop_all", written), **HTMX)
    assert b"is not to be written to" in page.content
    assert Suppression.across_workspaces.get().contact_ref == deal.seller.public_id
    deliver(clock.now())
    assert not Enrollment.across_workspaces.filter(state="active").exists()


def test_reading_is_for_all_and_acting_for_the_seller_side(signed_in, workspace, written):
    for role in ("read_only", "dispositions"):
        reader = signed_in(workspace, role)
        page = reader.get(url("conversation_detail", written))
        assert page.status_code == 200
        assert b"may read this conversation but not answer it" in page.content
        assert b"/read/" not in page.content
        for name in ACTS:
            assert reader.post(url(name, written), words()).status_code == 403
    written.refresh_from_db()
    assert written.unread_count == 1


def test_another_workspace_gets_404_and_sees_nothing(signed_in, other_workspace, written):
    stranger = signed_in(other_workspace)
    assert stranger.get(url("conversation_detail", written)).status_code == 404
    for name in ACTS:
        assert stranger.post(url(name, written), words()).status_code == 404
    assert b"Ana Rivera" not in stranger.get(reverse("inbox:conversation_list")).content
    assert stranger.get(reverse("inbox:badge")).content.strip() == b""


def test_acts_are_posts_and_strangers_sign_in(client, written):
    for name in ACTS:
        assert client.get(url(name, written)).status_code == 405
    client.logout()
    assert client.get(url("conversation_detail", written)).status_code == 302


def test_an_empty_inbox_says_what_will_stand_here(client):
    assert (
        b"Only people who answered stand here"
        in client.get(reverse("inbox:conversation_list")).content
    )


def test_what_a_seller_writes_is_text_and_never_markup(
    client, written, deal, reply, tick, now, hours
):
    reply(deal, "<script>alert(1)</script> {{ secret }}", now + hours(2))
    tick(now + hours(2))
    page = client.get(url("conversation_detail", written)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_number_of_queries_does_not_grow(
    client, workspace, system, make_deal, now, django_assert_max_num_queries
):
    from apps.inbox import actions

    for _ in range(10):
        deal = make_deal()
        actions.record_reply(
            workspace=workspace,
            actor=system,
            contact=deal.seller,
            deal=deal,
            channel="sms",
            body="Hello",
            now=now,
        )
    with django_assert_max_num_queries(12):
        client.get(reverse("inbox:conversation_list"))
