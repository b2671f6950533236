"""Persons beside the owner whom a look-up found, taken over as contacts of a deal."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from apps.channels.actions import record_suppression
from apps.channels.queries import is_suppressed
from apps.contacts.candidates import CandidateUnusable
from apps.contacts.models import Contact, Phone, SkipTrace
from apps.deals.actions import take_candidate
from apps.deals.models import DealParty
from apps.deals.queries import list_deals, list_timeline
from apps.deals.types import DealFilters
from apps.events.models import Event

pytestmark = pytest.mark.django_db
FOUND = [
    {
        "name": "Rita Relative",
        "phones": [
            {"number": "+12035550171", "is_dnc": False, "line_type": "mobile"},
            {"number": "+12035550172", "is_dnc": True},
            {"number": "no number", "is_dnc": False},
        ],
        "emails": ["Rita@Example.com", "not one"],
        "is_owner": False,
        "is_litigator": False,
        "is_deceased": False,
    },
    {"name": "Lou Litigator", "phones": [], "emails": [], "is_litigator": True},
    {"name": "", "phones": [{"number": "+12035550173", "is_dnc": False}], "emails": []},
]


@pytest.fixture
def deal(desk, make_deal):
    return make_deal(desk)


@pytest.fixture
def trace(deal, now):
    return SkipTrace.objects.create(
        workspace=deal.workspace, contact=deal.seller, provider="sandbox", state="answered",
        requested_at=now, expires_at=now + timedelta(days=30), result={"candidates": FOUND},
    )  # fmt: skip


@pytest.fixture
def add(deal, trace, system, now):
    def run(number=0, part="relative", **more):
        return take_candidate(
            workspace=deal.workspace, actor=system, deal=deal, trace_id=trace.public_id,
            number=number, part=part, now=now, **more,
        )  # fmt: skip

    return run


def url(deal, trace, number=0):
    return reverse("deals:candidate", args=[deal.seller.public_id, trace.public_id, number])


def test_somebody_becomes_a_contact_of_the_deal(desk, deal, trace, add):
    rita = add()
    assert (rita.name, rita.source) == ("Rita Relative", "skip trace: sandbox")
    phones = list(rita.phones.order_by("rank").values_list("e164", "is_dnc", "line_type"))
    assert phones == [
        ("+12035550171", False, "mobile"),
        ("+12035550172", True, "unknown"),
    ]
    assert [email.address for email in rita.emails.all()] == ["rita@example.com"]
    party = DealParty.objects.in_workspace(desk).get(contact=rita)
    assert (party.part, party.deal) == ("relative", deal)
    deal.refresh_from_db()
    assert deal.seller.name != rita.name
    assert [row.deal.pk for row in list_deals(desk, DealFilters(q="rita", sort="newest")).rows] == [
        deal.pk
    ]
    assert "Rita Relative added as relative" in [
        entry.title for entry in list_timeline(desk, deal).entries
    ]


def test_the_same_click_again_changes_nothing(desk, add):
    rita = add()
    assert add() == rita
    assert add(part="other") == rita
    assert Contact.objects.in_workspace(desk).filter(name="Rita Relative").count() == 1
    assert Event.objects.filter(name="deals.candidate_taken.v1").count() == 1
    assert Phone.objects.in_workspace(desk).filter(contact=rita).count() == 2


def test_warnings_come_along(add):
    assert add(1).is_litigator


def test_who_refused_before_stays_refused(desk, add, system, now):
    record_suppression(
        workspace=desk, actor=system, kind="opt_out", contact_ref=None,
        address="+12035550171", reason="STOP", now=now,
    )  # fmt: skip
    assert is_suppressed(desk, add().public_id, "+12035550171")


def test_what_cannot_be_taken_is_told(desk, add, make_deal, trace, system, now):
    with pytest.raises(CandidateUnusable, match="gave no name"):
        add(2)
    with pytest.raises(CandidateUnusable, match="what the person is"):
        add(part="owner")
    with pytest.raises(SkipTrace.DoesNotExist):
        add(9)
    with pytest.raises(CandidateUnusable, match="not in this deal"):
        take_candidate(
            workspace=desk, actor=system, deal=make_deal(desk), trace_id=trace.public_id,
            number=0, part="other", now=now,
        )  # fmt: skip
    assert not Contact.objects.in_workspace(desk).filter(name="Rita Relative").exists()


def test_from_the_look_up_to_the_new_contact(desk, deal, trace, signed_in):
    client = signed_in(desk, "acquisitions")
    panel = client.get(reverse("contacts:look_ups", args=[deal.seller.public_id]))
    assert url(deal, trace) in panel.content.decode()
    page = client.get(url(deal, trace)).content.decode()
    assert "(203) 555-0171" in page
    assert deal.property.address in page
    refused = client.post(url(deal, trace), {"part": "owner", "deal_id": str(deal.public_id)})
    assert refused.status_code == 422
    answer = client.post(
        url(deal, trace), {"part": "resident", "deal_id": str(deal.public_id)}, follow=True
    )
    assert "stands in the deal now" in answer.content.decode()
    rita = Contact.objects.in_workspace(desk).get(name="Rita Relative")
    assert answer.redirect_chain[-1][0].endswith(f"{rita.public_id}/")
    panel = client.get(reverse("contacts:look_ups", args=[deal.seller.public_id]))
    assert "Taken over as a contact" in panel.content.decode()
    people = client.get(reverse("deals:deal_detail", args=[deal.public_id])).content.decode()
    assert "Resident" in people
    assert "a contact already" in client.get(url(deal, trace)).content.decode()


def test_who_may(desk, deal, trace, other_workspace, signed_in):
    assert signed_in(desk, "read_only").get(url(deal, trace)).status_code == 403
    assert signed_in(other_workspace).get(url(deal, trace)).status_code == 404
    client = signed_in(desk)
    assert client.get(url(deal, trace, 7)).status_code == 404
    gone = reverse("deals:candidate", args=[deal.seller.public_id, uuid4(), 0])
    assert client.get(gone).status_code == 404
