"""What a form's evidence counts for, whose it is, and that a refusal stands above it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.channels.actions import record_suppression
from apps.channels.models import Consent
from apps.channels.queries import is_suppressed
from apps.channels.types import Channel, ConsentBasis
from apps.contacts.models import Contact
from apps.deals.feeds.calls.agreeing import consents_given
from apps.deals.feeds.calls.worker import process_calls
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.worker import run_import
from apps.deals.models import WebhookCall
from apps.events.dispatch import received
from apps.events.models import Event
from apps.events.registry import find_subscriber
from tests.deals.webhooks.sender import lead

SELLER = "Blue Gate Homes"
AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
FULL = (
    "By checking this box I agree to calls and texts from Blue Gate Homes, also automated or with"
    " a prerecorded voice. Consent is not a condition of any purchase. Reply STOP to end."
)
PHONE = "(203) 555-0143"
YES = ("yes", "y", "true", "t", "on")


def told(**words: str) -> dict[str, tuple[str, ...]]:
    """{basis: channels} of what a form's words are worth."""
    evidence = {"phone": PHONE, "agreed": "Yes", **words}
    found = consents_given(evidence, seller_name=SELLER, received_at=AT)
    return {str(one.basis): tuple(map(str, one.channels)) for one in found}


@pytest.mark.parametrize(
    ("words", "worth"),
    [
        ({"text": FULL}, {"written": ("sms", "voicemail")}),
        # Somebody else's name, no word of a machine, or a condition: not in writing.
        ({"text": FULL.replace(SELLER, "Red Gate")}, {"express": ("sms", "voicemail")}),
        ({"text": FULL.replace("not a", "a")}, {"express": ("sms", "voicemail")}),
        (
            {"text": "I agree to texts and calls from Blue Gate Homes, automated ones too."},
            {"express": ("sms", "voicemail")},
        ),
        # An automated text is agreed to in writing, a recording is not.
        (
            {"text": FULL.replace("with a prerecorded voice", "at night")},
            {"written": ("sms",), "express": ("voicemail",)},
        ),
        ({"text": "I agree to get calls."}, {"inquiry": ("sms",), "express": ("voicemail",)}),
        ({"text": "I agree to the terms and the privacy policy."}, {"inquiry": ("sms",)}),
        ({}, {"inquiry": ("sms",)}),
        ({"agreed": "I agree to receive text messages from you"}, {"express": ("sms",)}),
        ({"agreed": "", "text": "By submitting you agree to texts."}, {"express": ("sms",)}),
        ({"agreed": "", "text": "We may send texts."}, {"inquiry": ("sms",)}),
        ({"agreed": "No", "text": FULL}, {}),
        ({"agreed": "false", "text": FULL}, {}),
        ({"agreed": "I do not consent to texts", "text": FULL}, {}),
        *(
            ({"agreed": said, "text": FULL}, {})
            for said in (
                "not agreed", "Denied", "refused", "rejected", "opted out", "Not checked",
                "unsubscribe", "I decline", "No thanks", "no - do not", "No, I agree to nothing",
                "n/a", "-", "SMS", "I agreed to nothing", "I'd rather not",
            )
        ),
        *(
            ({"agreed": said, "text": FULL}, {"written": ("sms", "voicemail")})
            for said in ("YES", "true", "1", "on", "I agree", "Yes, I consent.", "opt-in")
        ),
        ({"text": "Please do not call me."}, {}),
        ({"phone": "", "text": FULL}, {}),
        (
            {"phone": "", "email": "pat@example.com", "text": "I agree to e-mails and calls"},
            {"express": ("email",)},
        ),
        ({"phone": "", "email": "pat@example.com", "text": FULL}, {"inquiry": ("email",)}),
    ],
)  # fmt: skip
def test_what_words_are_worth(words, worth):
    assert told(**words) == worth


@given(
    st.text(st.characters(categories=["L"]), min_size=1).filter(lambda s: s.casefold() not in YES)
)
def test_words_nobody_knows_are_no_agreement(said):
    assert told(agreed=said, text=FULL) == {}


@given(st.dictionaries(st.sampled_from(["agreed", "text", "given_at", "ip", "url"]), st.text()))
def test_no_words_break_it_or_make_more_of_them_than_they_say(words):
    for one in consents_given({"phone": PHONE, **words}, seller_name=SELLER, received_at=AT):
        assert one.given_at <= AT
        assert one.given_at.tzinfo is not None
        if one.basis == ConsentBasis.WRITTEN:
            assert SELLER.casefold() in one.text_shown.casefold()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20T16:58:01Z", datetime(2026, 11, 20, 16, 58, 1, tzinfo=UTC)),
        ("2026-11-20T11:58:01-05:00", datetime(2026, 11, 20, 16, 58, 1, tzinfo=UTC)),
        ("1795193881", datetime(2026, 11, 20, 16, 58, 1, tzinfo=UTC)),
        ("1795193881000", datetime(2026, 11, 20, 16, 58, 1, tzinfo=UTC)),
        # No zone, still to come, or no time at all: when it came.
        ("2026-11-20T16:58:01", AT),
        ("2027-01-01T00:00:00Z", AT),
        ("2026-13-45T00:00:00Z", AT),
        ("last week", AT),
    ],
)
def test_when_it_was_given(text, at):
    found = consents_given(
        {"phone": PHONE, "agreed": "Yes", "given_at": text}, seller_name=SELLER, received_at=AT
    )
    assert [one.given_at for one in found] == [at]


def take_in(now) -> None:
    while process_calls(lambda: now):
        pass
    while found := claim_import(now):
        run_import(found, clock=lambda: now)


def consents() -> list[Consent]:
    return list(Consent.across_workspaces.order_by("pk"))


@pytest.mark.django_db
def test_a_forms_consent_becomes_one_of_the_contact_with_its_evidence(
    website, now, deliver, signed_in, workspace
):
    website.call(lead(1, consent_text=FULL, page_url="https://example.com/sell", ip="192.0.2.7"))
    take_in(now)
    deliver()
    pat = Contact.across_workspaces.get()
    texts, mail = consents()
    assert (texts.contact_ref, texts.address) == (pat.public_id, "+12035550143")
    assert (texts.basis, texts.channels) == ("written", ["sms", "voicemail"])
    assert (mail.address, mail.basis, mail.channels) == ("pat1@example.com", "inquiry", ["email"])
    assert texts.text_shown == FULL
    assert texts.given_at == datetime(2026, 11, 20, 16, 58, 1, tzinfo=UTC)
    assert (texts.ip_address, texts.source_url) == ("192.0.2.7", "https://example.com/sell")
    assert len(texts.source_hash) == 64
    assert (texts.seller_name, texts.recorded_by) == (workspace.name, "web form: Website")
    fact = Event.objects.filter(name="channels.consent_recorded.v1").first()
    assert fact.payload["evidence"]["text_shown"] == FULL
    page = signed_in(workspace).get(reverse("contacts:contact_detail", args=[pat.public_id]))
    for said in (FULL, "web form: Website", "192.0.2.7", "example.com/sell", "(203) 555-0143"):
        assert said in page.content.decode()


@pytest.mark.django_db
def test_the_same_fact_again_and_the_same_call_again_are_one_consent(website, now, deliver):
    for _ in range(2):
        website.call(lead(1))
        take_in(now)
        deliver()
    applied = Event.objects.get(name="deals.import_chunk_applied.v1")
    find_subscriber("deals.record_form_consents").handler(received(applied))
    assert len(consents()) == len({row.evidence_key for row in consents()}) == 2


@pytest.mark.django_db
def test_each_lead_of_a_batch_agrees_for_itself(website, now, deliver):
    """The first lead is rejected, the third declined, the last never asked."""
    website.call(
        [
            {"phone": "203-555-0100", "consent": True, "consent_text": FULL},
            lead(2, phone="203-555-0102", first_name="Ann"),
            lead(3, phone="203-555-0103", first_name="Bo", consent=False),
        ]
    )
    website.call(lead(4, phone="203-555-0104", first_name="Cy", consent_text=FULL))
    website.call(
        {
            "first_name": "Di", "last_name": "Ost", "phone": "203-555-0105",
            "street_address": "5 Elm St", "city": "Derby", "state": "CT", "zip": "06418",
        }
    )  # fmt: skip
    take_in(now)
    deliver()
    names = dict(Contact.across_workspaces.values_list("public_id", "name"))
    found = {(names[row.contact_ref], row.address, row.basis) for row in consents()}
    assert found == {
        ("Ann Sample", "+12035550102", "express"),
        ("Ann Sample", "pat2@example.com", "inquiry"),
        ("Cy Sample", "+12035550104", "written"),
        ("Cy Sample", "pat4@example.com", "inquiry"),
    }


@pytest.mark.django_db
def test_a_list_brings_no_consent(workspace, now, deliver, website):
    website.call(lead(1, consent=None, consent_text=None))
    take_in(now)
    deliver()
    assert WebhookCall.across_workspaces.get().consents == []
    assert consents() == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_before", [True, False])
def test_a_refusal_stands_above_a_consent_of_any_age(
    website, workspace, system, now, deliver, is_before
):
    website.call(lead(1, consent_text=FULL))
    take_in(now)
    if not is_before:
        deliver()
    pat = Contact.across_workspaces.get()
    record_suppression(
        workspace=workspace, actor=system, kind="opt_out", contact_ref=pat.public_id, address="",
        reason="stop", now=now - timedelta(hours=1),
    )  # fmt: skip
    deliver()
    website.call(lead(1, consent_text=FULL, submitted_at=now.isoformat()))
    take_in(now)
    deliver()
    assert len(consents()) >= 2
    for channel in (Channel.SMS, Channel.VOICEMAIL):
        assert is_suppressed(workspace, pat.public_id, PHONE, channel)


@pytest.mark.django_db
def test_the_consent_is_of_whoever_has_the_number_now(website, now, deliver):
    """The house is known with another owner: the form's sender is the one who agreed."""
    website.call(lead(1, first_name="Olga", last_name="Owner", phone="203-555-0199", consent=None,
                      consent_text=None, email=""))  # fmt: skip
    take_in(now)
    website.call(lead(1, email=""))
    take_in(now)
    deliver()
    names = dict(Contact.across_workspaces.values_list("public_id", "name"))
    assert {(names[row.contact_ref], row.address) for row in consents()} == {
        ("Pat Sample", "+12035550143")
    }
