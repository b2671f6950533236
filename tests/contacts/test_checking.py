"""The contact check: what is written, joined, marked, and when it runs."""

from datetime import date, timedelta

import pytest

from apps.channels.models import Suppression
from apps.contacts.actions.checking import check_contact, request_checks
from apps.contacts.actions.due import claim_due_checks
from apps.contacts.models import Contact, Phone
from apps.events.catalog.contacts import ContactChecked, ContactCheckRequested
from apps.events.queries import list_facts

pytestmark = pytest.mark.django_db


def check(contact, system, now, may_trace=True):
    return check_contact(
        workspace=contact.workspace, actor=system, contact=contact, may_trace=may_trace, now=now
    )


def last_check(contact):
    return list_facts(contact.workspace_id, names=[ContactChecked.name])[0].payload


def request(workspace, system, now, *contacts, is_forced=False):
    return request_checks(
        workspace=workspace,
        actor=system,
        contact_ids=[contact.public_id for contact in contacts],
        reason="test",
        now=now,
        is_forced=is_forced,
    )


def test_phones_and_emails_are_written_one_way_and_joined(
    workspace, make_contact, system, now
) -> None:
    contact = make_contact(
        workspace,
        phones=["(203) 555-0100", "+12035550100", "2035550101", "N/A"],
        emails=["Ann@Example.com", "ann@example.com", "broken@"],
    )
    assert check(contact, system, now) is False
    assert list(contact.phones.order_by("rank").values_list("e164", "status")) == [
        ("+12035550100", "unverified"),
        ("+12035550101", "unverified"),
        ("N/A", "invalid"),
    ]
    assert list(contact.emails.order_by("rank").values_list("address", "status")) == [
        ("ann@example.com", "unverified"),
        ("broken@", "invalid"),
    ]
    payload = last_check(contact)
    assert payload["phones"] == ["+12035550100", "+12035550101"]
    assert payload["emails"] == ["ann@example.com"]
    assert len(payload["problems"]) == 2
    contact.refresh_from_db()
    assert (contact.checked_at, contact.check_due_at) == (now, None)


def test_joining_keeps_every_warning(workspace, make_contact, system, now) -> None:
    contact = make_contact(workspace, phones=["+12035550100", "203-555-0100"])
    first, second = contact.phones.order_by("rank")
    first.status = "verified"
    first.dnc_checked_on = date(2026, 10, 1)
    first.save()
    second.status, second.is_dnc, second.line_type = "wrong_number", True, "landline"
    second.dnc_checked_on = date(2026, 11, 1)
    second.save()
    check(contact, system, now)
    [joined] = contact.phones.all()
    assert joined.pk == first.pk
    assert (joined.status, joined.is_dnc, joined.line_type) == ("wrong_number", True, "landline")
    assert joined.dnc_checked_on == date(2026, 11, 1)


def test_a_second_check_writes_no_history_of_unchanged_numbers(
    workspace, make_contact, system, now
) -> None:
    contact = make_contact(workspace, phones=["2035550100"])
    check(contact, system, now)
    before = Phone.history.count()
    check(contact, system, now + timedelta(days=1))
    assert Phone.history.count() == before
    assert Phone.history.first().history_change_reason == "contacts.actions.checking.check_contact"


def test_the_check_says_whether_the_person_is_suppressed(
    workspace, make_contact, system, now
) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    check(contact, system, now)
    assert last_check(contact)["is_suppressed"] is False
    Suppression.objects.create(
        workspace=workspace, kind="opt_out", contact_ref=contact.public_id, suppressed_at=now
    )
    check(contact, system, now)
    assert last_check(contact)["is_suppressed"] is True


def test_a_look_up_is_due_only_without_a_usable_phone_and_with_a_vendor(
    workspace, make_contact, system, now
) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    contact.phones.update(status="wrong_number")
    assert check(contact, system, now, may_trace=False) is False
    assert check(contact, system, now) is True
    contact.phones.update(status="verified")
    assert check(contact, system, now) is False


def test_checks_are_requested_once_and_not_again_within_thirty_days(
    workspace, make_contact, system, now
) -> None:
    contact = make_contact(workspace, phones=["+12035550100"])
    assert request(workspace, system, now, contact) == [contact.public_id]
    assert request(workspace, system, now, contact) == []
    check(contact, system, now)
    assert request(workspace, system, now + timedelta(days=29), contact) == []
    assert request(workspace, system, now + timedelta(days=29), contact, is_forced=True)
    assert len(list_facts(workspace.pk, names=[ContactCheckRequested.name])) == 2


def test_a_check_of_another_workspaces_contact_is_not_requested(
    workspace, other_workspace, make_contact, system, now
) -> None:
    contact = make_contact(other_workspace)
    assert request(workspace, system, now, contact) == []
    with pytest.raises(Contact.DoesNotExist):
        check_contact(workspace=workspace, actor=system, contact=contact, may_trace=True, now=now)


def test_a_claim_is_taken_once_and_comes_back_when_it_dies(
    workspace, make_contact, system, now
) -> None:
    contact = make_contact(workspace)
    request(workspace, system, now, contact)
    assert [due.contact.pk for due in claim_due_checks(now=now)] == [contact.pk]
    assert claim_due_checks(now=now) == []
    later = now + timedelta(minutes=6)
    assert [due.contact.pk for due in claim_due_checks(now=later)] == [contact.pk]
