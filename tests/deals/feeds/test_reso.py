"""RESO Web API: paging that loses nothing, both styles of states, and what an MLS refuses."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.feeds.accepting import digest_of
from apps.deals.feeds.providers.reso import Reso
from apps.deals.feeds.providers.reso_listing import WANTED, cells_of
from apps.deals.feeds.types import (
    FeedRejected,
    FeedThrottled,
    FeedUnauthorized,
    FeedUnavailable,
    Record,
)
from tests.conftest import SHARED_DATA
from tests.deals.feeds.conftest import Said, imported
from tests.deals.feeds.mls import Mls, edmx, http_date

TOKEN = {"token": "abc"}


def read_all(vendor, options, watermark, secrets=TOKEN, between=lambda: None):
    """Every page of one reading: (records, watermark at its end)."""
    records, token = [], ""
    for _ in range(500):
        page = Reso().read_page(
            {"url": f"{vendor.url}/odata", **options}, secrets, watermark, token
        )
        records += page.records
        watermark, token = page.watermark, page.next_token
        if not token:
            return records, watermark
        between()
    raise AssertionError("the reading does not end")


CHANGES = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from("ABCDEFGHIJ"), st.integers(1, 9)), max_size=8
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), max_size=10),
    between=st.lists(CHANGES, max_size=12),
    size=st.integers(1, 4),
    links=st.sampled_from(["cursor", "offset", "relative", "none"]),
    skew=st.integers(-100, 100),
)
def test_every_version_arrives_whatever_changes_while_we_page(
    vendor, first, between, size, links, skew
):
    """Any page size, any ties, listings changed, new and deleted between pages and runs, killed
    after any page: what the MLS says at the end is what we have heard, and what did not change
    is not new to us."""
    mls = Mls(links=links)
    for number, (step, price) in enumerate(first):
        mls.tick += step
        mls.listings["ABCDEFGHIJ"[number]] = (mls.tick, price)
    vendor.reply = mls.reply
    changes = iter(between)
    known: dict[str, bytes] = {}

    def change() -> None:
        for step, key, price in next(changes, []):
            mls.tick += step
            mls.listings[key] = (mls.tick, price)
            if price == 9:
                del mls.listings[key]
        vendor.clock = http_date(mls.tick, skew)

    vendor.clock = http_date(mls.tick, skew)
    watermark: dict = {}
    for turn in range(6):
        token = ""
        while True:
            asked = {"url": f"{vendor.url}/odata", "page_size": size}
            page = Reso().read_page(asked, TOKEN, watermark, token)
            for record in page.records:
                known[record.key] = digest_of(record)
            watermark, token = json.loads(json.dumps([page.watermark, page.next_token]))
            change()
            # Every second run dies after its first page and begins at the watermark.
            if not token or turn % 2:
                break
    for turn in range(2):
        records, watermark = read_all(vendor, {"page_size": size}, watermark)
        fresh = [record for record in records if known.get(record.key) != digest_of(record)]
        known |= {record.key: digest_of(record) for record in records}
        if turn:
            assert fresh == []
    for key in mls.listings:
        raw = mls.raw(key)
        assert known[key] == digest_of(Record(key, cells_of(raw), raw))


def test_a_quiet_feed_is_read_from_where_it_was_left(vendor):
    mls = Mls({f"K{n:03}": (n, 5) for n in range(50)})
    vendor.reply, vendor.clock = mls.reply, http_date(900)
    records, watermark = read_all(vendor, {"page_size": 7}, {})
    assert [record.key for record in records] == [f"K{n:03}" for n in range(50)]
    vendor.asked.clear()
    records, _ = read_all(vendor, {"page_size": 7}, watermark)
    # Only what shares the last moment is met again.
    assert [record.key for record in records] == ["K049"]
    assert len(vendor.asked) == 1


def test_top_is_the_end_of_a_question_not_of_the_feed(vendor):
    """The server pages by two, ends at $top=5, and gives no link there."""
    mls = Mls({f"K{n:03}": (n, 5) for n in range(23)}, server_page=2, links="capped")
    vendor.reply, vendor.clock = mls.reply, http_date(900)
    records, _ = read_all(vendor, {"page_size": 5}, {})
    assert [record.key for record in records] == [f"K{n:03}" for n in range(23)]


def test_a_server_that_takes_no_notice_of_our_place_is_read_once(vendor):
    same = Mls({f"K{n}": (n, 5) for n in range(4)})
    page = [same.raw(f"K{n}") for n in range(4)]
    vendor.reply = lambda asked: Said({"value": page})
    records, _ = read_all(vendor, {"page_size": 4}, {"select": []})
    assert {record.key for record in records} == {"K0", "K1", "K2", "K3"}
    assert len(vendor.asked) == 2


def test_metadata_is_read_once_and_only_what_we_use_is_asked_for(vendor):
    mls = Mls({"A": (1, 5)}, metadata=edmx("ListingKey", "ModificationTimestamp", "ListPrice"))
    vendor.reply = mls.reply
    _, watermark = read_all(vendor, {}, {})
    read_all(vendor, {}, watermark)
    assert [asked.path for asked in vendor.asked] == [
        "/odata/$metadata", "/odata/Property", "/odata/Property"
    ]  # fmt: skip
    assert {asked.query["$select"] for asked in vendor.asked[1:]} == {
        "ListingKey,ModificationTimestamp,ListPrice"
    }
    assert vendor.asked[1].query["$orderby"] == "ModificationTimestamp,ListingKey"
    assert vendor.asked[1].headers["authorization"] == "Bearer abc"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<a", b"{}", b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_read_is_done_without(vendor, body):
    vendor.reply = Mls({"A": (1, 5)}, metadata=body).reply
    records, watermark = read_all(vendor, {}, {})
    assert len(records) == 1
    assert watermark["select"] == []


@pytest.mark.parametrize(
    "status_type, wanted",
    [
        ("Edm.String", "(StandardStatus eq 'Active Under Contract')"),
        ("", "(StandardStatus eq 'Active Under Contract')"),
        ("org.reso.Status", "(StandardStatus eq org.reso.Status'ActiveUnderContract')"),
    ],
)
def test_states_are_asked_for_in_the_style_of_the_service(vendor, status_type, wanted):
    vendor.reply = lambda asked: Said({"value": []})
    options = {
        "url": vendor.url,
        "statuses": ["Active Under Contract"],
        "filter": "City eq 'Derby'",
    }
    watermark = {"select": [], "status_type": status_type}
    Reso().read_page(options, TOKEN, watermark, "")
    assert vendor.asked[0].query["$filter"] == f"{wanted} and (City eq 'Derby')"


def test_both_styles_of_states_read_the_same():
    one = cells_of({"ListingKey": "A", "StandardStatus": "ActiveUnderContract"})
    assert one == cells_of({"ListingKey": "A", "StandardStatus": "Active Under Contract"})
    assert one["mls_status"] == "Active Under Contract"


def test_a_listing_in_our_words():
    cells = cells_of(
        {
            "ListingKey": "A1", "ModificationTimestamp": "2026-03-02T10:00:00.5-05:00",
            "StandardStatus": "Expired", "ExpirationDate": "2026-03-01", "ListPrice": 250000.0,
            "StreetNumber": "12", "StreetDirPrefix": "N", "StreetName": "Elm", "StreetSuffix": "St",
            "UnitNumber": "2", "City": "Derby", "StateOrProvince": "CT", "PostalCode": "06418",
            "LivingArea": 100, "LivingAreaUnits": "SquareMeters", "LotSizeArea": 0.5,
            "LotSizeUnits": "Acres", "BathroomsFull": 2, "BathroomsHalf": 1, "TaxAssessedValue": 0,
            "SpecialListingConditions": ["NoticeOfDefault", "Standard"], "ACME_Local": "x",
            "Latitude": 41.3, "Longitude": -73.1, "YearBuilt": None, "PublicRemarks": "as is",
        }
    )  # fmt: skip
    assert cells == {
        "external_id": "A1", "as_of": "2026-03-02", "mls_status": "Expired", "mls_on": "2026-03-01",
        "mls_amount": "250000", "line": "12 N Elm St", "unit": "2", "city": "Derby", "state": "CT",
        "zip": "06418", "building_sqft": "1076", "lot_acres": "0.5", "bathrooms": "2.5",
        "signals": "failed_listing:2026-03-01|pre_foreclosure", "latitude": "41.3",
        "longitude": "-73.1",
    }  # fmt: skip


@pytest.mark.parametrize("raw", [None, 1, "x", [], {}, {"ListingKey": {"a": 1}, "City": ["x"]}])
def test_what_is_no_listing_still_becomes_a_record(vendor, raw):
    vendor.reply = lambda asked: Said({"value": [raw]})
    page = Reso().read_page({"url": vendor.url}, TOKEN, {"select": []}, "")
    assert len(page.records) == 1
    assert page.records[0].raw == raw


def oauth(vendor, *, lives=3600, refuse_first=False):
    tokens = iter(["t1", "t2", "t3"])
    good = []

    def reply(asked):
        if asked.path == "/token":
            good[:] = [next(tokens)]
            return Said({"access_token": good[0], "expires_in": lives, "token_type": "Bearer"})
        if asked.headers["authorization"] != f"Bearer {good[0]}":
            return Said({"error": "expired"}, 401)
        return Said({"value": []})

    vendor.reply = reply
    return {"url": vendor.url, "token_url": f"{vendor.url}/token", "scope": "api"}, good


def test_client_credentials_fetch_a_token_and_keep_it(vendor):
    options, _ = oauth(vendor)
    secrets = {"client_id": "me & co", "client_secret": "kept"}
    for _ in range(3):
        Reso().read_page(options, secrets, {"select": []}, "")
    assert [asked.path for asked in vendor.asked].count("/token") == 1
    assert vendor.asked[0].body == (
        b"grant_type=client_credentials&client_id=me+%26+co&client_secret=kept&scope=api"
    )


def test_a_token_that_is_refused_is_fetched_anew_once(vendor):
    options, good = oauth(vendor)
    secrets = {"client_id": "me", "client_secret": "revoked"}
    Reso().read_page(options, secrets, {"select": []}, "")
    good[:] = ["another"]
    page = Reso().read_page(options, secrets, {"select": []}, "")
    assert page.records == []


def test_a_wrong_client_is_told_as_a_refused_key(vendor):
    vendor.reply = lambda asked: Said({"error": "invalid_client"}, 400)
    options = {"url": vendor.url, "token_url": f"{vendor.url}/token"}
    with pytest.raises(FeedUnauthorized):
        Reso().read_page(options, {"client_id": "a", "client_secret": "wrong"}, {"select": []}, "")


@pytest.mark.parametrize(
    "said, error, detail, wait",
    [
        (Said({"error": {"message": "Bad token"}}, 401), FeedUnauthorized, "401", None),
        (Said({}, 403), FeedUnauthorized, "403", None),
        (
            Said({"error": {"code": "1", "message": "Unknown field Foo"}}, 400),
            FeedRejected, "Unknown field Foo (400)", None,
        ),
        (Said(b"<html>", 404), FeedRejected, "no reason was given (404)", None),
        (Said({}, 429, {"Retry-After": "90"}), FeedThrottled, "429", 90.0),
        (Said({}, 429), FeedThrottled, "429", None),
        (Said({}, 503, {"Retry-After": "5"}), FeedUnavailable, "it answered 503.", 5.0),
        (Said(b"not json"), FeedUnavailable, "the answer is no JSON.", None),
        (Said(b"[" * 100_000), FeedUnavailable, "the answer is no JSON.", None),
        (Said([1]), FeedUnavailable, "it holds no list of listings.", None),
        (Said({"value": {}}), FeedUnavailable, "it holds no list of listings.", None),
        (Said({}, 302, {"Location": "http://169.254.169.254/"}), FeedRejected,
         "it sent us on to another address (302).", None),
        (
            Said({"value": [], "@odata.nextLink": "https://evil.example.com/Property"}),
            FeedUnavailable, "its next page lies on another machine.", None,
        ),
    ],
)  # fmt: skip
def test_what_an_mls_may_answer_instead(vendor, said, error, detail, wait):
    vendor.reply = lambda asked: said
    with pytest.raises(error) as failed:
        Reso().read_page({"url": vendor.url}, TOKEN, {"select": []}, "")
    assert (failed.value.detail, failed.value.retry_after) == (detail, wait)


def test_retry_after_may_be_a_date(vendor, monkeypatch, now):
    monkeypatch.setattr("apps.deals.feeds.providers.answers.now", lambda: now)
    later = (now + timedelta(minutes=3)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    vendor.reply = lambda asked: Said({}, 429, {"Retry-After": later})
    with pytest.raises(FeedThrottled) as failed:
        Reso().read_page({"url": vendor.url}, TOKEN, {"select": []}, "")
    assert failed.value.retry_after == 180.0


@pytest.mark.shared_data
def test_the_three_pages_of_the_sample_feed(vendor, make_source, poll):
    pages = json.loads((SHARED_DATA / "reso/reso_property_feed_3_pages.json").read_text())["pages"]
    for number, page in enumerate(pages):
        if "@odata.nextLink" in page:
            link = page["@odata.nextLink"].partition("/odata/")[2]
            page["@odata.nextLink"] = link if number else f"{vendor.url}/odata/{link}"

    def reply(asked):
        if asked.path.endswith("$metadata"):
            return Said(edmx(*WANTED))
        return Said(pages[int(asked.query.get("$skiptoken", 0)) // 10])

    vendor.reply = reply
    source = make_source("reso", {"url": f"{vendor.url}/odata"}, TOKEN)
    run = poll()
    assert (run.state, run.page_count, run.record_count) == ("done", 3, 30)
    rows = imported(source)
    assert len({row["external_id"] for row in rows}) == 30
    assert {row["mls_status"] for row in rows} == {
        "Active", "Active Under Contract", "Pending", "Closed", "Expired", "Withdrawn", "Canceled",
        "Coming Soon",
    }  # fmt: skip
    closed = [row for row in rows if row["mls_status"] == "Closed"]
    assert all(row["last_sale_on"] and row["last_sale_amount"] for row in closed)
    assert all(row["line"] and row["city"] and row["state"] == "CT" for row in rows)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name", ["good-property-payload", "good-property-payload-null", "good-property-payload-count"]
)
def test_payloads_of_the_certification_tool(vendor, name):
    body = json.loads((SHARED_DATA / f"reso/reso_commander_{name}.json").read_text())
    vendor.reply = lambda asked: Said(body)
    page = Reso().read_page({"url": vendor.url}, TOKEN, {"select": []}, "")
    assert [record.key for record in page.records] == ["abc123"]
    if "null" not in name:
        assert page.records[0].cells["mls_status"] == "Active Under Contract"
        assert page.records[0].cells["mls_amount"] == "100000"
