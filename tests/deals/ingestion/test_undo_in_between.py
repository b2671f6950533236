"""Undoing an import after others, merges or an upgrade came in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.contacts.actions.merging import merge_contacts
from apps.contacts.models import Contact, Phone
from apps.deals.actions import edit_property
from apps.deals.ingestion import undo as undo_module
from apps.deals.ingestion import worker
from apps.deals.ingestion.marks import find_or_create_list
from apps.deals.ingestion.queries import list_kept
from apps.deals.models import Deal, DealParty, ListMembership, Property
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv
from tests.deals.ingestion.test_preview import draft  # noqa: F401 - a fixture
from tests.deals.ingestion.test_undo import dump, lead, undo  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
ONE_ADDRESS = {"Mailing Address": "5 Main St"}


@pytest.fixture
def stored(django_db_blocker):
    """Constraints that a database checks at the end of a transaction, checked now."""
    from django.db import connection

    return connection.check_constraints


@pytest.mark.parametrize("batch", [1, 200], ids=["row by row", "at once"])
def test_what_a_kept_parcel_needs_of_its_owner_stays(
    take, undo, laid, system, now, monkeypatch, batch  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(undo_module, "UNDO_ROWS", batch)
    take(as_csv([lead(n) | ONE_ADDRESS for n in (1, 2)]))
    told = take(as_csv([lead(n, Phone_1="2035550101") | ONE_ADDRESS for n in (1, 2)]))
    deal = Deal.objects.in_workspace(laid).get(property__apn="A 1")
    edit_property(workspace=laid, actor=system, deal=deal, changes={"bedrooms": "3"}, now=now)
    assert undo(told).kept_count == 1
    assert Phone.objects.in_workspace(laid).count() == 1


def test_an_owner_goes_back_once_all_parcels_are_undone(take, undo, laid, monkeypatch):  # noqa: F811
    monkeypatch.setattr(undo_module, "UNDO_ROWS", 1)
    take(as_csv([lead(n) | ONE_ADDRESS for n in (1, 2, 3)]))
    before = dump()
    told = take(
        as_csv([lead(n, Phone_1="2035550101", Litigator="Yes") | ONE_ADDRESS for n in (1, 2, 3)])
    )
    assert dump() != before
    assert undo(told).kept_count == 0
    assert dump() == before


def test_an_owner_who_went_with_an_earlier_undoing_is_not_called_back(
    take, undo, laid, stored  # noqa: F811
):  # fmt: skip
    first = take(as_csv([lead(n) | ONE_ADDRESS for n in (1, 2)]))
    later = take(as_csv([lead(1, Owner_1_First_Name="Mocka") | ONE_ADDRESS]))
    assert undo(first).undone_count == 1
    done = undo(later)
    assert done.state == "undone"
    stored()
    # With the second import goes what the first had to leave because of it.
    for model in (Deal, DealParty, Contact):
        assert not model.objects.in_workspace(laid).exists()


def test_a_former_owner_who_was_merged_comes_back_as_the_survivor(
    take, undo, laid, system, now, deliver  # noqa: F811
):  # fmt: skip
    take(as_csv([lead(1), lead(2, Owner_1_First_Name="Roberta")]))
    later = take(as_csv([lead(1, Owner_1_First_Name="Mocka")]))
    people = Contact.objects.in_workspace(laid)
    former = people.get(first_name="Testa")
    survivor = people.get(first_name="Roberta")
    merge_contacts(
        workspace=laid, actor=system, survivor=survivor, other=former, choices={}, now=now
    )
    deliver()
    undo(later)
    deal = Deal.objects.in_workspace(laid).get(property__apn="A 1")
    assert deal.seller_id == survivor.pk
    seated = DealParty.objects.in_workspace(laid).filter(deal=deal)
    assert list(seated.values_list("contact_id", flat=True)) == [survivor.pk]


def test_a_contact_that_became_a_survivor_stays_with_both_halves(
    take, undo, laid, system, now, deliver  # noqa: F811
):  # fmt: skip
    take(as_csv([lead(1, Phone_1="2035550101")]))
    told = take(as_csv([lead(2, Owner_1_First_Name="Roberta", Phone_1="2035550102")]))
    people = Contact.objects.in_workspace(laid)
    old, new = people.get(first_name="Testa"), people.get(first_name="Roberta")
    merge_contacts(workspace=laid, actor=system, survivor=new, other=old, choices={}, now=now)
    assert undo(told).state == "undone"
    deliver()
    numbers = Phone.objects.in_workspace(laid).filter(contact=new).values_list("e164", flat=True)
    assert set(numbers) == {"+12035550101", "+12035550102"}
    sellers = Deal.objects.in_workspace(laid).values_list("seller_id", flat=True)
    assert set(sellers) == {new.pk}


def test_a_contact_that_was_merged_away_takes_nothing_from_its_survivor(
    take, undo, laid, system, now, deliver  # noqa: F811
):  # fmt: skip
    take(as_csv([lead(1, Phone_1="2035550101")]))
    told = take(as_csv([lead(2, Owner_1_First_Name="Roberta", Phone_1="2035550102")]))
    people = Contact.objects.in_workspace(laid)
    old, new = people.get(first_name="Testa"), people.get(first_name="Roberta")
    merge_contacts(workspace=laid, actor=system, survivor=old, other=new, choices={}, now=now)
    assert undo(told).state == "undone"
    deliver()
    new.refresh_from_db()
    assert new.merged_into_id == old.pk
    numbers = Phone.objects.in_workspace(laid).filter(contact=old).values_list("e164", flat=True)
    assert set(numbers) == {"+12035550101", "+12035550102"}


def test_a_house_that_a_later_list_names_too_stays(take, undo, laid):  # noqa: F811
    first = take(as_csv([lead(1), lead(2)]))
    second = take(as_csv([lead(1), lead(3)]))
    assert (second.unchanged_count, second.created_count) == (1, 1)
    done = undo(first)
    assert (done.undone_count, done.kept_count) == (1, 1)
    assert "list" in list_kept(done)[0][0].reason
    assert Property.objects.in_workspace(laid).count() == 2


def test_a_place_on_a_list_that_a_later_file_names_too_stays(
    take, undo, laid, draft, now  # noqa: F811
):  # fmt: skip
    take(as_csv([lead(1)]))
    tax = find_or_create_list(laid.pk, "Tax lien")
    first, second = (
        worker.run_import(draft(as_csv([lead(1)]), lead_list=tax), clock=lambda: now)
        for _ in range(2)
    )
    undo(first)
    assert ListMembership.objects.in_workspace(laid).count() == 1
    undo(second)
    assert ListMembership.objects.in_workspace(laid).count() == 0


def test_an_import_without_a_record_of_what_was_there_says_so(take, undo, laid):  # noqa: F811
    told = take(as_csv([lead(1), lead(2)]))
    for model in (Property, Deal, Contact):
        model.history.update(history_change_reason="imported from a list")
    done = undo(told)
    assert (done.undone_count, done.kept_count) == (0, 2)
    assert "record" in list_kept(done)[0][0].reason
    assert Property.objects.in_workspace(laid).count() == 2


def test_a_file_that_waited_while_a_newer_one_ran_is_the_later_one(
    take, undo, laid, draft, now  # noqa: F811
):  # fmt: skip
    waited, ran_first = draft(as_csv([lead(1)])), draft(as_csv([lead(1), lead(2)]))
    for held in (ran_first, waited):
        worker.run_import(held, clock=lambda: now)
    assert undo(ran_first).kept_count == 1
    assert undo(waited).kept_count == 0
    assert not Property.objects.in_workspace(laid).exists()


def test_undoing_in_any_order_ends_and_tells_of_every_row_once(take, undo, laid, now):  # noqa: F811
    files = [
        take(as_csv([lead(n, Phone_1=f"203555010{n}", **{"Est. Value": str(value)})
                     for n in range(4)]))
        for value in (1, 2, 3)
    ]  # fmt: skip
    for held in (files[1], files[0], files[2]):
        done = undo(held)
        assert done.undone_count + done.kept_count == 4
        assert done.undone_at == now
    undone = Event.objects.filter(name="deals.import_undone.v1")
    assert undone.count() == 3
    assert undone.filter(occurred_at__gt=now + timedelta(days=1)).count() == 0
