"""Strategies: shipped once, versioned by value, refused when no formula can use them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from apps.events.queries import list_facts
from apps.offers import actions
from apps.offers.models import Strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(workspace, system, now):
    return lambda row: actions.save_strategy(
        workspace=workspace, actor=system, strategy=row, now=now
    )


def facts_of(workspace, row):
    return list_facts(workspace.pk, subject=row.public_id)


def test_a_new_workspace_gets_the_shipped_strategies(workspace, deliver):
    deliver()
    row = Strategy.objects.in_workspace(workspace).get(key="cash")
    assert (row.formula, row.arv_pct, row.version) == ("mao_wholesale", Decimal("0.7"), 1)
    row.full_clean()


def test_installing_again_keeps_what_an_admin_changed(workspace, strategy, save, system, now):
    strategy.fee_amount = Decimal(15_000)
    save(strategy)
    again = actions.install_strategies(
        workspace=workspace, actor=system, shipped=[{"key": "cash", "name": "x"}], now=now
    )
    assert again == []
    assert Strategy.objects.in_workspace(workspace).get().fee_amount == 15_000


def test_a_changed_value_is_a_new_version_and_a_new_name_is_not(workspace, strategy, save):
    strategy.arv_pct = Decimal("0.65")
    assert save(strategy).version == 2
    strategy.name = "Cash, slow market"
    assert save(strategy).version == 2
    assert [fact.payload["version"] for fact in facts_of(workspace, strategy)] == [2, 2, 1]
    assert facts_of(workspace, strategy)[1].payload["values"]["arv_pct"] == "0.65"
    assert strategy.history.count() == 3


def test_saving_without_a_change_says_nothing(workspace, strategy, save):
    strategy.arv_pct = Decimal("0.7000")
    save(strategy)
    assert len(facts_of(workspace, strategy)) == 1


def test_a_value_no_formula_can_use_is_refused(strategy, save):
    strategy.arv_pct = Decimal(70)
    with pytest.raises(ValidationError):
        strategy.full_clean()
    with pytest.raises(ValueError, match="arv_pct"):
        save(strategy)


def test_an_offer_keeps_the_version_it_was_made_by(strategy, offer, save):
    strategy.fee_amount = Decimal(1)
    save(strategy)
    offer.refresh_from_db()
    assert offer.strategy_version == 1
    assert offer.inputs["terms"]["fee_amount"] == "10000"


@pytest.fixture
def admin_client(workspace, strategy, signed_in):
    from apps.workspaces.models import User

    client = signed_in(workspace, "owner")
    User.objects.update(is_staff=True)
    return client


def test_an_admin_edits_a_strategy_and_sees_an_example(strategy, admin_client):
    url = f"/admin/offers/strategy/{strategy.pk}/change/"
    page = admin_client.get(url).content.decode()
    assert "$125,000.00 = $175,000.00 − $40,000.00 − $10,000.00" in page
    values = {**strategy.values(), "name": "Cash", "is_active": "on"}
    bad = admin_client.post(url, {**values, "arv_pct": "70"})
    assert "Write it as a fraction of one" in bad.content.decode()
    done = admin_client.post(url, {**values, "key": "renamed", "arv_pct": "0.66"})
    assert done.status_code == 302
    strategy.refresh_from_db()
    assert (strategy.version, strategy.arv_pct, strategy.key) == (2, Decimal("0.66"), "cash")
    record = strategy.history.first()
    assert record.history_actor.startswith("user: ")


def test_an_admin_adds_a_strategy_with_a_key_of_its_own(workspace, strategy, admin_client):
    url = "/admin/offers/strategy/add/"
    assert admin_client.get(url).status_code == 200
    values = {**strategy.values(), "name": "Flip", "formula": "mao_flip", "is_active": "on"}
    taken = admin_client.post(url, {**values, "key": "cash"})
    assert "has this key" in taken.content.decode()
    assert admin_client.post(url, {**values, "key": "flip"}).status_code == 302
    added = Strategy.objects.in_workspace(workspace).get(key="flip")
    assert (added.formula, added.version) == ("mao_flip", 1)


def test_offers_and_documents_can_only_be_looked_at(offer, printed, admin_client):
    for name, row in (("offer", offer), ("offerdocument", printed)):
        url = f"/admin/offers/{name}/{row.pk}/change/"
        page = admin_client.get(url)
        assert page.status_code == 200
        assert offer.token_hash not in page.content.decode()
        assert admin_client.post(url, {"state": "accepted"}).status_code == 403
        assert admin_client.post(url.replace("change", "delete")).status_code == 403
