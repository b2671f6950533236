"""A list too long to be looked at while a page waits is counted by a worker, to its last row."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from apps.deals.ingestion import limits
from apps.deals.ingestion import preview as preview_module
from apps.deals.ingestion.drafts import confirm_import, discard_import, map_import
from apps.deals.ingestion.due import claim_import, claim_preview
from apps.deals.ingestion.looking import get_preview
from apps.deals.ingestion.previewing import finish_preview, renew_preview, run_preview
from apps.deals.ingestion.tasks import preview_drafts
from apps.deals.ingestion.upsert import Chunk
from apps.deals.ingestion.worker import run_import
from apps.deals.models import ImportPreview, LeadImport, Property
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house
from tests.deals.ingestion.test_preview import draft  # noqa: F401 - a fixture
from tests.deals.ingestion.test_walk import newest, send, step

pytestmark = pytest.mark.django_db
SIX = as_csv(
    [
        *(house(APN=f"A {n}", Address=f"{n} Sample St") for n in range(1, 5)),
        house(APN="A 1", Address="1 Sample St"),
        house(APN="", Address=""),
    ]
)
WHOLE = {"created": 4, "updated": 0, "unchanged": 0, "duplicate": 1, "rejected": 1}
PREVIEWED = "deals.import_previewed.v1"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(limits, "PREVIEW_ROWS", 2)
    monkeypatch.setattr(preview_module, "CHUNK_ROWS", 2)


@pytest.fixture
def held(draft):  # noqa: F811
    return draft(SIX, is_draft=True)


@pytest.fixture
def who(laid, system, now):
    return {"workspace": laid, "actor": system, "now": now}


def ticking(now, *steps):
    """A clock that at its second look, after the first rows, does these steps."""
    looks = []

    def clock():
        looks.append(1)
        if len(looks) == 2:
            for one in steps:
                one()
        return now

    return clock


def test_the_counts_are_those_of_the_run(held, who, now):
    shown = get_preview(held, now=now)
    assert (shown.rows_seen, shown.is_running, shown.is_partial) == (2, True, True)
    run_preview(claim_preview(now), clock=lambda: now)
    shown = get_preview(held, now=now)
    assert (shown.rows_seen, shown.is_running, shown.is_partial) == (6, False, False)
    assert shown.preview.counts == WHOLE
    assert [row.row_no for row in shown.preview.samples["duplicate"]] == [6]
    assert shown.preview.samples["rejected"][0].reason.startswith("No property address")
    assert not Property.across_workspaces.exists()
    fact = Event.objects.get(name=PREVIEWED)
    assert fact.payload["counts"] == WHOLE
    assert claim_preview(now + timedelta(days=1)) is None
    confirm_import(**who, lead_import=held)
    assert run_import(claim_import(now), clock=lambda: now).counts == WHOLE


def test_a_short_draft_and_a_file_that_runs_ask_for_none(draft, laid):  # noqa: F811
    draft(as_csv([house()]), is_draft=True)
    draft(SIX)
    assert not ImportPreview.objects.exists()


def test_one_worker_at_a_time(held, now):
    assert claim_preview(now) is not None
    assert claim_preview(now) is None
    assert claim_preview(now + timedelta(minutes=2)) is not None


def test_another_mapping_stops_it_and_asks_anew(held, who, now):
    less = {name: meant for name, meant in held.mapping.items() if meant != "apn"}

    def remap():
        map_import(**who, lead_import=held, mapping=less, lead_list_name="")

    run_preview(claim_preview(now), clock=ticking(now, remap))
    assert not Event.objects.filter(name=PREVIEWED).exists()
    again = claim_preview(now)
    assert again.rows_seen == 0
    run_preview(again, clock=lambda: now)
    assert get_preview(held, now=now).preview.counts == WHOLE
    assert Event.objects.filter(name=PREVIEWED).count() == 1


@pytest.mark.parametrize("decide", [confirm_import, discard_import])
def test_a_draft_that_is_decided_stops_it(held, who, now, decide):
    asked = claim_preview(now)
    run_preview(asked, clock=ticking(now, lambda: decide(**who, lead_import=held)))
    assert not ImportPreview.objects.exists()
    assert not Event.objects.filter(name=PREVIEWED).exists()
    # Too late to be finished as well.
    finish_preview(workspace=who["workspace"], actor=who["actor"], asked=asked, now=now)
    assert not Event.objects.filter(name=PREVIEWED).exists()
    if decide is confirm_import:
        assert run_import(claim_import(now), clock=lambda: now).counts == WHOLE


def test_whoever_takes_over_begins_again(held, now):
    def die():
        raise OperationalError("the worker was killed")

    with pytest.raises(OperationalError):
        run_preview(claim_preview(now), clock=ticking(now, lambda: None, die))
    assert claim_preview(now) is None
    later = now + timedelta(minutes=2)
    run_preview(claim_preview(later), clock=lambda: later)
    shown = get_preview(held, now=later)
    assert (shown.preview.counts, shown.counted_at) == (WHOLE, later)


def test_a_worker_that_slept_writes_over_nobody(held, now):
    later = now + timedelta(minutes=2)

    looks = []

    def waking():
        looks.append(1)
        if len(looks) == 2:
            run_preview(claim_preview(later), clock=lambda: later)
        assert len(looks) < 3, "it went on with what another had finished"
        return now

    run_preview(claim_preview(now), clock=waking)
    shown = get_preview(held, now=later)
    assert (shown.preview.counts, shown.counted_at) == (WHOLE, later)


def test_an_unexpected_error_is_told_and_the_draft_can_still_run(held, now, who, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Chunk, "decide", lambda self: 1 / 0)
        run_preview(claim_preview(now), clock=lambda: now)
    shown = get_preview(held, now=now)
    assert "ZeroDivisionError" in shown.error
    assert (shown.is_running, shown.is_partial) == (False, True)
    assert claim_preview(now + timedelta(days=1)) is None
    renew_preview(**who, lead_import=held)
    run_preview(claim_preview(now), clock=lambda: now)
    assert get_preview(held, now=now).preview.counts == WHOLE


def counted(page: str) -> list[str]:
    return re.findall(r'kpi-value">([\d,]+)<', page)


def test_the_page_of_a_long_list(laid, signed_in):
    client = signed_in(laid)
    send(client, SIX, list_name="Absentee")
    held = newest(laid)
    live = step("preview_counted", held)
    page = client.get(step("preview", held)).content.decode()
    assert counted(page) == ["2", "0", "0", "0", "0"]
    assert f'hx-get="{live}"' in page
    assert "<strong>2</strong> of 6 rows looked at" in page
    assert client.get(live).status_code == 204
    preview_drafts()
    answer = client.get(live, headers={"HX-Request": "true"}).content.decode()
    assert counted(answer) == ["4", "0", "0", "1", "1"]
    assert "hx-get" not in answer
    assert "Preview complete" in answer
    page = client.get(step("preview", held)).content.decode()
    assert "All 6 rows looked at" in page
    assert "No property address" in page

    assert client.post(step("look_again", held))["Location"] == step("preview", held)
    assert "2</strong> of 6 rows" in client.get(step("preview", held)).content.decode()
    assert client.post(step("start", held))["Location"] == step("detail", held)
    gone = client.get(live)
    assert gone["HX-Redirect"] == step("detail", held)
    assert client.post(step("look_again", held))["Location"] == step("detail", held)


def test_it_is_for_members_who_may_import(laid, other_workspace, held, signed_in):
    viewer = signed_in(laid, "dispositions")
    assert viewer.get(step("preview_counted", held)).status_code == 204
    assert viewer.post(step("look_again", held)).status_code == 403
    stranger = signed_in(other_workspace)
    assert stranger.get(step("preview_counted", held)).status_code == 404
    assert stranger.post(step("look_again", held)).status_code == 404


def test_a_draft_of_before_can_be_looked_at_whole(laid, held, signed_in):
    ImportPreview.objects.all().delete()
    client = signed_in(laid)
    page = client.get(reverse("deals:import_preview", args=[held.public_id])).content.decode()
    assert "its first 2 of 6 rows" in page
    assert "Look at all rows" in page
    client.post(step("look_again", held))
    preview_drafts()
    page = client.get(step("preview", held)).content.decode()
    assert counted(page) == ["4", "0", "0", "1", "1"]
    assert LeadImport.objects.in_workspace(laid).count() == 1
