"""Another source's address or owners, put in place by a person."""

from __future__ import annotations

import pytest

from apps.contacts.models import Contact, Phone
from apps.deals.actions import ConflictNotTakeable, settle_conflict
from apps.deals.ingestion.undo import run_undo, undo_import
from apps.deals.models import Deal, DealMetrics, DealParty, LeadImport, Property
from apps.deals.queries import list_deals
from apps.deals.queries.timeline import list_timeline
from apps.deals.types import DealFilters
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house, laid, take  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
NEW_DAY, OLD_DAY = {"Date Added to List": "06/15/2026"}, {"Date Added to List": "01/02/2025"}


def lead(n: int = 1, **cells: str) -> dict[str, str]:
    return house(APN=f"A {n}", Address=f"{n} Oak St", Mailing_Address=f"{n} Oak St", **cells)


def deal_of(laid, n: int = 1) -> Deal:  # noqa: F811
    return Deal.objects.in_workspace(laid).get(property__apn=f"A {n}")


@pytest.fixture
def settle(laid, system, now):  # noqa: F811
    def run(column: str, deal: Deal | None = None) -> Property:
        return settle_conflict(
            workspace=laid, actor=system, deal=deal or deal_of(laid), column=column, take=True,
            now=now,
        )  # fmt: skip

    return run


@pytest.fixture
def disputed(take):  # noqa: F811
    """A newer list's owner and address, and what an older one says instead."""
    take(as_csv([lead(Owner_1_First_Name="Testa", Phone_1="2035550101") | NEW_DAY]))
    other = lead(
        Owner_1_First_Name="Ada", Owner_1_Last_Name="Fakely", Owner_2_First_Name="Bo",
        Owner_2_Last_Name="Fakely", Phone_1="2035550102", Phone_1_DNC="State DNC",
    )  # fmt: skip
    other |= {"Address": "7 Elm Ave", "City": "Hamden", "Zip": "06514"}
    other |= {"Mailing Address": "9 Pine Rd"}
    return take(as_csv([other | OLD_DAY]))


def test_owners_are_taken_with_their_mail_and_phones(laid, disputed, settle, deliver):  # noqa: F811
    deal = deal_of(laid)
    assert deal.property.conflicts["owners"][0] == "Ada Fakely & Bo Fakely"
    assert not Contact.objects.in_workspace(laid).filter(last_name="Fakely").exists()
    former = deal.seller
    held = settle("owners")
    deal.refresh_from_db()
    assert deal.seller.name == "Ada Fakely"
    assert deal.seller.mailing_line == "9 Pine Rd"
    parties = DealParty.objects.in_workspace(laid).filter(deal=deal).order_by("rank")
    assert [(one.contact.name, one.part) for one in parties] == [
        ("Ada Fakely", "owner"),
        ("Bo Fakely", "co_owner"),
    ]
    phone = Phone.objects.in_workspace(laid).get(contact=deal.seller)
    assert (phone.e164, phone.is_dnc) == ("+12035550102", True)
    # The former owner stays a person with everything known of them.
    assert Contact.objects.in_workspace(laid).get(pk=former.pk).phones.count() == 1
    assert "owners" not in held.conflicts
    assert "owners" in held.hand_edited
    assert held.provenance["owners"][1] == "2025-01-02"
    assert "ada fakely" in deal.search_text
    assert former.name.lower() not in deal.search_text
    deliver()
    assert [row.deal.pk for row in list_deals(laid, DealFilters(q="fakely")).rows] == [deal.pk]
    told = next(
        entry
        for entry in list_timeline(laid, deal).entries
        if entry.title.startswith("Owners taken")
    )
    assert f"Before: {former.name}." in told.details
    assert DealMetrics.objects.filter(pk=deal.pk).exists()


def test_history_keeps_what_stood_before(laid, disputed, settle):  # noqa: F811
    deal = deal_of(laid)
    former = deal.seller_id
    settle("owners")
    settle("address")
    reasons = list(
        deal.history.order_by("history_id").values_list("history_change_reason", "seller")
    )
    assert reasons[0][1] == former
    assert reasons[-1][0].endswith("settle_conflict")
    told = deal.property.history.order_by("history_id")
    assert "1 Oak St" in told.values_list("line", flat=True)
    assert told.last().line == "7 Elm Ave"
    new = deal_of(laid).seller
    assert new.history.get().history_change_reason.endswith("settle_conflict")
    assert Event.objects.filter(name="deals.conflict_settled.v1").count() == 2


def test_an_address_is_taken_whole(laid, disputed, settle):  # noqa: F811
    held = settle("address")
    held.refresh_from_db()
    assert held.address == "7 Elm Ave, Hamden, CT 06514"
    assert held.address_key != ""
    assert "address" in held.hand_edited
    assert "7 elm ave" in deal_of(laid).search_text


def test_the_next_list_takes_neither_back(laid, take, disputed, settle):  # noqa: F811
    settle("owners")
    settle("address")
    take(as_csv([lead(Owner_1_First_Name="Testa") | {"Date Added to List": "11/01/2026"}]))
    deal = deal_of(laid)
    assert deal.seller.name == "Ada Fakely"
    assert deal.property.line == "7 Elm Ave"
    assert {"owners", "address"} <= set(deal.property.conflicts)


def test_the_same_address_from_a_list_agrees(laid, take, disputed, settle):  # noqa: F811
    settle("address")
    again = house(APN="A 1", Address="7 Elm Avenue", City="Hamden", Zip="06514")
    told = take(as_csv([again]))
    assert told.rejected_count == 0
    assert Property.objects.in_workspace(laid).count() == 1


def test_an_address_where_another_house_stands_is_refused(laid, take, disputed, settle):  # noqa: F811
    take(as_csv([house(APN="", Address="7 Elm Ave", City="Hamden", Zip="06514")]))
    with pytest.raises(ConflictNotTakeable, match="another property at 7 Elm Ave"):
        settle("address")
    assert deal_of(laid).property.line == "1 Oak St"


def test_words_that_are_no_address_are_refused(laid, disputed, settle):  # noqa: F811
    held = deal_of(laid).property
    held.conflicts = {"address": ["somewhere", "A feed", None, 60]}
    held.save()
    with pytest.raises(ConflictNotTakeable, match="cannot be read"):
        settle("address")


def test_owners_of_a_file_that_is_gone_come_by_name(laid, disputed, settle):  # noqa: F811
    LeadImport.objects.in_workspace(laid).filter(pk=disputed.pk).delete()
    settle("owners")
    assert deal_of(laid).seller.name == "Ada Fakely"
    assert not Phone.objects.in_workspace(laid).filter(contact=deal_of(laid).seller).exists()


def test_undoing_the_list_leaves_what_a_person_took(laid, disputed, settle, system, now):  # noqa: F811
    settle("owners")
    begun = undo_import(workspace=laid, actor=system, lead_import=disputed, now=now)
    run_undo(begun, clock=lambda: now)
    assert deal_of(laid).seller.name == "Ada Fakely"
