"""The panel on a deal, the list and the page of a sequence: who sees what and may do what."""

import uuid

import pytest
from django.urls import reverse

from apps.sequences.models import Enrollment

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(signed_in, workspace):
    return signed_in(workspace)


def panel(deal):
    return reverse("sequences:deal_panel", args=[deal.public_id])


def start(client, deal, sequence, **headers):
    return client.post(
        reverse("sequences:enroll", args=[deal.public_id]),
        {"sequence": str(sequence.public_id), "contact": str(deal.seller.public_id)},
        **headers,
    )


def test_a_seller_is_enrolled_from_the_panel(client, deal, sequence):
    assert b"Nobody is being followed up" in client.get(panel(deal)).content
    page = start(client, deal, sequence, **HTMX)
    assert page.status_code == 200
    assert b"Run next step now" in page.content
    row = Enrollment.across_workspaces.get()
    assert (row.sequence, row.deal, row.contact) == (sequence, deal, deal.seller)


def test_without_javascript_the_deal_page_comes_back(client, deal, sequence):
    answer = start(client, deal, sequence)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("deals:deal_detail", args=[deal.public_id])


def test_a_refusal_is_a_422_with_its_sentence(client, make_deal, sequence):
    page = start(client, make_deal(phone=False), sequence, **HTMX)
    assert page.status_code == 422
    assert b"has no phone number for the first step" in page.content


def test_a_stranger_to_the_deal_is_no_choice(client, deal, make_deal, sequence):
    page = client.post(
        reverse("sequences:enroll", args=[deal.public_id]),
        {"sequence": str(sequence.public_id), "contact": str(make_deal().seller.public_id)},
        **HTMX,
    )
    assert page.status_code == 422
    assert not Enrollment.across_workspaces.exists()


def test_the_panel_shows_what_became_of_each_step(client, make_deal, enroll, tick, now, hours):
    deal = make_deal(email=False)
    enroll(deal)
    tick(now)
    tick(now + hours(24))
    page = client.get(panel(deal) + "?part=list").content.decode()
    assert "sent Nov 20, 12:00 PM" in page  # New York, where the workspace is
    assert "left out Nov 21, 12:00 PM" in page
    assert "has no e-mail address that can be used" in page
    assert "next, Nov 22, 12:00 PM" in page
    assert "about Nov 23, 12:00 PM" in page


def test_the_buttons_do_what_they_say(client, deal, enroll):
    row = enroll(deal)
    for verb, state in (("pause", "paused"), ("resume", "active"), ("stop", "stopped")):
        url = reverse(f"sequences:{verb}", args=[row.public_id])
        assert client.post(url, **HTMX).status_code == 200
        row.refresh_from_db()
        assert row.state == state
    page = client.post(reverse("sequences:run_now", args=[row.public_id]), **HTMX)
    assert b"This follow-up has ended." in page.content


def test_reading_is_for_all_and_acting_for_the_seller_side(signed_in, workspace, deal, enroll):
    row = enroll(deal)
    for role in ("read_only", "dispositions"):
        reader = signed_in(workspace, role)
        page = reader.get(panel(deal))
        assert page.status_code == 200
        assert b"Pause" not in page.content
        assert start(reader, deal, row.sequence).status_code == 403
        for verb in ("pause", "resume", "stop", "run_now"):
            url = reverse(f"sequences:{verb}", args=[row.public_id])
            assert reader.post(url).status_code == 403
    row.refresh_from_db()
    assert row.state == "active"


def test_looking_changes_nothing(client, deal, enroll):
    row = enroll(deal)
    for verb in ("pause", "resume", "stop", "run_now"):
        assert client.get(reverse(f"sequences:{verb}", args=[row.public_id])).status_code == 405


def test_another_workspace_gets_404(signed_in, other_workspace, deal, enroll, sequence):
    row = enroll(deal)
    stranger = signed_in(other_workspace)
    assert stranger.get(panel(deal)).status_code == 404
    assert start(stranger, deal, sequence).status_code == 404
    url = reverse("sequences:sequence_detail", args=[sequence.public_id])
    assert stranger.get(url).status_code == 404
    for verb in ("pause", "resume", "stop", "run_now"):
        url = reverse(f"sequences:{verb}", args=[row.public_id])
        assert stranger.post(url).status_code == 404
    row.refresh_from_db()
    assert row.state == "active"
    assert sequence.name not in stranger.get(
        reverse("sequences:sequence_list")
    ).content.decode().replace(_own_name(other_workspace), "")


def _own_name(workspace):
    """The other workspace has the shipped sequence too once its facts are delivered."""
    from apps.sequences.queries import find_sequence

    own = find_sequence(workspace, "seller_first_contact")
    return own.name if own else "\0"


def test_unknown_ids_are_404(client):
    for name in ("deal_panel", "sequence_detail"):
        assert client.get(reverse(f"sequences:{name}", args=[uuid.uuid4()])).status_code == 404


def test_anonymous_people_are_sent_to_sign_in(deal, client):
    client.logout()
    assert client.get(panel(deal)).status_code == 302


def test_the_list_and_the_page_count_from_rows(
    client, make_deal, enroll, tick, reply, sequence, now, hours
):
    answering, silent = make_deal(), make_deal(email=False, name="Ben Ortiz")
    enroll(answering)
    enroll(silent)
    tick(now)
    reply(answering, "Tell me more", now + hours(1))
    tick(now + hours(1))
    tick(now + hours(24))
    page = client.get(reverse("sequences:sequence_list")).content.decode()
    assert "(50%)" in page
    page = client.get(reverse("sequences:sequence_detail", args=[sequence.public_id]))
    text = page.content.decode()
    assert "2 sent · 0 left out · 1 answered" in text
    assert "0 sent · 1 left out · 0 answered" in text
    assert "1 waiting for it" in text
    assert "Ben Ortiz" in text
    assert "Ana Rivera" not in text


def test_the_number_of_queries_does_not_grow_with_the_enrollments(
    client, make_deal, enroll, sequence, django_assert_max_num_queries
):
    for _ in range(8):
        enroll(make_deal())
    url = reverse("sequences:sequence_detail", args=[sequence.public_id])
    with django_assert_max_num_queries(15):
        client.get(url)
    with django_assert_max_num_queries(15):
        client.get(reverse("sequences:sequence_list"))
