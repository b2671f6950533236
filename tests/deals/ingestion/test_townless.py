"""A street without a town: equal streets are one house only where something says so."""

from __future__ import annotations

import pytest

from apps.deals.models import Deal, Property
from tests.deals.ingestion.conftest import VENDOR_FILES, outcomes

pytestmark = pytest.mark.django_db
HEADER = "Street,Owner Name,Mailing Street,Mailing City,Mailing State,Mailing Zip,Phone\n"
TESTA = "12 Main St,Testa Sampleton,9 Fake Ave,Derby,CT,06418,2035550101\n"
ADA = "12 Main St,Ada Fakely,PO Box 7,Hamden,CT,06514,2035550102\n"


def take_text(take, text):
    return outcomes(take((HEADER + text).encode()))


def test_two_owners_of_one_street_line_are_two_houses(take, laid):
    assert take_text(take, TESTA + ADA) == {"created": 2}
    assert Deal.objects.in_workspace(laid).values("seller").distinct().count() == 2
    assert take_text(take, TESTA + ADA) == {"unchanged": 2}


def test_the_same_owner_and_mail_are_the_evidence(take, laid):
    again = TESTA.replace("12 Main St,", "12 MAIN STREET,").replace("Testa S", "TESTA S")
    assert take_text(take, TESTA + again) == {"created": 1, "duplicate": 1}


def test_phones_are_where_nobody_is_named(take, laid):
    rows = "12 Main St,,,,,,2035550101\n12 Main St,,,,,,2035550102\n"
    assert take_text(take, rows) == {"created": 2}
    assert take_text(take, rows) == {"unchanged": 2}


def test_an_owner_who_gets_mail_at_that_street_tells_the_town(take, laid):
    row = "12 Main St,Testa Sampleton,12 Main Street,Derby,CT,06418,\n"
    assert take_text(take, row) == {"created": 1}
    assert Property.objects.in_workspace(laid).get().address_key == "12 MAIN ST||06418"


@pytest.mark.parametrize("street", ["💥💥", "通り", "9" * 400])
def test_a_street_that_is_no_key_ends_no_import(take, street):
    row = f"{street},Testa Sampleton,9 Fake Ave,Derby,CT,06418,\n"
    counts = take_text(take, row + TESTA)
    assert sum(counts.values()) == 2


@pytest.mark.shared_data
def test_the_batchdata_sample(take, laid):
    path = VENDOR_FILES / "vendor_sample_batchdata_skiptrace.csv"
    assert outcomes(take(path)) == {"created": 72}
    assert outcomes(take(path)) == {"unchanged": 72}
    assert Property.objects.in_workspace(laid).filter(city="").count() == 37
