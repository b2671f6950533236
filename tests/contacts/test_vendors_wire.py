"""Each vendor's wire: what is asked, how answers are read, and who paid when it goes wrong."""

from __future__ import annotations

import base64
import csv
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.contacts.providers import base
from apps.contacts.providers.batchdata import BatchDataV1, BatchDataV3
from apps.contacts.providers.choosing import is_same_person, ranked
from apps.contacts.providers.realestateapi import RealEstateApi
from apps.contacts.providers.twilio_lookup import TwilioLookup
from apps.contacts.types import PostalAddress, TracedPhone, TraceQuery, TraceResult
from tests.conftest import SHARED_DATA
from tests.contacts.wire import Reply

HOUSE = PostalAddress("2 Clifton St", "New Haven", "CT", "06513")
ANN = TraceQuery(
    "Ann Example", "12 Elm St", "New Haven", "CT", "06511", "Ann", "Example", "q1", HOUSE
)


def person_v1(name: str, ref: str = "q1", **more):
    first, last = name.split()
    return {
        "name": {"first": first, "last": last, "full": name},
        "phoneNumbers": [
            {"number": "2035550111", "type": "Land Line", "dnc": True, "score": 20,
             "reachable": False, "carrier": "EXAMPLE"},
            {"number": "2035550112", "type": "Mobile", "dnc": False, "score": 98,
             "reachable": True, "lastReportedDate": "2025-03-01T00:00:00.000Z"},
        ],
        "emails": [{"email": "ann@example.com", "tested": True}],
        "litigator": False,
        "death": {"deceased": False},
        "dnc": {"tcpa": False},
        "request": {"requestId": ref},
        "meta": {"matched": True, "error": False},
        **more,
    }  # fmt: skip


def answer_v1(*persons, matches=None):
    count = len(persons) if matches is None else matches
    return {
        "status": {"code": 200, "text": "OK"},
        "results": {"persons": list(persons), "meta": {"results": {"matchCount": count}}},
    }


def entry_v3(ref: str, persons, index=0):
    return {
        "inputIndex": index,
        "input": {"requestId": ref},
        "persons": persons,
        "meta": {"matched": bool(persons), "error": False},
    }


def person_v3(name: str, number: str, **more):
    return {
        "propertyOwner": True,
        "name": {"full": name},
        "phones": [{"rank": 1, "number": number, "type": "Mobile", "dnc": False, "tcpa": False}],
        "emails": [],
        "litigator": False,
        "deceased": False,
        **more,
    }


def test_v1_asks_for_litigators_numbers_and_ranks_the_phones(web) -> None:
    web.answer = lambda call: Reply(200, answer_v1(person_v1("Ann Example")))
    result = BatchDataV1(key="secret", base_url=web.url).trace(ANN)
    [call] = web.calls
    assert (call.method, call.path) == ("POST", "/api/v1/property/skip-trace")
    assert call.headers["authorization"] == "Bearer secret"
    assert call.body["options"] == {"includeTCPABlacklistedPhones": True}
    assert call.body["requests"][0] == {
        "requestId": "q1",
        "propertyAddress": {
            "street": "2 Clifton St", "city": "New Haven", "state": "CT", "zip": "06513",
        },
        "name": {"first": "Ann", "last": "Example"},
    }  # fmt: skip
    assert [(phone.number, phone.line_type, phone.is_dnc) for phone in result.phones] == [
        ("2035550112", "mobile", False),
        ("2035550111", "landline", True),
    ]
    assert result.cost_amount == Decimal("0.10")
    assert result.is_match


def test_somebody_elses_phones_are_never_the_owners(web) -> None:
    web.answer = lambda call: Reply(200, answer_v1(person_v1("Bob Tenant")))
    result = BatchDataV1(key="k", base_url=web.url).trace(ANN)
    assert result.phones == ()
    assert [person.name for person in result.candidates] == ["Bob Tenant"]
    assert not result.is_match
    assert result.cost_amount == Decimal("0.10")


def test_a_litigator_of_v1_has_no_phones_and_is_enough(web) -> None:
    person = person_v1("Ann Example", phoneNumbers=[], litigator=True, emails=[])
    web.answer = lambda call: Reply(200, answer_v1(person))
    result = BatchDataV1(key="k", base_url=web.url).trace(ANN)
    assert (result.is_litigator, result.is_enough, result.phones) == (True, True, ())


def test_v1_gives_each_question_its_own_persons(web) -> None:
    other = TraceQuery("Cy Owner", "1 Oak St", "Derby", "CT", "06418", "Cy", "Owner", "q2")
    nobody = TraceQuery("Di Gone", "3 Ash St", "Derby", "CT", "06418", "Di", "Gone", "q3")
    by_address = person_v1("Cy Owner", request={
        "propertyAddress": {"street": "1 OAK ST.", "zip": "06418-1234"}
    })  # fmt: skip
    web.answer = lambda call: Reply(200, answer_v1(by_address, person_v1("Ann Example")))
    provider = BatchDataV1(key="k", base_url=web.url)
    results = provider.trace_many([ANN, other, nobody])
    assert [len(result.phones) for result in results] == [2, 2, 0]
    assert [result.cost_amount for result in results] == [Decimal("0.10")] * 2 + [0]


def test_a_person_nobody_asked_for_leaves_the_empty_questions_unsure(web) -> None:
    other = TraceQuery("Cy Owner", "1 Oak St", "Derby", "CT", "06418", "Cy", "Owner", "q2")
    stray = person_v1("Cy Owner", ref="of another life")
    web.answer = lambda call: Reply(200, answer_v1(person_v1("Ann Example"), stray))
    found, unsure = BatchDataV1(key="k", base_url=web.url).trace_many([ANN, other])
    assert isinstance(found, TraceResult)
    assert isinstance(unsure, base.AnswerLost)


def test_v3_reads_by_its_own_mark_whatever_the_order(web) -> None:
    other = TraceQuery("Cy Owner", "1 Oak St", "Derby", "CT", "06418", "Cy", "Owner", "q2")
    entries = [
        entry_v3("q2", [person_v3("Cy Owner", "2035550122", litigator=True)], index=0),
        entry_v3("q1", [
            person_v3("Ann Example", "2035550121"),
            person_v3("Sam Example", "2035550123", propertyOwner=False),
        ], index=1),
    ]  # fmt: skip
    web.answer = lambda call: Reply(200, {"result": {"data": entries}})
    ann, cy = BatchDataV3(key="k", base_url=web.url).trace_many([ANN, other])
    assert web.calls[0].path == "/api/v3/property/skip-trace"
    assert [phone.number for phone in ann.phones] == ["2035550121"]
    assert [person.name for person in ann.candidates] == ["Sam Example"]
    assert cy.is_litigator


def test_v3_that_forgets_a_question_may_have_charged_for_it(web) -> None:
    other = TraceQuery("Cy Owner", "1 Oak St", "Derby", "CT", "06418", "Cy", "Owner", "q2")
    web.answer = lambda call: Reply(200, {"result": {"data": [entry_v3("q1", [])]}})
    none, lost = BatchDataV3(key="k", base_url=web.url).trace_many([ANN, other])
    assert none.cost_amount == 0
    assert isinstance(lost, base.AnswerLost)


def reapi_answer(**identity):
    return {
        "statusCode": 200,
        "match": True,
        "output": {
            "identity": {
                "names": [{"firstName": "Ann", "middleName": "J", "lastName": "Example"}],
                "phones": [
                    {"phone": "2035550131", "isConnected": True, "doNotCall": True,
                     "phoneType": "landline"},
                    {"phone": "(203) 555-0131", "isConnected": False, "doNotCall": False,
                     "phoneType": "landline"},
                ],
                "emails": [{"email": "ann@example.com"}, {"email": "ann@example.com"}],
                **identity,
            },
            "demographics": {"deceased": False},
        },
    }  # fmt: skip


def test_realestateapi_keeps_every_warning_of_a_number_told_twice(web) -> None:
    web.answer = lambda call: Reply(200, reapi_answer())
    result = RealEstateApi(key="secret", base_url=web.url).trace(ANN)
    [call] = web.calls
    assert (call.method, call.path) == ("POST", "/v1/SkipTrace")
    assert call.headers["x-api-key"] == "secret"
    assert call.body["last_name"] == "Example"
    assert call.body["address"] == "2 Clifton St"
    assert call.body["mail_address"] == "12 Elm St"
    [phone] = result.phones
    assert (phone.is_dnc, phone.is_reachable) == (True, True)
    assert result.emails == ("ann@example.com",)
    assert result.cost_amount == Decimal("0.12")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"statusCode": 200, "match": False}),
        Reply(404, {"statusCode": 404, "statusMessage": "Not Found"}),
        Reply(200, {"statusCode": 404, "statusMessage": "Not Found", "data": {}}),
    ],
)
def test_realestateapi_without_a_match_costs_nothing(web, reply) -> None:
    web.answer = lambda call: reply
    result = RealEstateApi(key="k", base_url=web.url).trace(ANN)
    assert (result.is_match, result.cost_amount) == (False, 0)


LOST, FREE = base.AnswerLost, base.TraceUnavailable
ENDS = [
    (Reply(401, {"message": "Invalid key"}), base.KeyRefused),
    (Reply(403, b"<html>"), base.KeyRefused),
    (Reply(402, {}), base.OutOfCredit),
    (Reply(429, {}, {"Retry-After": "90"}), base.RateLimited),
    (Reply(400, {"message": "no"}), base.RequestRefused),
    (Reply(500, b""), FREE),
    (Reply(503, {"error": ["not", "words"]}), FREE),
    (Reply(502, b"<html>"), LOST),
    (Reply(504, b""), LOST),
    (Reply(200, None), LOST),
    (Reply(200, b"not json"), LOST),
    (Reply(200, b"[" * 100_000), LOST),
    (Reply(200, []), LOST),
    (Reply(200, b'"' + b"x" * (6 * 1024 * 1024) + b'"'), LOST),
    (Reply(302, b"", {"Location": "http://169.254.169.254/"}), FREE),
]


@pytest.mark.parametrize(("reply", "kind"), ENDS)
@pytest.mark.parametrize("vendor", ["v1", "v3", "reapi", "twilio"])
def test_every_end_says_what_became_of_the_money(web, vendor, reply, kind) -> None:
    web.answer = lambda call: reply
    ask = {
        "v1": lambda: BatchDataV1(key="k", base_url=web.url).trace(ANN),
        "v3": lambda: BatchDataV3(key="k", base_url=web.url).trace(ANN),
        "reapi": lambda: RealEstateApi(key="k", base_url=web.url).trace(ANN),
        "twilio": lambda: TwilioLookup(account_sid="AC1", auth_token="t", base_url=web.url).look_up(
            "+12035550111"
        ),
    }[vendor]
    with pytest.raises(kind) as raised:
        ask()
    assert type(raised.value) is kind
    assert len(web.calls) == 1
    assert str(raised.value)[0].isupper()
    if kind is base.RateLimited:
        assert raised.value.pause == timedelta(seconds=90)


def test_a_port_nobody_listens_on_was_not_charged(settings) -> None:
    settings.OUTBOUND_HOSTS = ["127.0.0.1:9"]
    with pytest.raises(base.TraceUnavailable):
        BatchDataV1(key="k", base_url="http://127.0.0.1:9").trace(ANN)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://10.0.0.1", "ftp://x", "nonsense"])
def test_an_address_inside_is_not_called(url) -> None:
    with pytest.raises(base.KeyRefused):
        BatchDataV1(key="k", base_url=url).trace(ANN)


def test_a_key_with_a_line_break_is_refused_and_not_sent(web) -> None:
    with pytest.raises((base.KeyRefused, base.TraceUnavailable)):
        BatchDataV1(key="a\r\nX-Evil: 1", base_url=web.url).trace(ANN)
    assert web.calls == []


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
KEYS = st.sampled_from([
    "results", "result", "data", "persons", "name", "full", "phoneNumbers", "phones", "number",
    "emails", "email", "meta", "error", "matched", "matchCount", "request", "input", "requestId",
    "inputIndex", "output", "identity", "names", "demographics", "match", "statusCode", "valid",
    "validation_errors", "line_type_intelligence", "line_status", "type", "status", "error_code",
    "score", "rank", "lastReportedDate", "litigator", "death", "deceased", "dnc", "tcpa",
])  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6)
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=8)


@given(OBJECTS)
def test_no_answer_of_a_wrong_type_surprises_an_adapter(content) -> None:
    other = TraceQuery("Cy Owner", "1 Oak St", "Derby", "CT", "06418", "Cy", "Owner", "q2")
    for provider in (BatchDataV1(key="k"), BatchDataV3(key="k")):
        for queries in ([ANN], [ANN, other]):
            outcomes = provider.read(content, queries)
            assert len(outcomes) == len(queries)
            assert all(isinstance(one, TraceResult | FREE | LOST) for one in outcomes)
    for read in (
        lambda: RealEstateApi(key="k").read(content, ANN),
        lambda: TwilioLookup(account_sid="AC1", auth_token="t").read(content),
    ):
        try:
            read()
        except (FREE, LOST):
            continue


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("Ann Example", "ANN EXAMPLE", True),
        ("Ann Example", "Ann Q. Example", True),
        ("Ann Example", "A Example", True),
        ("Ann Example", "Anna Example", False),
        ("Ann Example", "Bob Example", False),
        ("Ann Example", "Ann Sample", False),
        ("Example Homes LLC", "EXAMPLE HOMES, LLC", True),
        ("Example Homes LLC", "Ann Example", False),
        ("", "Ann Example", False),
        ("Ann Example", "", False),
    ],
)
def test_who_counts_as_the_owner(ours, theirs, expected) -> None:
    assert is_same_person(TraceQuery(ours, "", "", "", ""), theirs) is expected


PHONES = st.lists(
    st.builds(
        TracedPhone,
        st.sampled_from(["2035550100", "(203) 555-0100", "2035550101", "junk"]),
        st.just("mobile"),
        st.booleans(),
        is_tcpa=st.booleans(),
        is_reachable=st.none() | st.booleans(),
        score=st.integers(0, 100),
    ),
    max_size=8,
)


@given(PHONES)
def test_ranking_joins_numbers_and_loses_no_warning(phones) -> None:
    result = ranked(phones)
    assert len(result) == len({p.number.replace("(203) 555-", "203555") for p in phones})
    assert any(p.is_tcpa for p in phones) == any(p.is_tcpa for p in result)
    assert any(p.is_dnc for p in phones) == any(p.is_dnc for p in result)
    flags = [p.is_tcpa for p in result]
    assert flags == sorted(flags)


def lookup_answer(**more):
    return {
        "calling_country_code": "1",
        "country_code": "US",
        "phone_number": "+12035550111",
        "national_format": "(203) 555-0111",
        "valid": True,
        "validation_errors": [],
        "line_type_intelligence": {
            "type": "nonFixedVoip", "carrier_name": "Example Tel", "error_code": None,
        },
        **more,
    }  # fmt: skip


def twilio(web) -> TwilioLookup:
    return TwilioLookup(account_sid="AC1", auth_token="token", base_url=web.url)


def test_twilio_is_asked_with_basic_auth_and_answers_a_line(web) -> None:
    web.answer = lambda call: Reply(200, lookup_answer())
    result = twilio(web).look_up("+12035550111")
    [call] = web.calls
    assert (call.method, call.path) == (
        "GET",
        "/v2/PhoneNumbers/+12035550111?Fields=line_type_intelligence",
    )
    pair = base64.b64decode(call.headers["authorization"].removeprefix("Basic "))
    assert pair == b"AC1:token"
    assert (result.line_type, result.carrier, result.is_bad) == ("voip", "Example Tel", False)
    assert result.cost_amount == Decimal("0.008")


@pytest.mark.parametrize(
    ("reply", "cost"),
    [
        (Reply(404, {"code": 20404, "message": "The requested resource was not found"}), 0),
        (Reply(200, lookup_answer(valid=False, validation_errors=["TOO_SHORT"])), 0),
        (Reply(200, lookup_answer(line_type_intelligence={"error_code": 60600})), "0.008"),
        (Reply(200, lookup_answer(line_status={"status": "inactive"})), "0.008"),
    ],
)
def test_numbers_that_do_not_work_are_an_answer(web, reply, cost) -> None:
    web.answer = lambda call: reply
    result = twilio(web).look_up("+12035550111")
    assert result.is_bad
    assert result.note
    assert result.cost_amount == Decimal(cost)


SHARED = SHARED_DATA / "property_apis"


def shared(name: str):
    return json.loads((SHARED / name).read_text(encoding="utf-8"))


@pytest.mark.shared_data
def test_the_vendors_own_v1_answer(web) -> None:
    content = shared("batchdata_v1_skiptrace_response_filled.json")
    queries = []
    for row in content["results"]["persons"]:
        address = row["request"]["propertyAddress"]
        queries.append(TraceQuery(
            row["name"]["full"], address["street"], address["city"], address["state"],
            address["zip"], row["name"]["first"], row["name"]["last"], row["_id"],
        ))  # fmt: skip
    web.answer = lambda call: Reply(200, content)
    first, litigator, deceased = BatchDataV1(key="k", base_url=web.url).trace_many(queries)
    assert [(p.number, p.line_type, p.is_dnc, p.is_reachable) for p in first.phones] == [
        ("2035550103", "mobile", False, True),
        ("2035550104", "landline", True, True),
        ("2035550105", "mobile", False, False),
    ]
    assert first.phones[0].carrier == "VERIZON WIRELESS"
    assert (litigator.is_litigator, litigator.phones) == (True, ())
    assert deceased.is_deceased


@pytest.mark.shared_data
def test_the_vendors_own_v3_answer(web) -> None:
    content = shared("batchdata_v3_skiptrace_response_filled.json")
    queries = []
    for entry in content["result"]["data"]:
        address = entry["input"]["propertyAddress"]
        owner = entry["property"]["owners"][0]["name"]
        queries.append(TraceQuery(
            owner["full"], address["street"], address["city"], address["state"], address["zip"],
            owner["first"], owner["last"], entry["input"]["requestId"],
        ))  # fmt: skip
    web.answer = lambda call: Reply(200, content)
    results = BatchDataV3(key="k", base_url=web.url).trace_many(queries)
    assert [len(result.phones) for result in results] == [2, 2, 0, 2]
    assert [person.name for person in results[0].candidates] == ["Sam Tammaro"]
    assert results[1].is_litigator
    assert [phone.is_tcpa for phone in results[1].phones] == [False, True]
    assert results[2].cost_amount == 0
    assert results[3].is_deceased


@pytest.mark.shared_data
def test_the_documented_v3_skeleton_is_read_without_a_match(web) -> None:
    content = shared("batchdata_v3_skiptrace_response_skeleton.json")
    [outcome] = BatchDataV3(key="k").read(content, [ANN])
    assert isinstance(outcome, TraceResult | FREE | LOST)


@pytest.mark.shared_data
def test_realestateapis_own_answers(web) -> None:
    content = shared("reapi_skiptrace_response.json")
    query = TraceQuery("John Example", "", "", "", "", "John", "Example")
    result = RealEstateApi(key="k").read(content, query)
    [person] = result.candidates
    assert next((p.is_dnc, p.is_reachable) for p in person.phones) == (True, True)
    for error in shared("reapi_error_responses.json").values():
        status = error["statusCode"]
        web.answer = lambda call, status=status, error=error: Reply(status, error)
        if status == 404:
            assert RealEstateApi(key="k", base_url=web.url).trace(ANN).cost_amount == 0
        else:
            with pytest.raises(base.RequestRefused, match=str(status)):
                RealEstateApi(key="k", base_url=web.url).trace(ANN)


def openapi():
    path = SHARED_DATA / "telephony" / "twilio_lookups_v2_subset.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.shared_data
def test_twilios_openapi_knows_our_request_and_our_example_answers(web) -> None:
    spec = openapi()
    path = spec["paths"]["/v2/PhoneNumbers/{PhoneNumber}"]
    fields = next(one for one in path["get"]["parameters"] if one["name"] == "Fields")
    assert "line_type_intelligence" in fields["description"]
    assert spec["components"]["securitySchemes"]["accountSid_authToken"]["scheme"] == "basic"
    schemas = spec["components"]["schemas"]
    types = {"string": str, "boolean": bool, "array": list, "integer": int, "object": dict}

    def conforms(value, schema):
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if value is None:
            return
        assert isinstance(value, types[schema["type"]]), (value, schema)
        for name, inner in value.items() if isinstance(value, dict) else ():
            conforms(inner, schema["properties"][name])

    for content in (
        lookup_answer(),
        lookup_answer(valid=False, validation_errors=["TOO_SHORT"]),
        lookup_answer(line_type_intelligence={"error_code": 60600}),
        lookup_answer(line_status={"status": "inactive", "error_code": None}),
    ):
        conforms(content, schemas["LookupResponse"])
        twilio(web).read(content)


@pytest.mark.shared_data
def test_the_error_codes_we_read_are_twilios(web) -> None:
    path = SHARED_DATA / "telephony" / "twilio_error_codes.csv"
    with path.open(encoding="utf-8") as file:
        words = {row["code"]: row["message"] for row in csv.DictReader(file)}
    assert words["20404"] == "Not Found"
    assert words["60600"] == "Unprovisioned or out of coverage"
    assert words["60610"] == "Phone number outside of coverage"
    for status, code, kind in (
        (401, "20003", base.KeyRefused),
        (429, "20429", base.RateLimited),
        (403, "60606", base.KeyRefused),
    ):
        web.answer = lambda call, s=status, c=code: Reply(s, {"code": int(c), "message": words[c]})
        with pytest.raises(kind, match=words[code]):
            twilio(web).look_up("+12035550111")
