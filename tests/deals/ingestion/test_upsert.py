"""What one row does to what is known, row by row."""

import pytest

from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion import worker
from apps.deals.ingestion.vendors import PROPSTREAM_70
from apps.deals.models import Deal, DealParty, ImportRow, Property
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house, outcomes

pytestmark = pytest.mark.django_db


def rows_of(lead_import):
    return {row.row_no: row for row in ImportRow.objects.filter(lead_import=lead_import)}


def updates(laid):
    return Event.objects.filter(workspace_id=laid.pk, name="deals.deal_updated.v1").order_by("id")


def test_a_row_becomes_property_deal_owner_phones_and_emails(take, laid):
    take(
        as_csv(
            [
                house(
                    Phone_1="(203) 555-0101", Phone_1_Type="Mobile", Phone_1_DNC="No",
                    Phone_2="2035550102.0", Phone_2_Type="Landline", Phone_2_DNC="Public DNC",
                    Phone_3="DNC Excluded", Email_1="Testa@Example.com", Email_2="none@",
                    Owner_2_First_Name="Ada", Owner_2_Last_Name="Sampleton", Litigator="Yes",
                )
            ]
        )
    )  # fmt: skip
    deal = Deal.objects.in_workspace(laid).select_related("property", "seller", "stage").get()
    assert deal.stage.kind == "new"
    assert deal.property.address == "12 Sample St, New Haven, CT 06511"
    assert (deal.property.county_key, deal.property.apn_key) == ("CT|NEW HAVEN", "NHVN-M-1-B-2-L-3")
    assert (deal.seller.name, deal.seller.kind) == ("Testa Sampleton", "person")
    assert deal.seller.is_litigator
    phones = Phone.objects.in_workspace(laid).order_by("rank")
    assert list(phones.values_list("e164", "line_type", "is_dnc", "rank")) == [
        ("+12035550101", "mobile", False, 1),
        ("+12035550102", "landline", True, 2),
    ]
    assert EmailAddress.objects.in_workspace(laid).get().address == "testa@example.com"
    parties = DealParty.objects.in_workspace(laid).order_by("rank")
    assert list(parties.values_list("contact__name", "part")) == [
        ("Testa Sampleton", "owner"),
        ("Ada Sampleton", "co_owner"),
    ]
    assert "ada sampleton" in deal.search_text
    assert "+12035550101" in deal.search_text
    row = rows_of(deal and take(as_csv([house()])))[2]
    assert row.outcome == "unchanged"


def test_odd_cells_are_noted_and_the_row_is_kept(take):
    done = take(
        as_csv(
            [
                house(Zip="6511", Lot_Size_Sqft="0.25", Phone_1="DNC Excluded", Email_1="none@",
                      Owner_Occupied="No", Last_Sale_Recording_Date="0000-00-00",
                      Effective_Year_Built="12", **{"Est. Value": "N/A"})
            ]
        )
    )  # fmt: skip
    notes = " ".join(rows_of(done)[2].notes)
    for words in (
        "leading zero", "in acres", "withheld by the vendor", "Not an e-mail", "contradicts",
        "Not a date", "Not a number",
    ):  # fmt: skip
        assert words in notes
    kept = Property.across_workspaces.get()
    assert (kept.zip, kept.lot_sqft, kept.last_sale_on) == ("06511", 10_890, None)
    assert (kept.est_value_amount, kept.year_built) == (None, None)


def test_company_trust_and_estate_owners(take, laid):
    rows = [
        house(
            APN=f"A {at}", Address=f"{at} Sample St", Owner_1_First_Name="", Owner_1_Last_Name=name
        )
        for at, name in enumerate(
            ["Example Holdings Llc", "Sampleton Family Trust", "Estate Of Testa Sampleton"], 1
        )
    ]
    take(as_csv(rows))
    contacts = Contact.objects.in_workspace(laid).order_by("id")
    assert list(contacts.values_list("kind", "name", "first_name")) == [
        ("company", "Example Holdings LLC", ""),
        ("trust", "Sampleton Family Trust", ""),
        ("estate", "Estate Of Testa Sampleton", ""),
    ]


def test_surname_from_the_care_of_cell(take, laid):
    take(
        as_csv(
            [
                house(Owner_1_Last_Name="", Mailing_Care_of_Name="Testa & Ada Sampleton",
                      Owner_2_First_Name="Ada Sampleton")
            ]
        )
    )  # fmt: skip
    names = Contact.objects.in_workspace(laid).order_by("id").values_list("name", flat=True)
    assert list(names) == ["Testa Sampleton", "Ada Sampleton"]


def test_repeats_in_a_file_name_the_row_they_repeat(take):
    done = take(
        as_csv(
            [
                house(),
                house(Address="12 SAMPLE STREET"),
                house(APN="", Address="12 Sample Street"),
                house(Address="99 Elsewhere Rd"),
            ]
        )
    )
    assert outcomes(done) == {"created": 1, "duplicate": 3}
    rows = rows_of(done)
    assert [rows[n].duplicate_of for n in (3, 4, 5)] == [2, 2, 2]
    assert "another address" in rows[5].reason
    assert rows[5].raw[0] == "99 Elsewhere Rd"


def test_two_parcels_at_one_address_stay_two(take, laid):
    done = take(as_csv([house(APN="A 1"), house(APN="A 2"), house(APN="")]))
    assert outcomes(done) == {"created": 2, "rejected": 1}
    assert "several parcels" in rows_of(done)[4].reason
    assert Property.objects.in_workspace(laid).count() == 2


def test_one_apn_in_two_counties_is_two_parcels(take):
    done = take(as_csv([house(), house(County="Fairfield", Address="9 Other Rd")]))
    assert outcomes(done) == {"created": 2}


def test_a_parcel_without_apn_learns_it(take, laid):
    take(as_csv([house(APN="")]))
    done = take(as_csv([house()]))
    assert outcomes(done) == {"updated": 1}
    assert Property.objects.in_workspace(laid).get().apn == "NHVN M:1 B:2 L:3"
    assert outcomes(take(as_csv([house(APN="")]))) == {"unchanged": 1}


def test_a_row_without_apn_repeats_the_one_that_brought_it(take):
    take(as_csv([house(APN="")]))
    done = take(as_csv([house(), house(APN="")]))
    assert outcomes(done) == {"updated": 1, "duplicate": 1}
    assert rows_of(done)[3].duplicate_of == 2


def test_a_renamed_parcel_is_known_by_its_new_address_alone(take, laid):
    take(as_csv([house()]))
    there = {"Address": "99 Elsewhere Rd"}
    done = take(as_csv([house(**there), house(APN="", **there), house(APN="")]))
    assert outcomes(done) == {"updated": 1, "duplicate": 1, "created": 1}
    assert rows_of(done)[3].duplicate_of == 2
    assert Property.objects.in_workspace(laid).count() == 2


def test_rows_that_say_nothing_are_refused_with_a_reason(take):
    done = take(
        as_csv(
            [house(Address="", APN=""), house(Address="", County=""), dict.fromkeys(house(), "")]
        )
        + b"1 A St,,New Haven,CT"
        + b"," * 80
        + b"x\n"
    )
    assert outcomes(done) == {"rejected": 4}
    reasons = [row.reason for row in rows_of(done).values()]
    assert "No property address" in reasons[0]
    assert "No property address" in reasons[1]
    assert reasons[2] == "The row is empty."
    assert "more cells than the header" in reasons[3]


def test_a_parcel_without_address_is_kept_by_its_apn(take, laid):
    assert outcomes(take(as_csv([house(Address="")]))) == {"created": 1}
    assert Property.objects.in_workspace(laid).get().address_key == ""


def test_changed_values_update_and_tell_old_and_new(take, laid):
    take(as_csv([house()]))
    changed = house(**{"Est. Value": "$275,000", "MLS Status": "FAIL"})
    assert outcomes(take(as_csv([changed]))) == {"updated": 1}
    fact = updates(laid).get()
    assert fact.payload["changes"] == {
        "est_value_amount": ["250000.00", "275000.00"],
        "mls_status": ["", "FAIL"],
        "signals": [[], ["failed_listing"]],
    }
    assert fact.subject == Deal.objects.in_workspace(laid).get().public_id
    history = Property.history.order_by("history_id")
    assert [row.history_type for row in history] == ["+", "~"]
    assert outcomes(take(as_csv([changed]))) == {"unchanged": 1}


def test_a_paid_off_loan_is_news_and_an_empty_cell_is_not(take, laid):
    take(as_csv([house()]))
    take(as_csv([house(**{"Est. Remaining balance of Open Loans": "0", "Est. Value": ""})]))
    known = Property.objects.in_workspace(laid).get()
    assert (known.loan_balance_amount, known.est_value_amount) == (0, 250_000)


def test_values_entered_by_hand_stay(take, laid):
    take(as_csv([house()]))
    Property.objects.in_workspace(laid).update(est_value_amount=1, hand_edited=["est_value_amount"])
    done = take(as_csv([house(**{"Est. Value": "300000"})]))
    assert outcomes(done) == {"unchanged": 1}
    assert Property.objects.in_workspace(laid).get().est_value_amount == 1


def test_warnings_are_added_and_never_lifted(take, laid):
    number = {"Phone 1": "2035550101", "Phone 1 Type": "Mobile"}
    take(as_csv([house(**number)]))
    take(as_csv([house(**number | {"Phone 1 DNC": "State DNC", "Do Not Mail": "Yes"})]))
    assert updates(laid).get().payload["changes"]["do_not_call"] == [[], ["+12035550101"]]
    assert outcomes(take(as_csv([house(**number)]))) == {"unchanged": 1}
    assert Phone.objects.in_workspace(laid).get().is_dnc
    assert Contact.objects.in_workspace(laid).get().is_do_not_mail
    assert [row.history_type for row in Phone.history.order_by("history_id")] == ["+", "~"]


def test_one_owner_of_many_parcels_is_one_contact(take, laid):
    rows = [house(APN=f"A {n}", Address=f"{n} Sample St") for n in range(1, 6)]
    take(as_csv(rows))
    assert Contact.objects.in_workspace(laid).count() == 1
    assert Deal.objects.in_workspace(laid).count() == 5


def test_a_sold_house_gets_its_new_owner(take, laid):
    take(as_csv([house()]))
    done = take(as_csv([house(Owner_1_First_Name="Mocka", Owner_1_Last_Name="Fakely")]))
    assert outcomes(done) == {"updated": 1}
    deal = Deal.objects.in_workspace(laid).select_related("seller").get()
    assert deal.seller.name == "Mocka Fakely"
    assert updates(laid).get().payload["changes"]["owners"] == [
        ["Testa Sampleton"], ["Mocka Fakely"],
    ]  # fmt: skip
    assert [party.contact_id for party in deal.parties.all()] == [deal.seller_id]


def test_an_owner_who_moves_stays_the_same_contact(take, laid):
    rows = [house(), house(APN="A 2", Address="14 Sample St")]
    take(as_csv(rows))
    seller = Deal.objects.in_workspace(laid).order_by("id").first().seller_id
    moved = [house(**{"Mailing Address": "5 New Rd"}), rows[1]]
    assert outcomes(take(as_csv(moved))) == {"updated": 1, "unchanged": 1}
    contact = Contact.objects.in_workspace(laid).get()
    assert (contact.pk, contact.mailing_line) == (seller, "5 New Rd")
    assert outcomes(take(as_csv(moved))) == {"unchanged": 2}


def test_phones_without_a_name_are_still_somebodys(take, laid):
    take(as_csv([house(Owner_1_First_Name="", Owner_1_Last_Name="", Phone_1="2035550101")]))
    contact = Contact.objects.in_workspace(laid).get()
    assert (contact.name, contact.phones.get().e164) == ("Owner of 12 Sample St", "+12035550101")


def test_another_workspace_has_its_own_rows(take, laid, other_workspace):
    take(as_csv([house()]))
    assert outcomes(take(as_csv([house()]), workspace=other_workspace)) == {"created": 1}
    assert Property.objects.in_workspace(laid).count() == 1


def test_each_chunk_tells_of_its_deals_once(take, laid, monkeypatch):
    monkeypatch.setattr(worker, "CHUNK_ROWS", 1000)
    done = take(as_csv([house(APN=f"A {n}", Address=f"{n} Sample St") for n in range(2200)]))
    chunks = Event.objects.filter(name="deals.import_chunk_applied.v1").order_by("id")
    told = [deal for chunk in chunks for deal in chunk.payload["deals"]]
    assert len(chunks) == 3
    assert len(told) == len(set(told)) == 2200
    finished = Event.objects.get(name="deals.import_finished.v1")
    assert finished.payload["counts"]["created"] == finished.payload["rows_total"] == 2200
    assert done.rows_done == 2200


def test_columns_in_another_order(take):
    assert outcomes(take(as_csv([house()], PROPSTREAM_70.columns[::-1]))) == {"created": 1}
