"""The next list that spells a duplicate the old way finds the contact it was merged into."""

import pytest

from apps.contacts.actions.merging import merge_contacts
from apps.contacts.models import Contact, Phone
from apps.deals.models import Deal
from tests.deals.ingestion.conftest import as_csv, house

pytestmark = pytest.mark.django_db

ROBERT = house(Owner_1_First_Name="Robert", Phone_1="2035550101")
BOB = house(
    Owner_1_First_Name="Bob", APN="NHVN M:9 B:9 L:9", Address="90 Other St", Phone_1="2035550102"
)


@pytest.fixture
def merged(take, workspace, system, now, deliver):
    take(as_csv([ROBERT, BOB]))
    robert = Contact.objects.in_workspace(workspace).get(first_name="Robert")
    bob = Contact.objects.in_workspace(workspace).get(first_name="Bob")
    merge_contacts(
        workspace=workspace, actor=system, survivor=robert, other=bob, choices={}, now=now
    )
    return robert, bob


@pytest.mark.parametrize("is_heard", [True, False], ids=["deals moved", "deals not yet moved"])
def test_the_same_list_again_resurrects_nobody(merged, take, workspace, deliver, is_heard):
    robert, bob = merged
    if is_heard:
        deliver()
    done = take(as_csv([ROBERT, {**BOB, "Phone 2": "2035550103"}]))
    assert done.state == "done"
    deliver()
    assert Contact.objects.in_workspace(workspace).count() == 2
    bob.refresh_from_db()
    assert bob.merged_into_id == robert.pk
    numbers = Phone.objects.in_workspace(workspace).values_list("contact_id", "e164")
    assert set(numbers) == {
        (robert.pk, "+12035550101"),
        (robert.pk, "+12035550102"),
        (robert.pk, "+12035550103"),
    }
    sellers = Deal.objects.in_workspace(workspace).values_list("seller_id", flat=True)
    assert set(sellers) == {robert.pk}


def test_a_third_property_of_the_duplicate_joins_the_portfolio(merged, take, workspace, deliver):
    robert, _ = merged
    deliver()
    take(as_csv([{**BOB, "APN": "NHVN M:7 B:7 L:7", "Address": "70 Third St"}]))
    assert Contact.objects.in_workspace(workspace).count() == 2
    assert Deal.objects.in_workspace(workspace).filter(seller=robert).count() == 3


def test_the_addresses_of_both_do_not_take_turns(take, workspace, system, now, deliver):
    moved = {**BOB, "Mailing Address": "5 New Rd"}
    take(as_csv([ROBERT, moved]))
    robert, bob = Contact.objects.in_workspace(workspace).order_by("-first_name")
    merge_contacts(
        workspace=workspace, actor=system, survivor=robert, other=bob, choices={}, now=now
    )
    deliver()
    take(as_csv([moved, {**moved, "APN": "NHVN M:8 B:8 L:8", "Address": "80 Fourth St"}]))
    robert.refresh_from_db()
    assert robert.mailing_line == "12 Sample St"
