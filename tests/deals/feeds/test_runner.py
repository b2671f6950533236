"""The runner: who reads what when, what a failure leaves, and what a person can do about it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from apps.deals.feeds import rules
from apps.deals.feeds.accepting import accept_page, unpacked
from apps.deals.feeds.actions import (
    SourceNotUsable,
    pause_source,
    request_run,
    resume_source,
    save_source,
)
from apps.deals.feeds.due import claim_source, release
from apps.deals.feeds.providers import provider_of
from apps.deals.feeds.queries import get_source, list_runs, source_figures
from apps.deals.feeds.testing import test_source as try_source
from apps.deals.models import LeadImport, LeadList, LeadSource, SourceRecord, SourceRun
from apps.events.models import Event
from apps.workspaces.vault import unseal
from tests.deals.feeds.conftest import Said, imported

pytestmark = pytest.mark.django_db
SETTINGS = {"what": "properties", "criteria": {"city": "Derby"}, "page_size": 2}
KEY = {"api_key": "k1"}


def houses(count, price=100, **more):
    return [
        {
            "id": f"H{n}",
            "addressLine1": f"{n} Elm St",
            "city": "Derby",
            "state": "CT",
            "lastSalePrice": price,
            **more,
        }
        for n in range(count)
    ]


def serve(vendor, rows):
    def reply(asked):
        begin, size = int(asked.query["offset"]), int(asked.query["limit"])
        return Said(rows[begin : begin + size])

    vendor.reply = reply


@pytest.fixture
def source(vendor, make_source):
    serve(vendor, houses(5))
    return make_source("rentcast", {"url": vendor.url, **SETTINGS}, KEY)


def facts(name):
    return list(Event.objects.filter(name=f"deals.{name}.v1").order_by("id"))


def test_a_run_reads_every_page_and_says_so(source, poll, now):
    run = poll()
    assert (run.state, run.page_count, run.record_count) == ("done", 3, 5)
    source.refresh_from_db()
    assert (source.health, source.failures, source.last_error) == ("ok", 0, "")
    assert (source.last_run_at, source.last_ok_at, source.lease_until) == (now, now, None)
    assert source.next_run_at == now + timedelta(minutes=60)
    assert [row["line"] for row in imported(source)] == [f"{n} Elm St" for n in range(5)]
    pages = facts("source_page_accepted")
    assert [page.payload["changed"] for page in pages] == [2, 2, 1]
    assert [page.payload["is_last"] for page in pages] == [False, False, True]
    assert len(facts("import_started")) == 3
    assert list_runs(source)[0] == run


def test_an_import_carries_its_source(vendor, make_source, poll, laid):
    serve(vendor, houses(1))
    stack = LeadList.objects.create(workspace=laid, name="Derby", key="derby")
    source = make_source(
        "rentcast", {"url": vendor.url, **SETTINGS}, KEY, strength=80, lead_list=stack
    )
    poll()
    held = LeadImport.objects.in_workspace(laid).get()
    assert (held.source, held.strength, held.lead_list) == (source, 80, stack)
    assert (held.vendor, held.state, held.source_label) == ("fields", "queued", "My rentcast")


def test_only_what_changed_is_imported_again(source, vendor, poll, now):
    poll()
    serve(vendor, [*houses(4), *houses(5, price=90)[4:], *houses(6)[5:]])
    run = poll(now + timedelta(hours=1))
    assert (run.state, run.record_count) == ("done", 6)
    assert [row["last_sale_amount"] for row in imported(source)[5:]] == ["90", "100"]
    assert LeadImport.objects.in_workspace(source.workspace).count() == 4
    kept = SourceRecord.objects.get(source=source, key="H4")
    assert unpacked(kept.raw)["lastSalePrice"] == 90
    assert SourceRecord.objects.filter(source=source).count() == 6


def test_nothing_is_due_before_its_time(source, poll, now):
    poll()
    assert poll(now + timedelta(minutes=59)) is None
    assert poll(now + timedelta(minutes=60)) is not None


def test_two_workers_never_hold_one_source(source, now):
    first = claim_source(now)
    assert first is not None
    assert claim_source(now) is None
    assert claim_source(now + rules.LEASE) is None
    second = claim_source(now + rules.LEASE + timedelta(seconds=1))
    assert second is not None
    # The worker that was thought dead left its run to the next one.
    assert second.run == first.run


def test_a_page_that_two_workers_read_is_taken_once(source, system, now):
    reading = claim_source(now)
    page = provider_of("rentcast").read_page(reading.source.settings, KEY, {}, "")
    taken = {"workspace": source.workspace, "actor": system, "source": reading.source, "now": now}
    accept_page(run=reading.run, page=page, **taken)
    again = accept_page(run=reading.run, page=page, **taken)
    assert again.page_count == 1
    assert LeadImport.objects.in_workspace(source.workspace).count() == 1


def test_a_turn_ends_and_the_next_one_goes_on_in_the_middle(source, vendor, poll):
    first = poll(turn_seconds=-1)
    assert (first.state, first.page_count) == ("running", 1)
    run = poll()
    assert (run.pk, run.state, run.page_count) == (first.pk, "done", 3)
    assert [asked.query["offset"] for asked in vendor.asked] == ["0", "2", "4"]
    assert len(imported(source)) == 5


def test_a_source_changed_while_it_is_read_is_read_anew(source, vendor, system, now, poll):
    reading = claim_source(now)
    page = provider_of("rentcast").read_page(reading.source.settings, KEY, {}, "")
    changed = get_source(source.workspace, source.public_id)
    changed.settings = {**changed.settings, "criteria": {"city": "Ansonia"}}
    save_source(workspace=source.workspace, actor=system, source=changed, now=now)
    accept_page(
        workspace=source.workspace,
        actor=system,
        source=reading.source,
        run=reading.run,
        page=page,
        now=now,
    )
    assert imported(source) == []
    release(reading)
    assert poll().state == "done"
    assert vendor.asked[-1].query["city"] == "Ansonia"
    assert len(imported(source)) == 5


@pytest.mark.parametrize(
    "said, sentence, pause",
    [
        (Said({}, 401), "RentCast refused the key (401). Enter it again under Settings.", 60),
        (
            Said({}, 429, {"Retry-After": "7200"}),
            "RentCast asks us to call less often (429). We wait and go on.",
            7200,
        ),
        (
            Said({"message": "Unknown city"}, 400),
            "RentCast did not accept what we asked for: Unknown city (400)."
            " Change it under Settings.",
            60,
        ),
        (
            Said({}, 500),
            "RentCast gave no usable answer: it answered 500. We try again by ourselves.",
            60,
        ),
        (
            Said(b"{"),
            "RentCast gave no usable answer: the answer is no JSON. We try again by ourselves.",
            60,
        ),
    ],
)
def test_a_failure_is_a_sentence_and_a_pause(source, vendor, poll, now, said, sentence, pause):
    vendor.reply = lambda asked: said
    run = poll()
    source.refresh_from_db()
    assert (run.state, run.error, source.last_error) == ("failed", sentence, sentence)
    assert (source.health, source.failures, source.lease_until) == ("failing", 1, None)
    assert source.next_run_at == now + timedelta(seconds=pause)
    assert facts("source_failed")[0].payload["failures"] == 1


def test_pauses_grow_and_one_good_run_ends_them(source, vendor, poll, now):
    vendor.reply = lambda asked: Said({}, 500)
    at, pauses = now, []
    for _ in range(4):
        poll(at)
        source.refresh_from_db()
        pauses.append((source.next_run_at - at).total_seconds())
        at = source.next_run_at
    assert pauses == [60, 120, 240, 480]
    serve(vendor, houses(1))
    poll(at)
    source.refresh_from_db()
    assert (source.health, source.failures, source.last_error) == ("ok", 0, "")


def test_after_a_failure_in_the_middle_the_next_run_begins_there(source, vendor, poll, now):
    rows = houses(5)

    def reply(asked):
        begin = int(asked.query["offset"])
        return Said({}, 429) if begin == 2 else Said(rows[begin : begin + 2])

    vendor.reply = reply
    assert poll().state == "failed"
    assert len(imported(source)) == 2
    serve(vendor, rows)
    run = poll(now + timedelta(minutes=1))
    assert (run.state, run.page_count) == ("done", 2)
    assert len(imported(source)) == 5


def test_what_a_provider_does_not_foresee_is_a_failure_too(source, vendor, poll, monkeypatch):
    def broken(*args):
        raise KeyError("x")

    monkeypatch.setattr(type(provider_of("rentcast")), "read_page", broken)
    run = poll()
    assert run.error.startswith("RentCast gave no usable answer: it cannot be read (KeyError).")


def test_credentials_under_a_lost_key_are_a_sentence(source, poll, settings):
    settings.SECRET_KEY = "another key"
    run = poll()
    assert "SECRET_KEY" in run.error


def test_pause_resume_and_run_now(source, system, poll, now):
    poll()
    acted = {"workspace": source.workspace, "actor": system, "source": source, "now": now}
    request_run(**acted)
    assert poll().state == "done"
    pause_source(**acted)
    pause_source(**acted)
    request_run(**acted)
    source.refresh_from_db()
    assert (source.health, source.next_run_at, poll(now + timedelta(days=9))) == (
        "paused",
        None,
        None,
    )
    resume_source(**acted)
    source.refresh_from_db()
    assert (source.health, source.next_run_at) == ("ok", now)
    assert poll() is not None
    assert [
        len(facts(name)) for name in ("source_paused", "source_resumed", "source_run_requested")
    ] == [1, 1, 1]


def test_a_pause_in_the_middle_keeps_the_page_and_stops(source, system, vendor, poll, now):
    serve(vendor, houses(5))
    plain = vendor.reply

    def reply(asked):
        held = LeadSource.across_workspaces.get()
        if held.is_active:
            LeadSource.across_workspaces.update(is_active=False, health="paused", next_run_at=None)
        return plain(asked)

    page = provider_of("rentcast").read_page(source.settings, KEY, {}, "")
    reading = claim_source(now)
    pause_source(workspace=source.workspace, actor=system, source=source, now=now)
    run = accept_page(
        workspace=source.workspace,
        actor=system,
        source=reading.source,
        run=reading.run,
        page=page,
        now=now,
    )
    source.refresh_from_db()
    assert (run.state, run.page_count, source.health, source.next_run_at) == (
        "running",
        1,
        "paused",
        None,
    )
    assert reply is not plain


def test_saving(laid, system, now, make_source, vendor):
    source = make_source("rentcast", {"url": vendor.url, **SETTINGS}, KEY)
    assert "k1" not in source.credentials
    source.watermark = {"read_at": "x"}
    source.save()
    source.name, source.every_minutes = "Other", 5
    saved = save_source(
        workspace=laid, actor=system, source=source, now=now, secrets={"api_key": ""}
    )
    assert unseal(saved.credentials) == KEY
    assert saved.watermark == {"read_at": "x"}
    saved.settings = {**saved.settings, "criteria": {"city": "Ansonia"}}
    saved = save_source(
        workspace=laid, actor=system, source=saved, now=now, secrets={"api_key": "k2"}
    )
    assert (saved.watermark, unseal(saved.credentials)) == ({}, {"api_key": "k2"})
    told = facts("source_saved")
    assert [fact.payload["reads_from_start"] for fact in told] == [True, False, True]
    assert "k2" not in str([fact.payload for fact in told])


@pytest.mark.parametrize(
    "source_type, values, secrets, sentence",
    [
        ("rentcast", {"what": "properties", "criteria": {"city": "x"}}, {}, "API key is missing."),
        ("rentcast", {"what": "boats", "criteria": {"a": 1}}, KEY, "Records has no choice boats."),
        (
            "rentcast",
            {"what": "properties", "criteria": "x"},
            KEY,
            "Criteria must be a JSON object",
        ),
        ("reso", {"url": "mls.example.com"}, {"token": "t"}, "must begin with https://."),
        ("reso", {"url": "https://mls.example.com"}, {}, "Enter a bearer token, or client id"),
        (
            "socrata",
            {"url": "https://a.example.com/resource/abcd-1234"},
            {},
            "Choose a layout or map",
        ),
        (
            "socrata",
            {"url": "https://a.example.com", "mapping": {"a": "nothing"}},
            {},
            "there is no field nothing.",
        ),
        ("batchdata", {"query": "x", "page_size": 5000}, KEY, "between 1 and 1,000."),
    ],
)
def test_what_cannot_be_saved(make_source, source_type, values, secrets, sentence):
    with pytest.raises(SourceNotUsable, match=sentence.replace(".", r"\.")):
        make_source(source_type, values, secrets)
    assert not LeadSource.across_workspaces.exists()


def test_a_name_stands_for_one_source(make_source, vendor):
    make_source("rentcast", {"url": vendor.url, **SETTINGS}, KEY)
    with pytest.raises(SourceNotUsable, match="Another source is named My rentcast"):
        make_source("rentcast", {"url": vendor.url, **SETTINGS}, KEY)


def test_a_stranger_finds_no_source(source, other_workspace, system, now):
    for act in (pause_source, resume_source, request_run):
        with pytest.raises(LeadSource.DoesNotExist):
            act(workspace=other_workspace, actor=system, source=source, now=now)
    with pytest.raises(LeadSource.DoesNotExist):
        save_source(workspace=other_workspace, actor=system, source=source, now=now)
    with pytest.raises(LeadSource.DoesNotExist):
        get_source(other_workspace, source.public_id)


def test_trying_out(source, vendor):
    assert try_source(source).sentence == "RentCast answered: 0 Elm St, Derby."
    assert vendor.asked[-1].query["limit"] == "1"
    serve(vendor, [])
    assert "has no record of what you ask for" in try_source(source).sentence
    serve(vendor, [{"id": "1"}])
    assert "check the mapping" in try_source(source).sentence
    vendor.reply = lambda asked: Said({}, 401)
    assert try_source(source).sentence.startswith("RentCast refused the key (401).")
    assert not try_source(source).is_ok
    assert vendor.asked[-1].headers["x-api-key"] == "k1"
    try_source(source, {"api_key": "k9"})
    assert vendor.asked[-1].headers["x-api-key"] == "k9"
    assert not SourceRun.across_workspaces.exists()


def test_figures(source, laid, poll, now, django_assert_max_num_queries):
    LeadSource.across_workspaces.update(cost_month_amount=Decimal("50"))
    with time_machine.travel(now, tick=False):
        poll()
    LeadImport.across_workspaces.update(created_count=1)
    with django_assert_max_num_queries(4):
        (figures,) = source_figures(laid, now=now)
    assert (figures.records, figures.runs, figures.failed_runs, figures.rows) == (5, 1, 0, 5)
    assert (figures.created, figures.cost_per_lead_amount) == (3, Decimal("16.67"))
    (figures,) = source_figures(laid, now=now + timedelta(days=31))
    assert (figures.created, figures.cost_per_lead_amount) == (0, None)


@given(st.integers(1, 10_000), st.none() | st.floats(-10, 1e9, allow_nan=False), st.floats(0, 1))
def test_a_pause_is_never_too_short_nor_for_ever(failures, retry_after, chance):
    pause = rules.back_off(failures, retry_after, chance)
    assert timedelta(seconds=45) <= pause <= timedelta(hours=24)
    if retry_after is not None:
        assert pause >= min(timedelta(seconds=max(retry_after, 0)), timedelta(hours=24))


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("5", 5.0),
        ("Fri, 20 Nov 2026 17:01:00 GMT", 60.0),
        ("Fri, 20 Nov 2026 16:00:00 GMT", 0.0),
        ("Friday, 20-Nov-26 17:01:00 GMT", 60.0),
        ("Fri Nov 20 17:01:00 2026", 60.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_retry_after(text, seconds, now):
    assert rules.seconds_until(text, now) == seconds


def test_a_key_goes_only_where_it_was_entered_for(laid, system, now, make_source, vendor):
    source = make_source("rentcast", {"url": vendor.url, **SETTINGS}, KEY)
    source.settings = {**source.settings, "url": "https://elsewhere.example.com"}
    told = try_source(source, {})
    assert (told.is_ok, told.sentence) == (False, "API key is missing.")
    with pytest.raises(SourceNotUsable, match="API key is missing"):
        save_source(workspace=laid, actor=system, source=source, now=now)
    saved = save_source(
        workspace=laid, actor=system, source=source, now=now, secrets={"api_key": "k2"}
    )
    assert unseal(saved.credentials) == {"api_key": "k2"}


def test_history_keeps_no_key(make_source, vendor):
    source = make_source("rentcast", {"url": vendor.url, **SETTINGS}, KEY)
    assert source.credentials
    assert set(source.history.values_list("credentials", flat=True)) == {""}
