"""Letters of intent: what they say, once a day, printed by a worker, read by the right people."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader

from apps.common import clock
from apps.events.queries import list_facts
from apps.offers import actions
from apps.offers.due import LEASE, claim_intent
from apps.offers.errors import OfferNotPriceable, SellerUnknown
from apps.offers.models import LetterOfIntent
from apps.offers.pdf.intent import intent_key, restore_intent, snapshot_intent
from apps.offers.printing import print_next_intent

pytestmark = pytest.mark.django_db
ALL = ["cash", "lease_option", "novation"]


@pytest.fixture
def rented(workspace, make_deal, strategy, system, now):
    actions.install_structures(workspace=workspace, actor=system, now=now)
    deal = make_deal(
        workspace,
        loan_balance_amount=Decimal(60_000),
        loan_rate_pct=Decimal("0.0325"),
        loan_payment_amount=Decimal(500),
        rent_amount=Decimal(2_000),
    )
    deal.metrics.est_value = 300_000
    deal.metrics.save()
    return deal


@pytest.fixture
def write(workspace, system, now, rented):
    def run(kinds=ALL, at=now):
        return actions.write_intent(
            workspace=workspace, actor=system, deal=rented, kinds=kinds, now=at
        )

    return run


def text_of(intent: LetterOfIntent) -> str:
    intent.refresh_from_db()
    pages = PdfReader(io.BytesIO(bytes(intent.body or b""))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_three_ways_on_one_sheet(write, now):
    intent = write()
    assert print_next_intent(clock=lambda: now)
    said = text_of(intent)
    assert "Three ways to buy your house" in said
    assert "Not binding" in said
    assert len(PdfReader(io.BytesIO(bytes(intent.body))).pages) == 1
    for option in restore_intent(intent.letter).options:
        assert option.title in said
        assert option.price in said
    # What it earns us is nobody's business but ours.
    assert "profit" not in said.lower()
    assert not print_next_intent(clock=lambda: now)


def test_the_same_letter_of_a_day_is_one_row_and_one_fact(workspace, write, now):
    first, again = write(), write()
    assert first.pk == again.pk
    facts = list_facts(workspace.pk, subject=first.public_id)
    assert [fact.name for fact in facts] == ["offers.intent_written.v1"]
    assert write(at=now + timedelta(days=1)).pk != first.pk


def test_only_what_is_feasible_and_three_at_most(write, workspace, make_deal, system, now):
    with pytest.raises(OfferNotPriceable, match="one to three"):
        write(kinds=[])
    with pytest.raises(OfferNotPriceable, match="one to three"):
        write(kinds=[*ALL, "subject_to"])
    with pytest.raises(OfferNotPriceable, match="Seller finance: The seller owes"):
        write(kinds=["seller_finance"])
    nobody = make_deal(workspace)
    nobody.seller = None
    nobody.save()
    with pytest.raises(SellerUnknown):
        actions.write_intent(
            workspace=workspace, actor=system, deal=nobody, kinds=["cash"], now=now
        )


def test_same_letter_same_bytes_and_a_snapshot_that_comes_back(write, workspace, now):
    intent = write()
    letter = restore_intent(intent.letter)
    assert snapshot_intent(letter) == intent.letter
    assert intent_key(letter) == intent.content_key
    print_next_intent(clock=lambda: now)
    intent.refresh_from_db()
    first = intent.sha256
    LetterOfIntent.objects.in_workspace(workspace).update(state="queued", body=None, sha256="")
    print_next_intent(clock=lambda: now)
    intent.refresh_from_db()
    assert intent.sha256 == first


def test_a_dead_printer_is_followed_by_another(write, now):
    intent = write()
    assert claim_intent(now=now) is not None
    assert not print_next_intent(clock=lambda: now), "the lease still holds"
    assert print_next_intent(clock=lambda: now + LEASE)
    intent.refresh_from_db()
    assert (intent.state, intent.attempts) == ("done", 2)


def test_a_name_no_font_can_print_ends_with_a_sentence(write, rented, now):
    rented.seller.name = "张伟"
    rented.seller.save()
    intent = write(kinds=["cash"])
    print_next_intent(clock=lambda: now)
    intent.refresh_from_db()
    assert intent.state == "failed"
    assert "cannot print" in intent.error


def test_from_the_panel_to_the_file(rented, workspace, other_workspace, signed_in):
    client = signed_in(workspace)
    address = reverse("offers:make_intent", args=[rented.public_id])
    refused = client.post(address, {"kinds": []}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "one to three" in refused.content.decode()
    done = client.post(address, {"kinds": ALL}, headers={"HX-Request": "true"})
    assert "Printing the PDF" in done.content.decode()
    assert client.post(address, {"kinds": ALL}).status_code == 302
    intent = LetterOfIntent.objects.in_workspace(workspace).get()
    file = reverse("offers:intent_document", args=[intent.public_id])
    assert client.get(file).status_code == 404
    print_next_intent(clock=clock.now)
    answer = client.get(file)
    assert answer.content.startswith(b"%PDF-")
    assert signed_in(other_workspace).get(file).status_code == 404
    reader = signed_in(workspace, "read_only")
    assert reader.get(file).status_code == 200
    assert reader.post(address, {"kinds": ALL}).status_code == 403
    panel = reverse("offers:structures_panel", args=[rented.public_id])
    assert file in reader.get(panel).content.decode()
