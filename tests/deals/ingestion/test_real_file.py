import pytest
from django.db.models import F

from apps.contacts.models import Contact
from apps.deals.models import Deal, ImportRow, Property
from apps.events.models import Event
from tests.deals.ingestion.conftest import VENDOR_FILES, outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]
NEW_HAVEN = VENDOR_FILES / "propstream_2021_new_haven_ct.csv"


def test_every_row_of_the_real_file_arrives_once(take, laid):
    first = take(NEW_HAVEN)
    assert first.state == "done"
    assert outcomes(first) == {"created": 2523}
    assert ImportRow.objects.filter(lead_import=first).count() == first.rows_total == 2523

    houses = Property.objects.in_workspace(laid)
    deals = Deal.objects.in_workspace(laid)
    assert houses.count() == deals.count() == 2523
    assert deals.exclude(seller__kind="person").count() == 418
    flagged = houses.filter(is_owner_occupied_by_vendor=False)
    assert flagged.count() == 1272
    assert flagged.filter(is_mailing_same=True).count() == 72
    assert deals.exclude(seller__mailing_state=F("property__state")).count() == 113
    assert houses.filter(loan_balance_amount=0).count() == 1414
    assert houses.exclude(mls_status="").count() == 106
    assert houses.filter(is_do_not_mail=True).count() == 22
    notes = ImportRow.objects.filter(lead_import=first)
    assert notes.filter(notes__icontains="acres").count() == 39
    assert not houses.filter(lot_sqft__lt=100).exists()
    assert Contact.objects.in_workspace(laid).filter(name="").count() == 0
    surnames = notes.filter(notes__icontains="care-of name").count()
    assert surnames == 762  # of 763 without a last name; one care-of cell is empty


def test_second_import_of_the_real_file_writes_nothing(take, laid):
    take(NEW_HAVEN)
    before = Event.objects.exclude(name__startswith="deals.import_").count()
    history = Property.history.count(), Contact.history.count(), Deal.history.count()
    again = take(NEW_HAVEN)
    assert outcomes(again) == {"unchanged": 2523}
    assert Event.objects.exclude(name__startswith="deals.import_").count() == before
    assert (Property.history.count(), Contact.history.count(), Deal.history.count()) == history
    assert Property.objects.in_workspace(laid).count() == 2523
