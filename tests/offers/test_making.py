"""Making offers: the price, the refusals, and one offer however often it is asked for."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from apps.deals.models import Deal
from apps.events.queries import list_facts
from apps.offers import actions
from apps.offers.errors import (
    DealNotQualified,
    OfferNotPriceable,
    SellerUnknown,
    StrategyInactive,
)
from apps.offers.models import Offer, OfferDocument
from apps.offers.queries import current_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(workspace, system, strategy, now):
    def run(deal, **changes):
        values = {"seller": None, "strategy": strategy, "now": now, **changes}
        return actions.make_offer(workspace=workspace, actor=system, deal=deal, **values)

    return run


def names(workspace, offer):
    facts = list_facts(workspace.pk, subject=offer.public_id, newest_first=False)
    return [fact.name for fact in facts]


def test_an_offer_carries_its_price_terms_and_reasons(make, deal, price, now):
    offer = make(deal)
    assert offer.amount == price
    assert offer.seller == deal.seller
    assert (offer.formula, offer.formula_version, offer.strategy_version) == ("mao_wholesale", 1, 1)
    assert (offer.emd_amount, offer.inspection_days, offer.closing_days) == (1000, 10, 30)
    assert [line["label"] for line in offer.derivation] == [
        "After-repair value (ARV)",
        "Share of ARV",
        "Repairs",
        "Assignment fee",
        "Maximum offer",
    ]
    assert offer.inputs["arv"] == {
        "amount": "250000.00",
        "source": "list estimate",
        "is_estimate": True,
    }
    # 14 days on, 5 PM in New York: 22:00 UTC in winter.
    assert offer.expires_at.isoformat() == "2026-12-04T22:00:00+00:00"


def test_a_stated_number_goes_before_the_estimate(make, deal):
    deal.arv_amount, deal.arv_source = Decimal("300000.00"), "comps of November"
    deal.save()
    offer = make(deal)
    assert offer.amount == Decimal("160000.00")
    assert offer.inputs["arv"]["source"] == "comps of November"
    assert offer.inputs["arv"]["is_estimate"] is False


def test_one_fact_and_one_queued_document(make, deal, workspace):
    offer = make(deal)
    assert names(workspace, offer) == ["offers.offer_made.v1"]
    fact = list_facts(workspace.pk, subject=offer.public_id)[0]
    document = current_document(offer)
    assert fact.deal == deal.public_id
    assert fact.payload["amount"] == "125000.00"
    assert fact.payload["document"] == str(document.public_id)
    assert (document.state, document.attempts, document.body) == ("queued", 0, None)


def test_asking_again_gives_the_same_offer_and_says_nothing_new(make, deal, workspace):
    first = make(deal)
    deal.arv_amount = Decimal(900_000)
    deal.save()
    again = make(deal)
    assert (again.pk, again.amount) == (first.pk, first.amount)
    assert names(workspace, first) == ["offers.offer_made.v1"]
    assert OfferDocument.objects.in_workspace(workspace).count() == 1


def test_a_withdrawn_offer_made_again_is_priced_anew_with_a_new_link(
    make, deal, workspace, system, now
):
    first = make(deal)
    actions.withdraw_offer(workspace=workspace, actor=system, offer=first, reason="", now=now)
    deal.arv_amount = Decimal(260_000)
    deal.save()
    again = make(deal)
    assert (again.pk, again.revision, again.state) == (first.pk, 2, "ready")
    assert again.amount == Decimal("132000.00")
    assert again.token_hash != first.token_hash
    assert again.reference.endswith("-2")
    assert OfferDocument.objects.in_workspace(workspace).count() == 2


def test_an_expired_offer_can_be_made_again_even_before_the_sweep(make, deal, now):
    first = make(deal)
    again = make(deal, now=first.expires_at + timedelta(seconds=1))
    assert (again.pk, again.revision) == (first.pk, 2)


@pytest.mark.parametrize("verdict", ["review", "rejected"])
def test_an_unqualified_deal_is_refused(make, make_deal, workspace, verdict):
    with pytest.raises(DealNotQualified, match=f"verdict: {verdict}, score 72"):
        make(make_deal(workspace, verdict=verdict))
    assert not Offer.objects.in_workspace(workspace).exists()


def test_a_deal_without_a_score_is_refused(make, deal):
    deal.score.delete()
    with pytest.raises(DealNotQualified, match="not been scored"):
        make(type(deal).across_workspaces.get(pk=deal.pk))


@pytest.mark.parametrize(
    ("arv", "repairs", "words"),
    [
        (None, 1000, "the ARV is unknown"),
        (None, None, "the ARV and the repair cost are unknown"),
        (100_000, 60_000, "No offer: the numbers leave $0.00"),
        (100_000, 90_000, "No offer: the numbers leave −$30,000.00"),
    ],
)
def test_missing_or_hopeless_numbers_are_refused(make, make_deal, workspace, arv, repairs, words):
    deal = make_deal(workspace, arv=arv, repairs=repairs)
    with pytest.raises(OfferNotPriceable) as refusal:
        make(deal)
    assert words in str(refusal.value)


def test_a_closed_deal_an_idle_strategy_and_nobody_to_offer_to(make, deal, strategy):
    rows = Deal.objects.in_workspace(deal.workspace).filter(pk=deal.pk)
    rows.update(status="lost")
    with pytest.raises(DealNotQualified, match="lost"):
        make(deal)
    rows.update(status="open")
    strategy.is_active = False
    with pytest.raises(StrategyInactive):
        make(deal, strategy=strategy)
    rows.update(seller=None)
    with pytest.raises(SellerUnknown):
        make(deal)


def test_a_deal_of_another_workspace_is_not_there(make, make_deal, other_workspace):
    with pytest.raises(Deal.DoesNotExist):
        make(make_deal(other_workspace))


def test_the_earnest_money_is_never_more_than_the_price(make, make_deal, workspace):
    deal = make_deal(workspace, arv=72_000, repairs=39_999.50)
    offer = make(deal)
    assert (offer.amount, offer.emd_amount) == (Decimal("400.50"), Decimal("400.50"))


def test_the_link_is_not_in_the_database(make, deal, now: datetime):
    from django.core import serializers
    from django.db.models import Model

    from apps.offers.letters import public_link

    offer = make(deal)
    token = public_link(offer).rstrip("/").rsplit("/", 1)[1]
    assert len(token) >= 43
    rows: list[Model] = [offer, current_document(offer), *offer.history.all()]
    assert token not in serializers.serialize("json", rows)


def test_the_link_survives_a_key_rotation_and_dies_without_the_old_key(make, deal, settings):
    from apps.offers.letters import public_link

    offer = make(deal)
    link = public_link(offer)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert public_link(offer) == link
    settings.SECRET_KEY_FALLBACKS = []
    assert public_link(offer) == ""


def test_history_names_who_made_the_offer(make, deal):
    record = make(deal).history.get()
    assert (record.history_type, record.history_actor) == ("+", "system: tests")
    assert record.history_change_reason == "offers.actions.making.make_offer"
