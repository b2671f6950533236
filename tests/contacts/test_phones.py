"""One number verified parks the others; a parked one is never texted and can be used again."""

from dataclasses import replace

import pytest

from apps.contacts.actions.phones import move_phone, unpark_phone, verify_phone
from apps.contacts.models import Phone
from apps.contacts.queries import best_phone, recipient_facts
from apps.events.catalog.contacts import PhoneMarked, PhonesRanked
from apps.events.queries import list_facts

pytestmark = pytest.mark.django_db
NUMBERS = ["+12035550100", "+12035550101", "+12035550102"]


@pytest.fixture
def contact(workspace, make_contact):
    return make_contact(workspace, phones=NUMBERS)


@pytest.fixture
def act(workspace, system, now):
    def run(action, phone, **more):
        return action(workspace=workspace, actor=system, phone=phone, now=now, **more)

    return run


def standing(contact):
    return list(contact.phones.order_by("rank").values_list("e164", "status"))


def phone(contact, number):
    return contact.phones.get(e164=number)


def test_verifying_one_parks_the_others_and_says_why(workspace, contact, act, now):
    contact.phones.filter(e164=NUMBERS[2]).update(status="wrong_number")
    act(verify_phone, phone(contact, NUMBERS[1]))
    assert standing(contact) == [
        (NUMBERS[0], "parked"),
        (NUMBERS[1], "verified"),
        (NUMBERS[2], "wrong_number"),
    ]
    assert phone(contact, NUMBERS[0]).status_note == "(203) 555-0101 was verified"
    assert phone(contact, NUMBERS[1]).verified_at == now
    assert best_phone(workspace, contact).e164 == NUMBERS[1]
    (fact,) = list_facts(workspace.pk, names=[PhoneMarked.name])
    assert fact.payload["parked"] == [NUMBERS[0]]


def test_verifying_again_changes_nothing(workspace, contact, act):
    act(verify_phone, phone(contact, NUMBERS[1]))
    act(verify_phone, phone(contact, NUMBERS[1]))
    assert len(list_facts(workspace.pk, names=[PhoneMarked.name])) == 1


def test_a_parked_number_is_used_again_with_what_it_had_proved(contact, act):
    act(verify_phone, phone(contact, NUMBERS[0]))
    act(verify_phone, phone(contact, NUMBERS[1]))
    act(unpark_phone, phone(contact, NUMBERS[0]))
    act(unpark_phone, phone(contact, NUMBERS[2]))
    assert standing(contact) == [
        (NUMBERS[0], "verified"),
        (NUMBERS[1], "verified"),
        (NUMBERS[2], "unverified"),
    ]
    assert phone(contact, NUMBERS[2]).status_note == ""


@pytest.mark.parametrize(
    ("number", "is_up", "order"),
    [(2, True, [0, 2, 1]), (0, False, [1, 0, 2]), (0, True, [0, 1, 2]), (2, False, [0, 1, 2])],
)
def test_the_order_is_the_persons(workspace, contact, act, number, is_up, order):
    Phone.objects.in_workspace(workspace).filter(contact=contact).update(rank=1)
    contact.phones.filter(e164=NUMBERS[1]).update(rank=2)
    contact.phones.filter(e164=NUMBERS[2]).update(rank=7)
    act(move_phone, phone(contact, NUMBERS[number]), is_up=is_up)
    assert [e164 for e164, _ in standing(contact)] == [NUMBERS[at] for at in order]
    moved = order != [0, 1, 2]
    assert len(list_facts(workspace.pk, names=[PhonesRanked.name])) == int(moved)


def test_a_litigators_number_is_a_litigator_for_the_guard(workspace, contact):
    before = recipient_facts(workspace.pk, contact.public_id, NUMBERS[0])
    contact.phones.filter(e164=NUMBERS[0]).update(is_litigator=True)
    after = recipient_facts(workspace.pk, contact.public_id, NUMBERS[0])
    assert after == replace(before, is_litigator=True)
    assert not recipient_facts(workspace.pk, contact.public_id, NUMBERS[1]).is_litigator
