"""Undoing what feeds and webhooks brought, while later runs told of the same houses again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.contacts.models import Contact, Phone
from apps.deals.feeds.calls.worker import process_calls
from apps.deals.ingestion import worker
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.queries import list_kept
from apps.deals.ingestion.undo import run_undo, undo_import
from apps.deals.ingestion.worker import run_import
from apps.deals.models import Deal, LeadImport, ListMembership, Property, Signal
from apps.deals.replay import Replay
from tests.deals.feeds.conftest import Said
from tests.deals.ingestion.test_undo import dump
from tests.deals.webhooks.conftest import intake_clock, website  # noqa: F401 - fixtures
from tests.deals.webhooks.sender import lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(now):
    """apply(at) -> the imports that waited, run to their end."""

    def run(at=now) -> list[LeadImport]:
        while process_calls(lambda: at):
            pass
        done = []
        while held := claim_import(at):
            done.append(run_import(held, clock=lambda: at))
        return done

    return run


@pytest.fixture
def undo(system, now):
    def run(held: LeadImport) -> LeadImport:
        held.refresh_from_db()
        begun = undo_import(workspace=held.workspace, actor=system, lead_import=held, now=now)
        return run_undo(begun, clock=lambda: now)

    return run


@pytest.fixture
def county(make_source, vendor, poll, apply, now):
    """county(rows) -> the import of one more run of a county's table."""
    make_source(
        "socrata",
        {
            "url": f"{vendor.url}/resource/abcd-1234",
            "mapping": {"addr": "line", "value": "est_value_amount", "told": "signals",
                        "owner": "owner_name", "phone": "phone_1", "list": "lists"},
            "fixed": {"city": "Derby", "state": "CT", "zip": "06418"},
        },
        every_minutes=60,
    )  # fmt: skip
    turns = iter(range(1, 100))

    def run(*rows: dict[str, str]) -> LeadImport:
        turn = next(turns)
        at = now + timedelta(days=turn)
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        vendor.clock = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
        vendor.reply = lambda asked: Said(
            [{":id": f"row-{turn}-{n}", ":updated_at": stamp, **row} for n, row in enumerate(rows)]
        )
        poll(at)
        [done] = apply(at)
        return done

    return run


ELM = {"addr": "12 Elm St", "value": "200000", "owner": "Pat Sample"}


def test_a_run_of_a_feed_is_undone_whole(county, undo):
    empty = dump()
    done = undo(county(ELM, {**ELM, "told": "violation:2026-05-01"}, {**ELM, "addr": "14 Elm St"}))
    assert (done.state, done.kept_count) == ("undone", 0)
    assert dump() == empty


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1)])
def test_runs_that_repeat_a_house_leave_nothing_when_all_are_undone(county, undo, order):
    empty = dump()
    runs = [
        county(ELM),
        county({**ELM, "told": "violation:2026-05-01", "phone": "203-555-0101"}),
        county({**ELM, "told": "violation:2026-05-01", "phone": "203-555-0101"}),
    ]
    for at in order:
        assert undo(runs[at]).state == "undone"
    assert dump() == empty
    assert not list(Replay().differences(runs[0].workspace))


def test_what_a_later_run_says_too_stays_with_its_reason(county, undo):
    """The second run changed nothing, so nothing but its row shows that it said so as well."""
    county(ELM)
    news = {**ELM, "value": "210000", "told": "violation:2026-05-01", "phone": "203-555-0101"}
    told, again = county(news), county(news)
    done = undo(told)
    assert (done.undone_count, done.kept_count) == (0, 1)
    assert "later list or source" in list_kept(done)[0][0].reason
    assert Property.across_workspaces.get().est_value_amount == 210_000
    assert Signal.across_workspaces.count() == Phone.across_workspaces.count() == 1
    undo(again)
    told.refresh_from_db()
    assert (told.undone_count, told.kept_count) == (1, 0)
    assert Property.across_workspaces.get().est_value_amount == 200_000
    assert Signal.across_workspaces.count() == Phone.across_workspaces.count() == 0


def test_a_number_that_another_house_of_the_owner_repeats_stays(county, undo):
    owned = {**ELM, "phone": "203-555-0101"}
    first = county({**ELM, "addr": "16 Elm St"}, ELM)
    told = county(owned)
    again = county({**owned, "addr": "16 Elm St"})
    undo(told)
    assert Phone.across_workspaces.count() == 1
    undo(again)
    assert Phone.across_workspaces.count() == 0
    undo(first)
    assert not Contact.across_workspaces.exists()


def test_cases_closed_in_several_chunks_of_one_run_are_all_open_again(county, undo, monkeypatch):
    county(*({**ELM, "told": f"violation#{n}:2026-05-01"} for n in range(4)))
    monkeypatch.setattr(worker, "CHUNK_ROWS", 1)
    before = dump()
    closed = county(*({**ELM, "told": f"violation#{n}:2026-05-01/2026-06-15"} for n in range(4)))
    assert Signal.across_workspaces.filter(ended_on=None).count() == 0
    assert undo(closed).kept_count == 0
    assert dump()["Signal"] == before["Signal"]


def test_a_place_seen_again_later_keeps_its_days(county, undo):
    """Undoing the run in the middle sets the last one's former days back, not today's."""
    runs = [county({**ELM, "list": "Tired landlords"}) for _ in range(3)]
    held = ListMembership.across_workspaces.get()
    assert held.last_seen_on == runs[2].as_of
    undo(runs[1])
    held.refresh_from_db()
    assert held.last_seen_on == runs[2].as_of
    undo(runs[2])
    held.refresh_from_db()
    assert held.last_seen_on == runs[0].as_of < runs[1].as_of


def test_leads_of_a_web_form_go_with_their_import(website, apply, undo, deliver):  # noqa: F811
    empty = dump()
    website.call([lead(1), lead(2)])
    [done] = apply()
    deliver()
    undone = undo(done)
    assert (undone.undone_count, undone.kept_count) == (2, 0)
    assert dump() == empty


@pytest.mark.parametrize("is_first_undone_first", [True, False])
def test_the_same_lead_sent_again_holds_it_until_both_are_undone(
    website, apply, undo, deliver, is_first_undone_first  # noqa: F811
):  # fmt: skip
    empty = dump()
    website.call(lead(1))
    [first] = apply()
    website.call(lead(1, utm_source="again"))
    [second] = apply()
    deliver()
    pair = (first, second) if is_first_undone_first else (second, first)
    undo(pair[0])
    assert Deal.across_workspaces.count() == 1
    assert ListMembership.across_workspaces.count() == 1
    undo(pair[1])
    assert dump() == empty


def test_a_feed_and_a_form_of_one_house(county, website, apply, undo):  # noqa: F811
    """The feed's house stays with what the feed said when the form's lead is undone."""
    county({"addr": "12 Elm St", "value": "200000", "owner": "Olga Owner"})
    before = dump()
    website.call(lead(12, city="Derby", zip="06418"))
    [form] = apply()
    assert dump() != before
    assert undo(form).kept_count == 0
    assert dump() == before
