"""Undoing an import: exactly what was there before, except for what people touched since."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.contacts.actions.suggesting import suggest_merges
from apps.contacts.models import Contact, EmailAddress, MergeSuggestion, Phone
from apps.deals.actions import edit_property, move_deal, score_deals
from apps.deals.ingestion import undo as undo_module
from apps.deals.ingestion import worker
from apps.deals.ingestion.due import claim_undo
from apps.deals.ingestion.marks import find_or_create_list
from apps.deals.ingestion.queries import list_kept
from apps.deals.ingestion.undo import NotUndoable, run_undo, undo_batch, undo_import
from apps.deals.models import (
    Deal,
    DealParty,
    ImportRow,
    LeadImport,
    ListMembership,
    Property,
    Signal,
    Stage,
)
from apps.deals.replay import Replay
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house
from tests.deals.ingestion.test_preview import ROWS, draft  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
TABLES = (Property, Deal, DealParty, Contact, Phone, EmailAddress, ListMembership, Signal)


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row an import writes."""
    return {
        model.__name__: list(model.across_workspaces.order_by("pk").values()) for model in TABLES
    }


@pytest.fixture
def undo(laid, system, now):
    def run(held: LeadImport) -> LeadImport:
        begun = undo_import(workspace=laid, actor=system, lead_import=held, now=now)
        return run_undo(begun, clock=lambda: now)

    return run


def lead(n: int, **cells: str) -> dict[str, str]:
    return house(APN=f"A {n}", Address=f"{n} Oak St", Mailing_Address=f"{n} Oak St", **cells)


def test_a_first_import_leaves_nothing(take, undo, laid):
    empty = dump()
    done = undo(take(as_csv([lead(n, Phone_1="2035550101") for n in range(450)])))
    assert (done.state, done.undone_count, done.kept_count) == ("undone", 450, 0)
    assert dump() == empty
    assert not list(Replay().differences(laid))
    names = Event.objects.filter(name__startswith="deals.deal_removed").count()
    assert names == 450


def test_created_and_updated_rows_of_one_file(take, undo, laid, draft, system, now):  # noqa: F811
    take(as_csv([lead(n, Phone_1="2035550101", Email_1="a@example.com") for n in range(1, 6)]))
    before = dump()
    lists = find_or_create_list(laid.pk, "High Equity")
    held = draft(
        as_csv(
            [
                lead(1, Phone_1="2035550101", Phone_1_DNC="State DNC", Phone_2="2035550102"),
                lead(2, Owner_1_First_Name="Mocka", Phone_1="2035550103", Email_1="b@example.com"),
                lead(3, **{"Est. Value": "1", "Do Not Mail": "Yes", "Litigator": "Yes"}),
                lead(4, Owner_2_First_Name="Ada", Owner_2_Last_Name="Fakely", City="Hamden"),
                lead(5) | {"Mailing Address": "77 New Rd"},
                lead(6),
                house(APN="A 7", Address="7 Oak St", Mailing_Address="1 Oak St"),
            ]
        ),
        lead_list=lists,
    )
    done = worker.run_import(held, clock=lambda: now)
    assert (done.created_count, done.updated_count) == (2, 5)
    assert dump() != before
    assert undo(done).kept_count == 0
    assert dump() == before
    assert not list(Replay().differences(laid))


def test_what_people_touched_stays_and_is_listed(take, undo, laid, system, now):
    first = take(as_csv([lead(n) for n in range(1, 6)]))
    deals = list(Deal.objects.in_workspace(laid).order_by("pk"))
    edit_property(workspace=laid, actor=system, deal=deals[0], changes={"bedrooms": "3"}, now=now)
    stage = Stage.objects.in_workspace(laid).get(kind="offered")
    move_deal(workspace=laid, actor=system, deal=deals[1], to=stage, reason="Called", now=now)
    contact = deals[2].seller
    contact.name = "Renamed"
    contact.save()
    take(as_csv([lead(4, **{"Est. Value": "9"})]))
    done = undo(first)
    assert (done.undone_count, done.kept_count) == (2, 3)
    kept, more = list_kept(done)
    assert more is None
    assert [row.row_no for row in kept] == [2, 3, 5]
    assert "edited" in kept[0].reason
    assert Deal.objects.in_workspace(laid).count() == 3
    # A person gave the contact another name: it stays, without a deal.
    assert Contact.objects.in_workspace(laid).filter(name="Renamed").exists()
    assert not list(Replay().differences(laid))


def test_scores_and_stages_of_the_house_are_no_edit(take, undo, laid, system, now, deliver):
    held = take(
        as_csv([lead(1, **{"Est. Remaining balance of Open Loans": "0", "Total Open Loans": "0"})])
    )
    deliver()
    deal = Deal.objects.in_workspace(laid).get()
    score_deals(workspace=laid, actor=system, deals=[deal.public_id], now=now)
    assert undo(held).undone_count == 1
    deliver()
    assert not Deal.objects.in_workspace(laid).exists()
    assert not list(Replay().differences(laid))


def test_a_suggested_merge_is_no_edit(take, undo, laid, system, now):
    empty = dump()
    held = take(as_csv([lead(n, **{"Mailing Address": f"{n} Main St"}) for n in (1, 2)]))
    keys = list(Contact.objects.in_workspace(laid).values_list("pk", flat=True))
    suggest_merges(workspace=laid, actor=system, contact_ids=keys, now=now)
    assert MergeSuggestion.objects.in_workspace(laid).exists()
    assert undo(held).undone_count == 2
    assert dump() == empty


def test_a_later_import_that_was_undone_itself_is_no_edit(take, undo):
    empty = dump()
    first = take(as_csv([lead(1)]))
    second = take(as_csv([lead(1, Phone_1="2035550101", **{"Est. Value": "9"})]))
    between = undo(first)
    assert (between.undone_count, between.kept_count) == (0, 1)
    third = take(as_csv([lead(2)]))
    fourth = take(as_csv([lead(2, **{"Est. Value": "9"})]))
    undo(fourth)
    assert undo(third).undone_count == 1
    assert undo(second).undone_count == 1
    # The first import was waiting for the second.
    first.refresh_from_db()
    assert (first.undone_count, first.kept_count) == (1, 0)
    assert dump() == empty


def test_an_owner_of_several_parcels_goes_with_the_last(take, undo, laid):
    same = {"Mailing Address": "5 Main St"}
    first = take(as_csv([lead(1) | same]))
    second = take(as_csv([lead(2) | same, lead(3) | same]))
    before_second = Contact.objects.in_workspace(laid).count()
    undo(second)
    assert Contact.objects.in_workspace(laid).count() == before_second == 1
    undo(first)
    assert Contact.objects.in_workspace(laid).count() == 0


def test_the_next_worker_goes_on_with_a_killed_undoing(take, laid, system, now, monkeypatch):
    monkeypatch.setattr(undo_module, "UNDO_ROWS", 4)
    empty = dump()
    held = take(as_csv([lead(n) for n in range(10)]))
    begun = undo_import(workspace=laid, actor=system, lead_import=held, now=now)
    assert claim_undo(now).pk == held.pk
    undo_batch(workspace=laid, actor=system, lead_import=begun, now=now)
    assert Property.objects.in_workspace(laid).count() == 6
    assert claim_undo(now) is None
    later = now + timedelta(minutes=5)
    done = run_undo(claim_undo(later), clock=lambda: later)
    assert (done.state, done.undone_count) == ("undone", 10)
    assert dump() == empty
    again = undo_import(workspace=laid, actor=system, lead_import=held, now=now)
    assert again.state == "undone"


def test_a_running_import_cannot_be_undone(laid, system, now, draft):  # noqa: F811
    held = draft(as_csv([lead(1)]))
    with pytest.raises(NotUndoable, match="queued"):
        undo_import(workspace=laid, actor=system, lead_import=held, now=now)


@given(files=st.lists(ROWS, min_size=2, max_size=3), small=st.integers(1, 9))
@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_the_last_of_any_files_is_undone_exactly(laid, system, now, draft, files, small):  # noqa: F811
    from django.db import transaction

    with transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(worker, "CHUNK_ROWS", small)
            patch.setattr(undo_module, "UNDO_ROWS", random.Random(small).randint(1, 5))
            dumps = []
            imports = []
            for rows in files:
                dumps.append(dump())
                imports.append(worker.run_import(draft(as_csv(rows)), clock=lambda: now))
            for held, before in zip(imports[::-1], dumps[::-1], strict=True):
                begun = undo_import(workspace=laid, actor=system, lead_import=held, now=now)
                assert run_undo(begun, clock=lambda: now).kept_count == 0
                assert dump() == before
            assert not list(Replay().differences(laid))
            assert not ImportRow.objects.filter(property__isnull=False).exists()
        transaction.set_rollback(True)


@given(
    files=st.lists(ROWS, min_size=2, max_size=4),
    order=st.randoms(use_true_random=False),
    small=st.integers(1, 9),
)
@settings(
    max_examples=30, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_when_all_are_undone_in_any_order_nothing_is_left(
    laid, system, now, draft, files, order, small  # noqa: F811
):  # fmt: skip
    from django.db import transaction

    with transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(undo_module, "UNDO_ROWS", small)
            empty = dump()
            tax = find_or_create_list(laid.pk, "Tax roll")
            imports = []
            for day, rows in enumerate(files):
                held = draft(as_csv(rows), lead_list=order.choice((tax, None)))
                held.as_of = (now + timedelta(days=day)).date()
                held.save()
                imports.append(worker.run_import(held, clock=lambda: now))
            order.shuffle(imports)
            for held in imports:
                begun = undo_import(workspace=laid, actor=system, lead_import=held, now=now)
                run_undo(begun, clock=lambda: now)
            assert dump() == empty
            assert not list(Replay().differences(laid))
            for held in imports:
                held.refresh_from_db()
                assert held.kept_count == 0
        transaction.set_rollback(True)
