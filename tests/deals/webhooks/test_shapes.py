"""What calls of vendors, forms and programs say, in the importer's words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.deals.feeds.calls.body import CallUnreadable, read_body
from apps.deals.feeds.calls.reading import read_call
from apps.deals.feeds.calls.settings import CallSettings, SettingsInvalid, Shape, settings_of
from apps.deals.feeds.calls.shapes import shape_of, translate
from apps.deals.feeds.calls.shapes.web_form import consent_of
from apps.deals.ingestion.fields import get_field
from tests.conftest import SHARED_DATA
from tests.deals.webhooks.sender import FORM_LEAD

AUTO = CallSettings()
BATCHLEADS = {
    "event": "lead.updated",
    "property": {
        "id": "bl-77",
        "address": {"street": "31 Chapel St", "city": "New Haven", "state": "CT", "zip": "06513"},
        "ids": {"apn": "M:148 L:39", "fipsCode": "09009"},
        "building": {"bedroomCount": 3, "bathroomCount": 1.5, "yearBuilt": 1928},
        "valuation": {"estimatedValue": 249037.0},
        "quickLists": {"vacant": True, "absenteeOwner": True},
        "owner": {
            "fullName": "Pat Sample",
            "mailingAddress": {
                "street": "PO Box 9",
                "city": "Derby",
                "state": "CT",
                "zip": "06418",
            },
        },
    },
    "phones": [
        {"number": "2035550110", "type": "Mobile", "dnc": False, "reachable": True},
        {"number": "2035550111", "type": "Landline", "dnc": True, "carrier": "Example Tel"},
    ],
    "emails": [{"email": "pat@example.com"}],
    "lists": [{"name": "Vacant"}, {"name": "Tax Default"}],
    "tags": ["hot"],
}
BATCHDIALER = {
    "id": 99123,
    "direction": "out",
    "customerNumber": "+12035550121",
    "disposition": "Interested",
    "agent": {"name": "Dialer Agent", "email": "agent@example.com"},
    "campaign": {"id": 4, "name": "Absentee May"},
    "notes": "Call back Friday",
    "contact": {
        "id": 555,
        "firstName": "Pat",
        "lastName": "Sample",
        "address": "44 Elm St",
        "city": "New Haven",
        "state": "CT",
        "zip": "06511",
        "phoneNumbers": [{"number": "2035550120"}, {"number": "2035550121", "type": "Mobile"}],
    },
}


def said(lead, settings=AUTO):
    return translate(lead, settings)


def test_a_web_form_names_person_house_and_wish():
    record = said(FORM_LEAD)
    assert shape_of(FORM_LEAD) == Shape.WEB_FORM
    assert record == {
        "owner_first": "Pat",
        "owner_last": "Sample",
        "phone_1": "(203) 555-0143",
        "email_1": "pat@example.com",
        "line": "12 Elm Street",
        "city": "New Haven",
        "state": "CT",
        "zip": "06511",
        "notes": "Inherited it, want to sell this fall. UTM: google",
    }


def test_a_forms_own_words_are_understood():
    record = said({
        "Your Name": "Pat Sample", "Your Email": "pat@example.com", "Best Phone": "203-555-0143",
        "Property Address": "12 Elm Street, New Haven, CT 06511", "How Soon": "30 days",
        "utm_campaign": "inherited",
    })  # fmt: skip
    assert record["owner_name"] == "Pat Sample"
    assert record["address"] == "12 Elm Street, New Haven, CT 06511"
    assert record["notes"] == "UTM: inherited. Wants: 30 days"


def told_of(lead):
    return consent_of(lead, translate(lead, AUTO))


def test_consent_is_found_wherever_it_stands_and_only_where_it_is():
    trusted = FORM_LEAD | {"xxTrustedFormCertUrl": "https://cert.example.com/1"}
    assert told_of(trusted)["certificate"] == "https://cert.example.com/1"
    assert told_of({"lead": {"tcpa_consent": "yes", "phone": "2035550143"}}) == {
        "agreed": "yes",
        "phone": "2035550143",
    }
    assert told_of({"phone": "2035550143", "ip": "192.0.2.7"}) == {}
    # A consent is for what the importer takes as the phone, not for any number in the call.
    mapped = CallSettings(mapping={"who": "owner_name", "cell": "phone_1"})
    call = {"who": "Pat Sample", "cell": "2035550144", "phone": "2035550143", "consent": "yes"}
    assert consent_of(call, translate(call, mapped)) == {
        "agreed": "yes", "name": "Pat Sample", "phone": "2035550144",
    }  # fmt: skip


def test_a_batchleads_call_brings_house_owner_phones_and_lists():
    record = said(BATCHLEADS)
    assert shape_of(BATCHLEADS) == Shape.BATCHLEADS
    assert record == {
        "line": "31 Chapel St", "city": "New Haven", "state": "CT", "zip": "06513",
        "apn": "M:148 L:39", "fips": "09009",
        "bedrooms": "3", "bathrooms": "1.5", "year_built": "1928",
        "est_value_amount": "249037", "vacant": "Yes",
        "owner_name": "Pat Sample",
        "mailing_line": "PO Box 9", "mailing_city": "Derby", "mailing_state": "CT",
        "mailing_zip": "06418",
        "phone_1": "2035550110", "phone_1_type": "Mobile", "phone_1_dnc": "No",
        "phone_1_reachable": "Yes",
        "phone_2": "2035550111", "phone_2_type": "Landline", "phone_2_dnc": "Yes",
        "phone_2_carrier": "Example Tel",
        "email_1": "pat@example.com",
        "lists": "Vacant, Tax Default, hot",
        "external_id": "bl-77",
    }  # fmt: skip


def test_a_batchdialer_call_brings_the_outcome_and_no_agent():
    record = said(BATCHDIALER)
    assert record == {
        "line": "44 Elm St", "city": "New Haven", "state": "CT", "zip": "06511",
        "owner_first": "Pat", "owner_last": "Sample",
        "phone_1": "2035550120", "phone_2": "2035550121", "phone_2_type": "Mobile",
        "notes": "BatchDialer: Interested. campaign Absentee May. Call back Friday",
        "external_id": "555",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("disposition", "field", "value"),
    [
        ("Do Not Call", "do_not_call", "Yes"),
        ({"name": "DNC - Remove from list"}, "do_not_call", "Yes"),
        ("Wrong Number", "phone_2_reachable", "No"),
        ("Disconnected", "phone_2_reachable", "No"),
    ],
)
def test_an_outcome_that_forbids_or_marks_is_taken_over(disposition, field, value):
    assert said(BATCHDIALER | {"disposition": disposition})[field] == value


def test_an_interested_person_is_not_marked():
    record = said(BATCHDIALER)
    assert "do_not_call" not in record
    assert not any(name.endswith("_reachable") for name in record)


def test_flat_calls_of_programs_are_guessed():
    record = said({
        "owner1FirstName": "Pat", "owner1LastName": "Sample", "propertyStreet": "5 Oak St",
        "property_city": "Derby", "Property State": "CT", "propertyZip": 6418,
        "mailing": {"address": "PO Box 9", "city": "Derby"},
        "phone1": "203 555 0130", "phone_2": "203 555 0131", "phone3": "(203) 555-0130",
        "emailAddress": "pat@example.com", "user": {"name": "Zap Owner", "email": "z@example.com"},
        "est_value": 200000, "parcelNumber": "M1 L2", "tags": "zap",
    })  # fmt: skip
    assert record == {
        "owner_first": "Pat", "owner_last": "Sample", "line": "5 Oak St", "city": "Derby",
        "state": "CT", "zip": "6418", "mailing_address": "PO Box 9", "mailing_city": "Derby",
        "phone_1": "203 555 0130", "phone_2": "203 555 0131", "email_1": "pat@example.com",
        "est_value_amount": "200000", "apn": "M1 L2", "lists": "zap",
    }  # fmt: skip


def test_a_mapping_says_exactly_what_it_says():
    settings = CallSettings(mapping={"a.b.0.c": "line", "x": "city", "y": "city"})
    lead = {"a": {"b": [{"c": "1 Elm St"}]}, "y": "Derby", "phone": "2035550100"}
    assert said(lead, settings) == {"line": "1 Elm St", "city": "Derby"}


def test_a_mapping_to_no_field_is_refused():
    with pytest.raises(SettingsInvalid, match="mapped to hause"):
        settings_of({"mapping": {"a": "hause"}})


def test_envelopes_and_lists_are_opened():
    kind = "application/json"
    assert (
        read_body(json.dumps({"data": {"city": "Derby"}, "event": "x"}).encode(), kind)[0]["city"]
        == "Derby"
    )
    assert len(read_body(b'{"contacts": [{"a": 1}, {"b": 2}]}', kind)) == 2
    assert len(read_body(b'[{"a": 1}, {"b": 2}]', kind)) == 2
    nested = read_body(
        b"contact[phones][0][number]=1&contact[name]=P", "application/x-www-form-urlencoded"
    )
    assert nested == [{"contact": {"phones": {"0": {"number": "1"}}, "name": "P"}}]


@pytest.mark.parametrize(
    "raw", [b"", b"7", b"null", b"[]", b"[1, 2]", b'"text"', b"[" * 50_000, b"{", b"\xff\xfe"]
)
def test_what_is_no_lead_is_said_in_a_sentence(raw):
    with pytest.raises(CallUnreadable, match=r"^The call .*\.$"):
        read_body(raw, "application/json")


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("batchdata_v3_skiptrace_response_filled.json", {"9-11 Mclaughlin Ter"}),
        ("batchdata_v1_skiptrace_response_filled.json", {"2 Clifton St", "719 Orchard St"}),
        ("batchdata_property_search_response_filled.json", {"11-13 Krakow St", "257 S Orchard St"}),
    ],
)
def test_the_vendors_own_answers_are_read_when_a_call_carries_them(name, lines):
    raw = (SHARED_DATA / "property_apis" / name).read_bytes()
    reading = read_call(raw, "application/json", AUTO)
    assert reading.refusal == ""
    assert lines <= {record.get("line") for record in reading.records}
    named = [name for record in reading.records for name in record if name.startswith("owner")]
    assert named


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.text(max_size=8)
        | st.sampled_from(["contact", "phones", "property", "owner", "address", "disposition",
                           "persons", "emails", "name", "lists", "city", "data", "message"]),
        inner, max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(lead=JSON, shape=st.sampled_from(list(Shape)))
def test_any_json_gives_records_of_known_fields_or_a_reason(lead, shape):
    raw = json.dumps(lead).encode()
    reading = read_call(raw, "application/json", CallSettings(shape=shape))
    assert "unexpected error" not in reading.refusal
    assert bool(reading.refusal) != bool(reading.records)
    for record in reading.records:
        for name, text in record.items():
            get_field(name)
            assert isinstance(text, str)
            assert "\x00" not in text


@given(raw=st.binary(max_size=300), kind=st.text(max_size=40) | st.sampled_from([
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]))  # fmt: skip
def test_any_bytes_give_leads_or_a_reason(raw, kind):
    reading = read_call(raw, kind, AUTO)
    assert "unexpected error" not in reading.refusal
