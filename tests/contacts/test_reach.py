"""How a person is reached, whose an address is, and what the guard gets to know."""

from datetime import date
from uuid import uuid4

import pytest

from apps.channels import registry as channel_registry
from apps.channels.types import LineType, RecipientFacts
from apps.contacts import registry
from apps.contacts.queries import (
    best_email,
    best_phone,
    find_contact_by_address,
    list_contact_cards,
    list_contacts,
    recipient_facts,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["parked", "wrong_number", "invalid"])
def test_a_number_that_cannot_work_is_never_offered(workspace, make_contact, status) -> None:
    contact = make_contact(workspace, phones=["+12035550100", "+12035550101"])
    contact.phones.filter(e164="+12035550100").update(status=status)
    assert best_phone(workspace, contact).e164 == "+12035550101"
    contact.phones.update(status=status)
    assert best_phone(workspace, contact) is None


def test_a_do_not_call_number_comes_last_but_comes(workspace, make_contact) -> None:
    contact = make_contact(workspace, phones=["+12035550100", "+12035550101"])
    contact.phones.filter(e164="+12035550100").update(is_dnc=True)
    assert best_phone(workspace, contact).e164 == "+12035550101"
    contact.phones.update(is_dnc=True)
    assert best_phone(workspace, contact).e164 == "+12035550100"


def test_the_best_email_works_and_is_proven(workspace, make_contact) -> None:
    contact = make_contact(workspace, emails=["a@example.com", "b@example.com", "c@example.com"])
    contact.emails.filter(address="a@example.com").update(status="bounced")
    assert best_email(workspace, contact).address == "b@example.com"
    contact.emails.filter(address="c@example.com").update(status="verified")
    assert best_email(workspace, contact).address == "c@example.com"
    contact.emails.update(status="invalid")
    assert best_email(workspace, contact) is None


def test_an_address_is_found_in_any_writing_and_only_at_home(
    workspace, other_workspace, make_contact, now
) -> None:
    older = make_contact(workspace, name="Older", phones=["+12035550100"])
    make_contact(workspace, name="Newer", phones=["+12035550100"], emails=["n@example.com"])
    make_contact(other_workspace, name="Foreign", phones=["+12035550199"])
    assert find_contact_by_address(workspace, "(203) 555-0100").name == "Newer"
    assert find_contact_by_address(workspace, " N@Example.com").name == "Newer"
    older.last_responded_at = now
    older.save()
    assert find_contact_by_address(workspace, "+12035550100").name == "Older"
    older.phones.update(status="wrong_number")
    assert find_contact_by_address(workspace, "+12035550100").name == "Newer"
    for stranger in ("+12035550199", "nobody@example.com", "nonsense", ""):
        assert find_contact_by_address(workspace, stranger) is None


def test_the_guard_learns_what_is_known(workspace, make_contact, now) -> None:
    contact = make_contact(workspace, phones=["+13055550100"], is_litigator=True, source="list.csv")
    contact.phones.update(
        line_type="mobile", is_dnc=True, dnc_checked_on=date(2026, 11, 1), status="wrong_number"
    )
    facts = channel_registry.recipient_facts(workspace.pk, contact.public_id, "(305) 555-0100")
    assert facts == RecipientFacts(
        states=frozenset({"CT", "FL"}),
        time_zones=frozenset({"America/New_York"}),
        line_type=LineType.MOBILE,
        is_dnc=True,
        dnc_checked_on=date(2026, 11, 1),
        is_litigator=True,
        is_deceased=False,
        is_wrong_number=True,
        contact_name="Ann Example",
        source="list.csv",
    )


def test_a_number_is_wrong_for_its_owner_only(workspace, make_contact) -> None:
    wrong = make_contact(workspace, name="Wrong", phones=["+12035550100"])
    right = make_contact(workspace, name="Right", phones=["+12035550100"])
    wrong.phones.update(status="wrong_number")
    assert recipient_facts(workspace.pk, wrong.public_id, "+12035550100").is_wrong_number
    assert not recipient_facts(workspace.pk, right.public_id, "+12035550100").is_wrong_number


def test_places_of_owned_property_count_too(workspace, make_contact, monkeypatch) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    places = (frozenset({"HI"}), frozenset({"Pacific/Honolulu"}))
    monkeypatch.setattr(registry, "_readers", [lambda workspace_id, ref: places])
    facts = recipient_facts(workspace.pk, contact.public_id, "+12035550100")
    assert facts.states >= {"CT", "HI"}
    assert facts.time_zones == {"America/New_York", "Pacific/Honolulu"}


def test_nothing_is_known_of_a_stranger_or_another_workspaces_contact(
    workspace, other_workspace, make_contact
) -> None:
    foreign = make_contact(other_workspace, phones=["+12035550100"])
    for ref in (uuid4(), foreign.public_id):
        assert recipient_facts(workspace.pk, ref, "+12035550100") == RecipientFacts()


def test_channels_ask_this_room_who_a_stranger_is(workspace, make_contact) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    assert channel_registry.find_contact(workspace.pk, "+12035550100") == contact.public_id
    assert channel_registry.find_contact(workspace.pk, "+12035550109") is None


def test_pages_are_complete_and_without_repeats_while_people_are_added(
    workspace, other_workspace, make_contact
) -> None:
    names = [f"Owner {number % 7}" for number in range(25)]
    for name in names:
        make_contact(workspace, name=name)
    make_contact(other_workspace, name="Owner 3")
    seen, cursor = [], ""
    while True:
        page = list_contacts(workspace, cursor=cursor, size=4)
        seen += page.rows
        make_contact(workspace, name="A newcomer before everybody")
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    assert [contact.name for contact in seen] == sorted(names)
    assert len({contact.pk for contact in seen}) == 25


def test_search_finds_names_phones_and_emails_without_repeats(workspace, make_contact) -> None:
    make_contact(workspace, name="Elm Holdings LLC", phones=["+12035550100", "+12035550101"])
    make_contact(workspace, name="Bo Example", emails=["bo@example.com", "bo@example.org"])
    for search, name in (
        ("holdings", "Elm Holdings LLC"),
        ("(203) 555-0100", "Elm Holdings LLC"),
        ("bo@EXAMPLE", "Bo Example"),
    ):
        assert [row.name for row in list_contacts(workspace, search=search).rows] == [name]
    assert list_contacts(workspace, search="%").rows == []


def test_cards_leave_out_foreign_ids_and_cost_three_statements(
    workspace, other_workspace, make_contact, django_assert_num_queries
) -> None:
    ours = [make_contact(workspace, name=f"N{n}", phones=["+12035550100"]) for n in range(4)]
    foreign = make_contact(other_workspace)
    with django_assert_num_queries(3):
        cards = list_contact_cards(workspace, [one.public_id for one in (*ours, foreign)])
        assert all(len(card.phones.all()) == 1 for card in cards.values())
    assert set(cards) == {one.public_id for one in ours}


def test_a_warning_on_a_number_holds_for_everybody_who_has_it(workspace, make_contact) -> None:
    warned = make_contact(workspace, phones=["+12035550142"])
    beside = make_contact(workspace, name="Bea Example", phones=["+12035550142"])
    assert not recipient_facts(workspace.pk, beside.public_id, "+12035550142").is_litigator
    warned.phones.update(is_litigator=True, is_dnc=True)
    facts = recipient_facts(workspace.pk, beside.public_id, "+12035550142")
    assert facts.is_litigator
    assert facts.is_dnc
