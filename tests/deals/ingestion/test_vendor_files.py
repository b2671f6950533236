"""Files of vendors, with the counts and reasons a person would find in them."""

import pytest

from apps.contacts.models import Phone
from apps.deals.models import ImportRow, Property
from tests.deals.ingestion.conftest import REPO, SHIPPED, VENDOR_FILES, outcomes

pytestmark = pytest.mark.django_db


def answers(lead_import):
    rows = ImportRow.objects.filter(lead_import=lead_import).order_by("row_no")
    return {row.row_no: (row.outcome, " ".join([row.reason, *row.notes])) for row in rows}


def test_shipped_list(take, laid):
    done = take(SHIPPED)
    counts = outcomes(done)
    assert done.vendor == "propstream_70"
    assert sum(counts.values()) == done.rows_total == 2978
    assert (counts["rejected"], counts["duplicate"]) == (7, 56)
    assert set(counts) == {"created", "duplicate", "rejected"}
    refused = ImportRow.objects.filter(lead_import=done, outcome="rejected")
    assert all(row.reason and row.raw for row in refused)
    assert Phone.objects.in_workspace(laid).filter(e164__contains="55501").count() > 2500
    assert not Phone.objects.in_workspace(laid).exclude(e164__regex=r"^\+1\d{3}55501\d\d$").exists()
    again = outcomes(take(SHIPPED))
    assert again == {
        "unchanged": counts["created"],
        "duplicate": counts["duplicate"],
        "rejected": counts["rejected"],
    }


@pytest.mark.parametrize("name", ["propstream_42_columns.csv", "repeated_headers.csv"])
def test_shipped_old_layouts(take, laid, name):
    done = take(REPO / "fixtures" / "leads" / name)
    assert done.vendor == "propstream_42"
    assert outcomes(done)["created"] >= 20
    assert "rejected" not in outcomes(done)
    company = Property.objects.in_workspace(laid).filter(deal__seller__kind="company").first()
    assert company.deal.seller.mailing_line


@pytest.mark.shared_data
def test_bad_data_file(take):
    done = take(VENDOR_FILES / "propstream_2021_bad_data.csv")
    assert outcomes(done) == {"created": 5, "duplicate": 4}
    rows = answers(done)
    assert rows[2] == ("created", "")  # "This works", says the file itself
    assert "Owner 1 has no name" in rows[3][1]
    assert "APN is missing" in rows[4][1]
    assert "County is missing" in rows[5][1]
    assert "Mailing address is missing" in rows[6][1]
    for row_no in (7, 8, 9, 10):
        assert "Duplicate of row 6" in rows[row_no][1]


@pytest.mark.shared_data
def test_lost_zero_file(take, laid):
    done = take(VENDOR_FILES / "propstream_2021_zip_lost_leading_zero.csv")
    assert outcomes(done) == {"created": 5, "duplicate": 1}
    rows = answers(done)
    assert all("leading zero" in rows[row_no][1] for row_no in (2, 3, 4))
    assert "Duplicate of row 5" in rows[6][1]
    zips = Property.objects.in_workspace(laid).order_by("id").values_list("zip", flat=True)
    assert list(zips) == ["06418", "06704", "06515", "11702", "11702"]


@pytest.mark.shared_data
def test_43_columns(take):
    done = take(VENDOR_FILES / "propstream_2021_hartford_43col_sample.csv")
    assert done.vendor == "propstream_43"
    assert outcomes(done) == {"created": 5, "duplicate": 4}


@pytest.mark.shared_data
def test_list_with_contacts(take, laid):
    done = take(VENDOR_FILES / "vendor_sample_propstream_contacts.csv")
    assert outcomes(done) == {"created": 72}
    phones = Phone.objects.in_workspace(laid)
    assert not phones.exclude(e164__regex=r"^\+1\d{10}$").exists()
    assert phones.filter(is_dnc=True).exists()
    assert laid.contact_set.filter(is_litigator=True).exists()
