"""Rows of every vendor in our terms: people, flags, signals and misleading cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from apps.deals.ingestion import cells
from apps.deals.ingestion.normalize import RowReader
from apps.deals.ingestion.one_line import split_address
from apps.deals.ingestion.persons import flags_of
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.types import LeadRow
from apps.deals.ingestion.vendors import OTHER_LIST, Header, layout_by_slug
from tests.deals.ingestion.conftest import VENDOR_FILES


def of(slug: str, **values: str) -> LeadRow:
    """One row of a shipped layout; cells by field name."""
    layout = layout_by_slug(slug)
    by_field = {meant: name for name, meant in layout.mapping.items()}
    row = dict.fromkeys(layout.columns, "")
    row |= {by_field[field]: value for field, value in values.items()}
    return RowReader(Header(layout, tuple(row))).read(2, list(row.values()))


def fields(**values: str) -> LeadRow:
    header = Header(OTHER_LIST, tuple(values))
    return RowReader(header, {name: name for name in values}).read(2, list(values.values()))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "slug", "owners"),
    [
        ("propstream_contacts", "propstream_70", 72),
        ("batchleads", "batchleads", 72),
        ("dealmachine_contacts", "dealmachine_contacts", 0),
        ("batchdata_skiptrace", "batchdata_skiptrace", 72),
        ("datatree", "datatree", 72),
    ],
)
def test_vendor_samples(name, slug, owners):
    with (VENDOR_FILES / f"vendor_sample_{name}.csv").open("rb") as source:
        taken = inspect(source)
        known = taken.detection
        reader = RowReader(taken.header, known.mapping)
        rows = [reader.read(*row) for row in taken.rows()]
    assert (known.preset_slug, known.is_exact, len(rows)) == (slug, True, 72)
    assert all(row.rejection is None and row.place.key for row in rows)
    assert sum(bool(row.owners) for row in rows) == owners
    phones = [phone for row in rows for phone in row.phones]
    phones += [phone for row in rows for somebody in row.people for phone in somebody.phones]
    assert all(phone.e164.startswith("+1") and len(phone.e164) == 12 for phone in phones)
    emails = [email for row in rows for email in row.emails]
    assert all(email.endswith("@example.com") for email in emails)
    if slug != "datatree":
        assert any(phone.is_dnc for phone in phones)
    if slug in ("propstream_70", "batchleads", "batchdata_skiptrace"):
        assert any(row.is_litigator for row in rows)


def test_a_contact_list_has_a_row_for_each_person():
    one = of(
        "dealmachine_contacts",
        address="1840 Nw 6th Ave, Pompano Beach, Fl 33060",
        owner_first="TESTA",
        owner_last="SAMPLETON",
        contact_flags="Resident, Likely Renting",
        phone_1="DNC Excluded",
        phone_2="2035550101",
        phone_2_dnc="DO NOT CALL",
        phone_2_type="Wireless",
        phone_3="Wireless Excluded",
    )
    assert one.is_person_row
    assert (one.owners, one.phones) == ((), ())
    (person,) = one.people
    assert (person.name.full, person.part) == ("Testa Sampleton", "resident")
    (phone,) = person.phones
    assert (phone.e164, phone.is_dnc, phone.line_type) == ("+12035550101", True, "mobile")
    assert (one.place.city, one.place.state, one.place.zip_code) == ("Pompano Beach", "FL", "33060")


def test_reisift_people_without_flags_are_owners():
    one = of("reisift_contacts", line="1 Sample St", zip="06511", owner_first="Testa")
    assert [person.part for person in one.people] == ["owner"]


def test_people_beside_the_owners():
    one = of(
        "dealmachine_properties",
        line="1 Sample St",
        zip="06511",
        state="CT",
        owner_name="Testa Sampleton",
        person_1_name="Testa Sampleton",
        person_1_flags="Likely Owner, Family",
        person_1_phone_1="2035550101",
        person_2_name="Ada Fakely",
        person_2_flags="Family, Deceased",
        tax_delinquent="True",
        tax_delinquent_year="2022",
    )
    assert [owner.full for owner in one.owners] == ["Testa Sampleton"]
    assert [(who.part, len(who.phones), who.is_deceased) for who in one.people] == [
        ("owner", 1, False),
        ("relative", 0, True),
    ]
    assert [(sign.kind, sign.observed_on) for sign in one.signals] == [
        ("tax_delinquent", date(2022, 1, 1))
    ]


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("Likely Owner, Family", "owner"),
        ("resident|likely renting", "resident"),
        ("Family", "relative"),
        ("Not owner", ""),
        ("Former owner; Resident", "resident"),
        ("", ""),
    ],
)
def test_flags_name_a_part(cell, part):
    assert flags_of(cell).part == part


def test_flag_words_are_marks():
    said = flags_of("Litigator, DO NOT CALL, do-not-mail, Deceased")
    assert (said.is_litigator, said.is_do_not_call, said.is_deceased) == (True, True, True)


def test_excel_and_datatree_habits():
    one = of(
        "datatree",
        apn="NHVN M:324",
        owner_name="SAMPLETON TESTA",
        line="272 SAMPLE ST",
        city="NEW HAVEN",
        state="CT",
        zip='="06511-0001"',
        county="NEW HAVEN",
        lot_sqft="0.11",
        est_value_amount="223262|2021",
    )
    assert one.owners[0].full == "Testa Sampleton"
    assert (one.place.zip_code, one.lot_sqft) == ("06511", 4792)
    assert one.estimated_value_amount == Decimal("223262.00")
    assert (one.county_key, one.apn_key) == ("CT|NEW HAVEN", "NHVN-M-324")


def test_signals_of_many_columns():
    one = fields(
        line="1 Sample St",
        zip="06511",
        vacant="Yes",
        deceased="y",
        pre_foreclosure_on="02/01/2026",
        auction_on="2026-12-01",
        bankruptcy_on="Yes",
        divorce_on="",
        lien_on="1/2/2020",
        lien_amount="$1,200",
        tax_delinquent="2 years",
        tax_delinquent_amount="900",
        mls_status="Expired",
        mls_on="2025-05-05",
        signals="violation:2024-03-01:250:Tall grass|haunted",
    )
    found = {sign.kind: sign for sign in one.signals}
    assert set(found) == {
        "vacant", "deceased_owner", "pre_foreclosure", "auction", "bankruptcy", "lien",
        "tax_delinquent", "failed_listing", "violation", "other",
    }  # fmt: skip
    assert found["auction"].observed_on == date(2026, 12, 1)
    assert found["bankruptcy"].observed_on is None
    assert (found["lien"].observed_on, found["lien"].amount) == (date(2020, 1, 2), 1200)
    assert found["tax_delinquent"].amount == 900
    assert (found["violation"].amount, found["violation"].detail) == (250, "Tall grass")
    assert found["other"].detail == "haunted"


@pytest.mark.parametrize("said", ["No", "", "0", "Current", "N/A"])
def test_no_is_no_signal(said):
    assert fields(line="1 Sample St", tax_delinquent=said, vacant="No").signals == ()


def test_all_other_fields_arrive():
    one = fields(
        line="1 Sample St", state="CT", zip="6511", fips="9009", apn="20355", latitude="41.31",
        longitude="-72.92", units="3", rent_amount="2,400", arv_amount="310000",
        loan_rate_pct="6.5%", loan_payment_amount="1200", as_of="2026-11-01", external_id="x-1",
        notes=" roof ", list_name="Absentee", lists="Vacant, Tax", company="Example LLC",
        do_not_call="Yes", lot_acres="0.25", house_number="9",
    )  # fmt: skip
    assert (one.fips, one.county_key, one.apn_key) == ("09009", "CT|NEW HAVEN", "20355")
    assert (one.latitude, one.longitude, one.units) == (41.31, -72.92, 3)
    assert (one.rent_amount, one.arv_amount) == (2400, 310_000)
    assert (one.loan_rate_pct, one.loan_payment_amount) == (Decimal("0.06500"), 1200)
    assert (one.as_of, one.external_id, one.notes) == (date(2026, 11, 1), "x-1", "roof")
    assert one.lists == ("Absentee", "Vacant", "Tax")
    assert (one.owners[0].full, one.is_do_not_call, one.lot_sqft) == ("Example LLC", True, 10890)
    assert one.place.zip_code == "06511"


@pytest.mark.parametrize("written", ["6.5", "6.5%", "0.065"])
def test_rates_are_fractions_of_one(written):
    assert cells.rate_of(written) == Decimal("0.06500")


@pytest.mark.parametrize(("written", "rate"), [("0.9%", "0.00900"), ("150", None), ("-1", None)])
def test_odd_rates(written, rate):
    assert cells.rate_of(written) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("272 Bassett St, New Haven, Ct 06511", ("272 Bassett St", "", "New Haven", "Ct", "06511")),
        ("1 A St, Apt 4, Rye, NY 10580-1234, USA", ("1 A St", "Apt 4", "Rye", "NY", "10580-1234")),
        ("9 Elm Ave, Hartford CT 06106", ("9 Elm Ave", "", "Hartford", "CT", "06106")),
        ("9 Elm Ave, Winston-Salem, North Carolina 27101",
         ("9 Elm Ave", "", "Winston-Salem", "North Carolina", "27101")),
        ("12 Elm Ct", ("12 Elm Ct", "", "", "", "")),
        ("12 Sample St, New Haven", ("12 Sample St", "", "New Haven", "", "")),
        ("272 Bassett St New Haven CT 06511", ("272 Bassett St", "", "New Haven", "CT", "06511")),
        ("", ("", "", "", "", "")),
    ],
)  # fmt: skip
def test_an_address_in_one_cell(written, parts):
    assert tuple(split_address(written)) == parts


def test_a_word_in_a_phone_cell_is_no_number():
    one = fields(line="1 Sample St", phone_1="DO NOT CALL", phone_2="2035550100.0", phone_3="x")
    assert [phone.e164 for phone in one.phones] == ["+12035550100"]
    assert one.is_do_not_call
    assert sum("Phone left out" in str(problem) for problem in one.problems) == 2


def test_two_owners_in_one_cell():
    couple = fields(line="1 Sample St", owner_name="SAMPLETON, TESTA & ADA")
    assert [name.full for name in couple.owners] == ["Testa Sampleton", "Ada Sampleton"]
    trust = fields(line="1 Sample St", owner_name="SAMPLETON FAMILY TRUST")
    assert [name.kind for name in trust.owners] == ["trust"]
